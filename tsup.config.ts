import { resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { entryPoints } from './entryPoints.js';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** Bundles `./apply.js?draft` as a copy of apply.ts of its own; why is told in src/account/applyForDrafts.d.ts. */
const secondCopy: Plugin = {
  name: 'second-copy',
  setup(build) {
    build.onResolve({ filter: /\.js\?draft$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(/\.js\?draft$/, '.ts')),
      suffix: '?draft',
      sideEffects: false,
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
