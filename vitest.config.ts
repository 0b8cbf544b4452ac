import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { entryPoints } from './entryPoints.js';

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url));

/** Tests, examples and documentation import the package by its name and get the source, built or not. */
const alias = entryPoints.map(({ specifier, source }) => ({
  find: new RegExp(`^${specifier}$`),
  replacement: path(source),
}));

/** The domain: a line of it that no test runs may be a rule that nobody checked. */
const fullyCovered = ['money', 'policy', 'account', 'views'].map((layer) => `src/${layer}/**`);

export default defineConfig({
  resolve: { alias },
  // The code blocks written out by the documentation test must not start a watched run again.
  server: { watch: { ignored: ['**/.blocks/**', '**/dist/**'] } },
  test: {
    // A law plays a thousand stories; on a busy machine that takes longer than the usual five seconds.
    testTimeout: 60_000,
    reporters: ['default', path('./test/support/closingLineReporter.ts')],
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/**'],
          typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'] },
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: './test/package/packedPackage.ts',
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['**/*.d.ts'],
      // Only the files that are not covered in full; the pages of `npm run coverage` show their lines.
      reporter: [['text', { skipFull: true }]],
      thresholds: Object.fromEntries(fullyCovered.map((glob) => [glob, { lines: 100, branches: 100 }])),
    },
  },
});
