import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { entryPoints } from './entryPoints.js';
import { useOwnServers } from './test/support/ownServers.js';
import { useOwnTemporaryFolder } from './test/support/ownTemporaryFolder.js';
import { WaitingFilesFirst } from './test/support/waitingFilesFirst.js';

useOwnServers(process.env);
useOwnTemporaryFolder(process.env);

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url));

/** Tests, examples and documentation import the package by its name and get the source, built or not. */
const alias = [
  ...entryPoints.map(({ specifier, source }) => ({
    find: new RegExp(`^${specifier}$`),
    replacement: path(source),
  })),
  { find: /^@electric-sql\/pglite$/, replacement: path('./test/support/pglite.ts') },
];

/** The domain: a line of it that no test runs may be a rule that nobody checked. */
const fullyCovered = ['input', 'money', 'policy', 'overdue', 'account', 'views'].map(
  (layer) => `src/${layer}/**`,
);

/**
 * `IN_FULL=1`, as `.ci/run` has it, adds what `npm test` would take too long with: that the packed package works, that the
 * types are as the tests of types say, that the domain is covered, the examples with all their patrons, and
 * {@link leftToTheGate}.
 */
const inFull = process.env.IN_FULL === '1';

/**
 * What a plain `npm test` leaves to the gate: what is the same wherever it runs, or repeats what it runs already. Each of these
 * runs when it is named (`npx vitest run test/soak`), and `IN_FULL=1` runs all.
 */
const leftToTheGate = [
  // The tests of the tests: that laws, suites and comparisons find planted faults.
  'test/{soak,bench,pictures}/**',
  'test/peers/{peers,malformed,falseScenarios}.test.ts',
  'test/support/{natsServers,programs}.test.ts',
  'test/laws/{distribution,oldRules,plantedFaults,worlds}.test.ts',
  'test/testing/online/plantedFaults.test.ts',
  'test/testing/conformance/{readAllCases,contentCases,inlineCases,purgeCases,redactCases}.test.ts',
  'test/testing/feeSystem/{compareFeeSystem,feeSystemConformance,processFeeSystem,runLawfulStory}.test.ts',
  'test/testing/feeSystem/{kohaFeeSystem,folioFeeSystem,sip2FeeSystem}.test.ts',
  'test/testing/explore/{canonicalForm,visitEvery}.test.ts',
  'test/cli/commands/{compare,explore}.test.ts',
  // The same rules over a further store, server or format.
  'test/stores/{rebuiltTable,copiedTimes,mergedAccounts,wrongDatabase}.test.ts',
  'test/stores/keys/{keyedEventStore,erasedEverywhere,sealedStreams}.test.ts',
  'test/stores/postgres/{poolers,isolation,smallPools,tableBuilds,lostConnections}.test.ts',
  'test/stores/sqlite/{tableBuilds,sweep}.test.ts',
  'test/stores/feed/asyncApi.test.ts',
  'test/cli/{servers,commands/copy}.test.ts',
  'test/seals/{everyStore,manipulations,honestHistories}.test.ts',
  'test/books/journal/closedPeriods.test.ts',
  'test/jobs/{shardUnion,fourCurrencies}.test.ts',
  // Many processes, or thousands of requests, for one sentence.
  'test/interop/doorLeaks.test.ts',
  'test/patron/randomPairs.test.ts',
  'test/desk/mails.test.ts',
  // What is generated from the types, against its generator.
  'test/schemas/schemas.test.ts',
];

const isPlainTest = !inFull && process.env.npm_lifecycle_event === 'test';

/** A test fails for what it finds, not for how slow the machine is: these times only end what hangs. */
export const patience = {
  testTimeout: 1_200_000,
  hookTimeout: 1_200_000,
  expect: { poll: { timeout: 600_000 } },
};

const packagedTests: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'package',
    include: ['test/package/**/*.test.ts'],
    globalSetup: './test/package/packedPackage.ts',
  },
};

export default defineConfig({
  resolve: { alias },
  // The code blocks written out by the documentation test must not start a watched run again.
  server: { watch: { ignored: ['**/.blocks/**', '**/dist/**'] } },
  test: {
    ...patience,
    // One more than there are processors: some tests wait for servers and for the clock.
    maxWorkers: availableParallelism() + 1,
    setupFiles: [path('./test/support/globalSeed.ts'), path('./test/support/afterEachFile.ts')],
    env: {
      ...(inFull ? {} : { PATRONS: '300' }),
      ...(isPlainTest && process.env.FC_RUNS === undefined ? { FC_RUNS: '1/50' } : {}),
    },
    sequence: { sequencer: WaitingFilesFirst },
    reporters: ['default', path('./test/support/closingLineReporter.ts')],
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/**', ...(isPlainTest ? leftToTheGate : [])],
          // Loading the source anew for each file would take longer than most files do; what a test changes it puts back.
          isolate: false,
          typecheck: { enabled: inFull, include: ['test/types/**/*.test-d.ts'] },
        },
      },
      ...(inFull ? [packagedTests] : []),
    ],
    coverage: {
      enabled: inFull,
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['**/*.d.ts'],
      // Only the files that are not covered in full; the pages of `npm run coverage` show their lines.
      reporter: [['text', { skipFull: true }]],
      thresholds: Object.fromEntries(fullyCovered.map((glob) => [glob, { lines: 100, branches: 100 }])),
    },
  },
});
