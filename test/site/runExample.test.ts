import { describe, expect, it } from 'vitest';
import { runsInBrowser } from '../../scripts/apiPages/tryIt/examples.js';
import { type Outcome, runExample } from '../../scripts/apiPages/tryIt/runExample.js';
import { sameValue, showValue } from '../../scripts/apiPages/tryIt/showValue.js';

async function run(code: string, before = ''): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const refused = Object.assign(new Error('A fee needs an owner.'), { code: 'NO_OWNER' });
  const modules = {
    fees: {
      owed: (amount: number) => amount - 1,
      refuse: () => {
        throw refused;
      },
    },
  };
  await runExample(code, before, modules, (outcome) => outcomes.push(outcome));
  return outcomes;
}

const lines = (...texts: string[]) => texts.join('\n');

describe('an example', () => {
  it('shows the values of its expressions, with types left out, and compares them with those it names', async () => {
    const code = lines(
      "import { owed, type Fee } from 'fees';",
      'const left: number = owed(5); //=> 4',
      'for (const each of [1]) owed(each) satisfies Fee; //=> 1',
      '({ a: [left], b: undefined });',
      '//=> {',
      '//     a: [4],',
      '//   }',
      'left; //=> 4',
      "import type { Other } from 'fees';",
      'left; //=> 4',
      'interface Kind { readonly name: string }',
      'left',
    );
    expect(await run(code)).toEqual([
      { kind: 'result', line: 2, source: 'left', shown: '4' },
      { kind: 'result', line: 3, source: 'owed(each)', shown: '0', expected: '1' },
      { kind: 'result', line: 4, source: '{ a: [left], b: undefined }', shown: '{ a: [4] }' },
      ...[8, 10, 12].map((line) => ({ kind: 'result', line, source: 'left', shown: '4' })),
      { kind: 'done', asDocumented: 4, otherwise: 1 },
    ]);
  });

  it('compares codes of errors, thrown or from a promise', async () => {
    const code = lines(
      "import { owed, refuse } from 'fees';",
      'refuse(); //=> throws NO_OWNER',
      'await (async () => refuse())(); //=> throws NO_OWNER',
      'owed(1); //=> throws NO_OWNER',
    );
    const shown = 'NO_OWNER: A fee needs an owner.';
    expect(await run(code)).toEqual([
      { kind: 'result', line: 2, source: 'refuse()', shown },
      { kind: 'result', line: 3, source: 'await (async () => refuse())()', shown },
      {
        kind: 'result',
        line: 4,
        source: 'owed(1)',
        shown: 'nothing was thrown',
        expected: 'throws NO_OWNER',
      },
      { kind: 'done', asDocumented: 2, otherwise: 1 },
    ]);
  });

  it('ends at an error with its line, also one of the code above it', async () => {
    expect(await run('1 + 1;\nmissing.at;')).toEqual([
      { kind: 'result', line: 1, source: '1 + 1', shown: '2' },
      { kind: 'error', line: 2, message: 'ReferenceError: missing is not defined' },
    ]);
    expect(await run('1;', "import { refuse } from 'fees';\nrefuse();\n")).toEqual([
      { kind: 'error', message: 'NO_OWNER: A fee needs an owner.' },
    ]);
    expect(await run("import { nothing } from 'fees';\nnothing();")).toEqual([
      { kind: 'error', line: 1, message: '"nothing" is not in fees, or it needs Node.' },
    ]);
    expect(await run('let a = ;')).toMatchObject([{ kind: 'error', line: 1 }]);
  });

  it('shows nothing of the code above it, and no more than a page can hold', async () => {
    const above = "const text = 'above';\nconsole.log(text);\ntext; //=> 'other'\n";
    expect(await run('console.log(text, { a: 1 });', above)).toEqual([
      { kind: 'log', shown: 'above { a: 1 }' },
      { kind: 'done', asDocumented: 0, otherwise: 0 },
    ]);
    expect((await run('for (let i = 0; i < 9000; i += 1) console.log(i);')).length).toBe(502);
  });
});

it('shows values as an example writes them', () => {
  const circular: Record<string, unknown> = { list: [] };
  circular.own = circular;
  expect(
    [
      'it’s',
      "it's",
      -0,
      10n,
      null,
      new Map([['a', { b: 1 }]]),
      new Set([1]),
      new Date(0),
      new TypeError('no'),
      new Uint8Array(2),
      circular,
      { 'a-b': [] },
      [],
      {},
    ].map((value) => showValue(value)),
  ).toEqual([
    "'it’s'",
    '"it\'s"',
    '-0',
    '10n',
    'null',
    "new Map([['a', { b: 1 }]])",
    'new Set([1])',
    "new Date('1970-01-01T00:00:00.000Z')",
    'TypeError: no',
    '[2 bytes]',
    '{ list: [], own: [itself] }',
    "{ 'a-b': [] }",
    '[]',
    '{}',
  ]);
  expect(showValue({ first: 'x'.repeat(60), second: ['y'.repeat(40)] })).toBe(
    `{\n  first: '${'x'.repeat(60)}',\n  second: ['${'y'.repeat(40)}'],\n}`,
  );
  expect(sameValue({ a: 1, b: undefined, c: { d: 2, e: 3 } }, { c: { e: 3, d: 2 }, a: 1 })).toBe(true);
  expect(sameValue({ a: 1 }, { a: '1' })).toBe(false);
});

it('has a button if all that it imports runs in a browser; a name that is no value is a type', () => {
  const exports = new Map([
    [
      'fees',
      new Map([
        ['owed', true],
        ['runPurge', false],
      ]),
    ],
  ]);
  const runs = (code: string) => runsInBrowser(code, exports);
  expect(runs("import { owed, type Fee, Policy } from 'fees';")).toBe(true);
  expect(runs("import type { Any } from 'elsewhere';\nimport { owed as left } from 'fees';")).toBe(true);
  for (const code of [
    "import { owed, runPurge } from 'fees';",
    "import { runPurge as owed } from 'fees';",
    "import { readFileSync } from 'node:fs';\nimport { owed } from 'fees';",
    "import * as fees from 'fees';",
    "import fees from 'fees';",
    'const alone = 1;',
  ])
    expect([code, runs(code)]).toEqual([code, false]);
});
