import { defineConfig } from 'vitest/config';
import usual from './vitest.config.js';

const { resolve = {} } = usual;

/** What breaks engines on purpose (`npm run test:faults`): slower than tests that run all the time may be. */
export default defineConfig({
  resolve,
  test: {
    include: ['test/faults/*.faults.ts'],
    reporters: ['verbose', './test/support/closingLineReporter.ts'],
    fileParallelism: false,
    // Hooks start and stop servers, each test has a time of its own.
    hookTimeout: 120_000,
  },
});
