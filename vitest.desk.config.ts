import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import base, { patience } from './vitest.config.js';

/** The desk of the examples, used in a browser. `npm run test:site` runs it after the tests of the API pages. */
export default defineConfig({
  resolve: base.resolve ?? {},
  test: {
    name: 'desk',
    include: ['test/desk/**/*.desk.ts'],
    // One browser at a time.
    fileParallelism: false,
    ...patience,
    reporters: ['default', fileURLToPath(new URL('./test/support/closingLineReporter.ts', import.meta.url))],
  },
});
