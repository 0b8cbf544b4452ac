// Mutation testing, which scripts/mutation.ts starts for one layer at a time (`npm run test:mutation`).
export default {
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  // Related tests only would leave out test/entryPoints.test.ts, which imports by a name it reads from a file.
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: `${process.env.MUTATION_REPORT ?? '.mutation'}/mutants.json` },
  htmlReporter: { fileName: `${process.env.MUTATION_REPORT ?? '.mutation'}/mutants.html` },
  tempDirName: '.mutation/sandbox',
  ignorePatterns: [
    'docs',
    'examples',
    'coverage',
    'dist',
    'site',
    '.mutation',
    '.blocks',
    'test/stores',
    'test/interop',
    'test/history',
  ],
  thresholds: { high: 95, low: 95, break: 95 },
  // A mutant that loops for ever is stopped after this and one and a half times what its tests usually take.
  timeoutMS: 5_000,
  disableTypeChecks: false,
};
