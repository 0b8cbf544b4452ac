import { defineConfig } from 'tsup';
import { entryPoints } from './entryPoints.js';
import { pureCalls } from './scripts/bundling.js';

const entry = Object.fromEntries(entryPoints.map(({ name, source }) => [name, source]));

export default defineConfig({
  // In a file of its own, only what uses it is loaded: big.js does not say that it has no side effects.
  entry: {
    ...entry,
    decimal: 'src/money/decimal.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  clean: true,
  // Code that two entries need is written once, so that errors and state are the same in both.
  splitting: true,
  removeNodeProtocol: false,
  // tsup's declaration build sets `baseUrl`, an error in TypeScript 6 without this option.
  dts: { entry, compilerOptions: { ignoreDeprecations: '6.0' } },
  esbuildPlugins: [pureCalls],
});
