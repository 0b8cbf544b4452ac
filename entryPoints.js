// The package's entry points, read from the `paths` of tsconfig.json, so that the compiler, the bundler, the
// tests and the API pages all know the same ones. A new entry is one line there and one in package.json's `exports`.
import { readFileSync } from 'node:fs';

const tsconfig = JSON.parse(readFileSync(new URL('./tsconfig.json', import.meta.url), 'utf8'));
const paths = /** @type {Record<string, [string]>} */ (tsconfig.compilerOptions.paths);

/** What is imported (`patron-fees/alma`), the name of its files in dist (`alma`), and its source. */
export const entryPoints = Object.entries(paths).map(([specifier, [source]]) => ({
  specifier,
  name: specifier.replace(/^patron-fees\/?/, '') || 'index',
  source,
}));
