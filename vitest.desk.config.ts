import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** The desk of the examples, used in a browser. `npm run test:site` runs it after the tests of the API pages. */
export default defineConfig({
  resolve: base.resolve ?? {},
  test: {
    name: 'desk',
    include: ['test/desk/**/*.desk.ts'],
    // One browser at a time.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A page of a busy browser is not there within the usual second.
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', fileURLToPath(new URL('./test/support/closingLineReporter.ts', import.meta.url))],
  },
});
