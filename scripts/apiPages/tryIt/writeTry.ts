import { writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import type { RendererEvent } from 'typedoc';
import { type BrowserExports, TIMERS } from './browserExports.js';

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url));

const options: BuildOptions = {
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  tsconfig: path('../../../tsconfig.json'),
};

/** Pauses, and letting others run; `globalThis` because these names are the module's own. */
const TIMERS_OF_BROWSERS = `
export const setTimeout = (milliseconds, value) => new Promise((resolve) => globalThis.setTimeout(resolve, milliseconds, value));
export const setImmediate = (value) => setTimeout(0, value);`;

/** Writes the scripts of the "Try" buttons: what each page loads, and what it loads when a button is first pressed. */
export async function writeTry({ outputDirectory }: RendererEvent, exports: BrowserExports): Promise<void> {
  const assets = join(outputDirectory, 'assets');
  const [box, worker] = await Promise.all([
    build({ ...options, entryPoints: [path('./tryBox.ts')] }),
    build({
      ...options,
      entryPoints: [path('./worker.ts')],
      alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
      plugins: [modulesOf(exports)],
    }),
  ]);
  await writeFile(join(assets, 'try.js'), box.outputFiles?.[0]?.text ?? '');
  // A script, because a page opened from a disk can load no other file; packed, because the library is large.
  const packed = await promisify(deflate)(worker.outputFiles?.[0]?.text ?? '');
  await writeFile(join(assets, 'try-worker.js'), `patronFeesTry('${packed.toString('base64')}');`);
}

/** The modules with the names that need nothing of Node; of Node's own modules, and of csv-parse on its streams, only pauses. */
function modulesOf(exports: BrowserExports): Plugin {
  const entries = [...exports].map(([specifier, names]) => ({
    specifier,
    names: [...names].filter(([, runs]) => runs).map(([name]) => name),
  }));
  const filled = entries.filter(({ names }) => names.length > 0);
  const contents = [
    ...filled.map(({ specifier, names }, at) =>
      names.map((name) => `import { ${name} as m${at}_${name} } from '${specifier}';`).join('\n'),
    ),
    `export const modules = { ${filled
      .map(
        ({ specifier, names }, at) =>
          `'${specifier}': { ${names.map((name) => `${name}: m${at}_${name}`).join(', ')} }`,
      )
      .join(', ')} };`,
  ].join('\n');
  return {
    name: 'modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^virtual:modules$/ }, ({ path }) => ({ path, namespace: 'modules' }));
      onLoad({ filter: /.*/, namespace: 'modules' }, () => ({ contents, resolveDir: path('.') }));
      onResolve({ filter: /^[a-z]/ }, ({ path }) =>
        isBuiltin(path) || path === 'csv-parse' ? { path, namespace: 'node', sideEffects: false } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({
        contents: path === TIMERS ? TIMERS_OF_BROWSERS : 'module.exports = {};',
      }));
    },
  };
}
