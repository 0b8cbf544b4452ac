import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

// Within the project, where programs find the packages that they import, and as deep as the sources of programs are.
const folder = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

const bundled = new Map<string, string>();

/**
 * Bundles a TypeScript program, once in a process, and returns the file for Node to run. A program that compiles each of
 * its sources as it starts takes seconds to start.
 */
export function bundledProgram(path: string): string {
  const known = bundled.get(path);
  if (known !== undefined) return known;
  const outfile = join(folder, `${basename(path, '.ts')}-${process.pid}.mjs`);
  process.once('exit', () => rmSync(outfile, { force: true }));
  buildSync({
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  bundled.set(path, outfile);
  return outfile;
}
