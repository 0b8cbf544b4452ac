import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The pages that `npm run docs` builds, looked at in a browser. `npm run test:site` runs it, beside `npm test`. */
export default defineConfig({
  test: {
    name: 'site',
    include: ['test/site/**/*.site.ts'],
    globalSetup: './test/site/support/builtSite.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A page of a busy browser is not there within the usual second.
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', fileURLToPath(new URL('./test/support/closingLineReporter.ts', import.meta.url))],
  },
});
