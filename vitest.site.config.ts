import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { patience } from './vitest.config.js';

/** The pages that `npm run docs` builds, looked at in a browser. `npm run test:site` runs it, beside `npm test`. */
export default defineConfig({
  test: {
    name: 'site',
    include: ['test/site/**/*.site.ts'],
    globalSetup: './test/site/support/builtSite.ts',
    // Two, on two cores too: a page is waited for as often as it is computed.
    maxWorkers: 2,
    ...patience,
    reporters: ['default', fileURLToPath(new URL('./test/support/closingLineReporter.ts', import.meta.url))],
  },
});
