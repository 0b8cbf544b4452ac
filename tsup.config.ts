import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { entryPoints } from './entryPoints.js';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Bundles `./apply.js?draft` as a second copy of the reducer, with what it calls inside src/account, because a shared
 * helper would be as slow as a shared reducer; why is told in src/account/applyForDrafts.d.ts. What lies outside that
 * folder stays single: there is one class of errors and one table of currencies.
 */
const secondCopy: Plugin = {
  name: 'second-copy',
  setup(build) {
    const account = resolve('src/account');
    build.onResolve({ filter: /^\.{1,2}\/.*\.js(\?draft)?$/ }, ({ path, namespace, resolveDir }) => {
      const source = resolve(resolveDir, path.replace(/\.js(\?draft)?$/, '.ts'));
      const copied = path.endsWith('?draft') || (namespace === 'draft' && source.startsWith(account));
      return copied ? { path: relative('.', source), namespace: 'draft', sideEffects: false } : undefined;
    });
    build.onLoad({ filter: /./, namespace: 'draft' }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'ts',
      resolveDir: resolve(dirname(path)),
    }));
  },
};

export default defineConfig({
  entry: Object.fromEntries(entryPoints.map(({ name, source }) => [name, source])),
  format: ['esm', 'cjs'],
  target: 'node20',
  clean: true,
  // Code that two entries need is written once, so that errors and state are the same in both.
  splitting: true,
  removeNodeProtocol: false,
  // tsup's declaration build sets `baseUrl`, which TypeScript 6 takes for an error unless told otherwise.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  esbuildPlugins: [secondCopy],
});
