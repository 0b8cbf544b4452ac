import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { entryPoints } from '../entryPoints.js';
import * as rules from './support/architecture/rules.js';
import { typesOfUnion } from './support/compiler.js';
import { filesUnder } from './support/filesUnder.js';

const root = fileURLToPath(new URL('../', import.meta.url));

const sources = new Map(
  filesUnder(root, 'src')
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const),
);
const entryFiles = entryPoints.map(({ source }) => source.replace('./', ''));
const tests = filesUnder(root, 'test');

/** A rule with an example that breaks it, which shows that the rule can fail. */
interface House {
  readonly sentence: string;
  readonly rule: rules.Rule;
  readonly broken: Readonly<Record<string, string>>;
  readonly findings: readonly string[];
}

const impure = [
  '// Date.now() in a comment is no call',
  "new Date(at); total.toLocaleString('en'); new Intl.NumberFormat(locale);",
  'Date.now();',
  'Math.random();',
  'new Date();',
  'total.toLocaleString();',
  'new Intl.NumberFormat();',
  'setAutoFreeze(false);',
  'immer.enableMapSet();',
];

const house: readonly House[] = [
  {
    sentence: 'a layer imports only itself and the layers below it',
    rule: rules.layersImportOnlyLowerLayers,
    broken: { 'src/money/money.ts': "import type { Fee } from '../account/fee.js';" },
    findings: ['src/money/money.ts (money) imports src/account/fee.ts (account)'],
  },
  {
    sentence: 'adapters do not import each other',
    rule: rules.layersImportOnlyLowerLayers,
    broken: { 'src/stores/sqlite.ts': "export { law } from '../testing/laws.js';" },
    findings: ['src/stores/sqlite.ts (stores) imports src/testing/laws.ts (testing)'],
  },
  {
    sentence: 'nothing imports an entry point, which may import everything',
    rule: rules.layersImportOnlyLowerLayers,
    broken: {
      'src/jobs/runAccrual.ts': "import { executeTill } from '../office/index.js';",
      'src/office/index.ts': "export { runTillReport } from '../jobs/runTillReport.js';",
    },
    findings: ['src/jobs/runAccrual.ts imports the entry point src/office/index.ts'],
  },
  {
    sentence: 'every source folder is a layer',
    rule: rules.everyFolderIsALayer,
    broken: { 'src/services/feeService.ts': '' },
    findings: ['src/services/feeService.ts is in no layer'],
  },
  {
    sentence: 'imports have no cycles',
    rule: rules.noCircularImports,
    broken: {
      'src/account/a.ts': "import { b } from './b.js';",
      'src/account/b.ts': "import { c } from './c.js';",
      'src/account/c.ts': "import type { A } from './a.js';",
    },
    findings: ['src/account/a.ts -> src/account/b.ts -> src/account/c.ts -> src/account/a.ts'],
  },
  {
    sentence: 'only money imports big.js',
    rule: rules.onlyMoneyKnowsBig,
    broken: {
      'src/account/fee.ts': "import type { Big } from 'big.js';",
      'src/money/a.ts': "import 'big.js';",
    },
    findings: ['src/account/fee.ts'],
  },
  {
    sentence: 'overdue imports money, and neither accounts nor policies',
    rule: rules.layersImportOnlyLowerLayers,
    broken: {
      'src/overdue/fineRule.ts': "import { parseAmount } from '../money/money.js';",
      'src/overdue/overdueFine.ts': "import type { Fee } from '../account/fee.js';",
      'src/overdue/reminderFees.ts': "import { feeTypeRule } from '../policy/feePolicy.js';",
    },
    findings: [
      'src/overdue/overdueFine.ts (overdue) imports src/account/fee.ts (account)',
      'src/overdue/reminderFees.ts (overdue) imports src/policy/feePolicy.ts (policy)',
    ],
  },
  {
    sentence: 'only overdue imports temporal-polyfill',
    rule: rules.onlyOverdueKnowsTemporal,
    broken: {
      'src/views/instant.ts': "import { Temporal } from 'temporal-polyfill';",
      'src/overdue/zone.ts': "import 'temporal-polyfill';",
    },
    findings: ['src/views/instant.ts'],
  },
  {
    sentence: 'only evolve imports immer',
    rule: rules.onlyEvolveKnowsImmer,
    broken: {
      'src/account/fee.ts': "import { produce } from 'immer';",
      'src/account/evolve.ts': "import 'immer';",
    },
    findings: ['src/account/fee.ts'],
  },
  {
    sentence: 'the readers of CSV and XML are loaded with the first file',
    rule: rules.readersOfFilesAreLoadedLate,
    broken: {
      'src/job/a.ts': "import type { Info } from 'csv-parse';\nconst { parse } = await import('csv-parse');",
      'src/job/b.ts': "import { type Info, parse } from 'csv-parse/sync';",
      'src/job/c.ts': "import 'saxes';",
    },
    findings: ['src/job/b.ts', 'src/job/c.ts'],
  },
  {
    sentence: 'only untilNoConflict catches the conflict of an append',
    rule: rules.onlyRetryCatchesConflicts,
    broken: {
      'src/history/eventStore.ts':
        "throw new PatronFeesError(\n  'VERSION_CONFLICT', message); // 'VERSION_CONFLICT'",
      'src/job/job.ts': "catch (error) { if (!isPatronFeesError(error, 'VERSION_CONFLICT')) throw error; }",
      'src/patron/pay.ts': "const again = error.code === 'VERSION_CONFLICT';",
    },
    findings: ['src/job/job.ts', 'src/patron/pay.ts'],
  },
  {
    sentence: 'no source file is longer than 600 lines, except data tables and entry points',
    rule: rules.noFileIsLong,
    broken: { 'src/account/decide.ts': 'x;\n'.repeat(601), 'src/index.ts': 'x;\n'.repeat(601) },
    findings: ['src/account/decide.ts has 601 lines'],
  },
  {
    sentence: 'nothing is named utils, helpers, common, shared or types',
    rule: rules.noCatchAllFolders,
    broken: { 'src/account/utils/add.ts': '', 'src/account/feeTypes.ts': '' },
    findings: ['src/account/utils/add.ts'],
  },
  {
    sentence: 'only entry points of the package are named index.ts',
    rule: rules.indexFilesOnlyAtEntryPoints(entryFiles),
    broken: { 'src/account/index.ts': '', 'src/index.ts': '' },
    findings: ['src/account/index.ts'],
  },
  {
    sentence: 'no rule, state or view uses the clock, randomness, the default locale or a global setting',
    rule: rules.domainIsPure,
    broken: { 'src/views/summary.ts': impure.join('\n'), 'src/history/execute.ts': 'Date.now();' },
    findings: [
      'src/views/summary.ts:3 Date.now',
      'src/views/summary.ts:4 Math.random',
      'src/views/summary.ts:5 new Date()',
      'src/views/summary.ts:6 total.toLocaleString()',
      'src/views/summary.ts:7 new Intl.NumberFormat()',
      'src/views/summary.ts:8 setAutoFreeze',
      'src/views/summary.ts:9 enableMapSet',
    ],
  },
];

for (const { sentence, rule, broken, findings } of house) {
  describe(sentence, () => {
    it('finds no violation in the source', () => {
      expect(rule(sources)).toEqual([]);
    });

    it('finds a violation in the example', () => {
      expect(rule(new Map(Object.entries(broken)))).toEqual(findings);
    });
  });
}

describe('a test counts only cases that are the same in every run', () => {
  it('finds no violation in the tests', () => {
    const own = ['test/architecture.test.ts', 'test/support/globalSeed.ts'];
    const files = tests.filter((path) => path.endsWith('.ts') && !own.includes(path));
    const texts = files.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
    expect(rules.casesAreNotCounted(new Map(texts))).toEqual([]);
  });

  it('finds a violation in the example', () => {
    const broken = {
      'test/a.test.ts': 'fc.assert(property, { numRuns: 50 });',
      'test/b.test.ts':
        'fc.assert(property, runs);\nexpect(outcomes.passed).toBeGreaterThan(runs.numRuns / 3);',
      'test/c.test.ts': 'fc.assert(property, { numRuns: 50, seed: 1 });\nfc.sample(moves(), 20);',
    };
    expect(rules.casesAreNotCounted(new Map(Object.entries(broken)))).toEqual([
      'test/a.test.ts: { numRuns: 50 }',
      'test/b.test.ts: runs.numRuns',
      'test/c.test.ts: fc.sample(moves(), 20)',
    ]);
  });
});

describe('modules that files of tests share have no hooks of their own', () => {
  it('finds no violation in the tests', () => {
    const files = tests.filter((path) => path.endsWith('.ts') && path !== 'test/support/afterEachFile.ts');
    const texts = files.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
    expect(rules.sharedModulesHaveNoHooks(new Map(texts))).toEqual([]);
  });

  it('finds a violation in the example', () => {
    const broken = {
      'test/a.test.ts': 'afterAll(close);',
      'test/support/a.ts': 'const folder = newFolder();\nafterAll(() => remove(folder));',
    };
    expect(rules.sharedModulesHaveNoHooks(new Map(Object.entries(broken)))).toEqual([
      'test/support/a.ts: afterAll(',
    ]);
  });
});

describe('every command has one decision, named after it', () => {
  it('finds no violation in the source', () => {
    const commands = typesOfUnion(root, 'src/account/commands/command.ts', 'Command');
    expect(commands.length).toBeGreaterThan(0);
    expect(rules.everyCommandHasItsDecision(commands)(sources)).toEqual([]);
  });

  it('finds a violation in the example', () => {
    const rule = rules.everyCommandHasItsDecision(['WaiveFees']);
    expect(rule(new Map([['src/account/decisions/waive.ts', '']]))).toEqual([
      'src/account/decisions/waiveFees.ts is missing',
      'src/account/decisions/waive.ts is not the decision of a command',
    ]);
  });
});

describe('every source file with code has a test file of the same name', () => {
  it('finds no violation in the source', () => {
    expect(rules.everySourceHasItsTest(tests)(sources)).toEqual([]);
  });

  it('finds a missing test file, and requires none for types', () => {
    const broken = new Map([
      ['src/money/split.ts', 'export const split = 1;'],
      [
        'src/money/types.ts',
        "import type { A } from './a.js';\nexport type B = A;\nexport type { C } from './c.js';",
      ],
    ]);
    expect(rules.everySourceHasItsTest([])(broken)).toEqual(['test/money/split.test.ts']);
  });
});
