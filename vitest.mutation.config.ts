import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/**
 * The tests that mutants are tried against (`npm run test:mutation`): few runs of each property, always the same ones,
 * so that a mutant that lived yesterday and dies today was killed by a test and not by luck.
 */
export default defineConfig({
  ...(base.resolve ? { resolve: base.resolve } : {}),
  test: {
    include: [
      'test/entryPoints.test.ts',
      ...(process.env.MUTATION_TESTS ?? 'test/{money,policy,account,views}')
        .split(' ')
        .map((folder) => `${folder}/**/*.test.ts`),
    ],
    // It reads the text of the decisions, which mutants change before any test runs.
    exclude: [...configDefaults.exclude, 'test/account/commands/refusals.test.ts'],
    env: { FC_SEED: '1', FC_RUNS: '50' },
    isolate: false,
    // Before all tests: else what the source prepares while it loads belongs to the first test that imports it, and its
    // mutants are tried against that test only.
    setupFiles: fileURLToPath(new URL('./test/support/loadSource.ts', import.meta.url)),
    runner: fileURLToPath(new URL('./test/support/loadingRunner.ts', import.meta.url)),
    testTimeout: 60_000,
  },
});
