import { defineConfig } from 'vitest/config';
import usual, { patience } from './vitest.config.js';

const { resolve = {} } = usual;

/** What breaks engines on purpose (`npm run test:faults`): slower than tests that run all the time may be. */
export default defineConfig({
  resolve,
  test: {
    include: ['test/faults/*.faults.ts'],
    setupFiles: './test/support/afterEachFile.ts',
    reporters: ['verbose', './test/support/closingLineReporter.ts'],
    fileParallelism: false,
    ...patience,
  },
});
