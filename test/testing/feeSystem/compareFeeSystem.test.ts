import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type ComparisonOptions,
  type ComparisonProgress,
  compareFeeSystem,
  processFeeSystem,
} from '../../../src/testing/index.js';
import { describeWith } from '../../support/programs.js';

const folder = fileURLToPath(new URL('../../../examples/process/', import.meta.url));
const few = { runs: 50, maxSteps: 6, seed: 1 };

/** Compares an adapter of the examples, with some of its defects. */
async function compared(
  command: string,
  file: string,
  bugs: string,
  against: ComparisonOptions['against'] = 'account',
) {
  const environment = { ...process.env, BUGS: bugs };
  // The program may need any time to start.
  const given = { folder, environment, replyTimeoutMs: 600_000 };
  const system = await processFeeSystem(command, [file], given);
  try {
    return await compareFeeSystem(system, { ...few, against });
  } finally {
    await system.close();
  }
}

const differences = (results: Awaited<ReturnType<typeof compared>>) =>
  Object.fromEntries(
    results.cases.flatMap(({ title, difference }) =>
      difference === null ? [] : [[title.split(/ as our| within/)[0], difference]],
    ),
  );

const adapters = [
  {
    command: 'python3',
    file: 'fees.py',
    defects: {
      cents: ['charges fees and takes payments', /\n> owed on f1 +\d+\.\d\d +\d+\.\d\d\n/],
      twice: [
        'executes a request once that is delivered twice,',
        /is paid for f1, and this is delivered twice/,
      ],
    },
  },
  {
    command: 'perl',
    file: 'fees.pl',
    defects: {
      overpaid: ['charges fees and takes payments', /is paid for f1 \(we refuse\)/],
      disputed: ['disputes and restores fees', /is disputed\n3\. p3: .*\(we refuse\)/],
    },
  },
] as const;

for (const { command, file, defects } of adapters)
  describeWith([command], `the adapter in ${command} of the examples`, () => {
    it('the sample system passes the comparison without its defects', async () => {
      expect(differences(await compared(command, file, ''))).toEqual({});
    });

    it('the sample system breaks a law with its defects', async () => {
      expect(differences(await compared(command, file, '', 'laws'))).toEqual({});
      const found = differences(await compared(command, file, Object.keys(defects).join(), 'laws'));
      expect(Object.values(found)[0]).toMatch(/^The fee system breaks a law\./);
    });

    it.each(Object.entries(defects))(
      'the sample system fails the comparison with the defect %s',
      async (bug, [title, message]) => {
        const found = differences(await compared(command, file, bug));
        expect(found[title]).toMatch(message);
      },
    );

    it('the sample system has at most 60 lines', () => {
      expect(readFileSync(`${folder}${file}`, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    });
  });

describe('compareFeeSystem', () => {
  it('runs every case, also after one that failed, and reports its progress', async () => {
    const seen: ComparisonProgress[] = [];
    const results = await compareFeeSystem(
      {
        description: { protocol: 1, name: 'stubborn', capabilities: ['waive'] },
        open: async () => ({
          assess: async () => ({ accepted: false }),
          pay: async () => ({ accepted: false }),
          balances: async () => ({ fees: [] }),
        }),
        close: async () => {},
      },
      { ...few, onProgress: (progress) => seen.push(progress) },
    );
    expect(results).toMatchObject({ name: 'stubborn', passed: false });
    expect(results.cases.map(({ difference }) => difference?.split('\n')[0])).toEqual(
      Array(2).fill('The fee system differs from our account.'),
    );
    expect(seen.map(({ number }) => number)).toEqual([...seen.map(({ number }) => number)].sort());
    expect(seen.at(-1)).toMatchObject({ number: 2, cases: 2, title: results.cases[1]?.title });
    expect(results.cases.map(({ stories }) => stories > 0)).toEqual([true, true]);
  });
});
