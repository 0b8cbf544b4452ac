import { defineConfig } from 'vitest/config';

/** What breaks engines on purpose (`npm run test:faults`): slower than tests that run all the time may be. */
export default defineConfig({
  test: {
    include: ['test/faults/*.faults.ts'],
    reporters: ['verbose', './test/support/closingLineReporter.ts'],
    fileParallelism: false,
  },
});
