import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { build } from 'esbuild';
import type { RendererEvent, Router } from 'typedoc';
import { searchIndex } from './searchIndex.js';

/** Writes the search of the pages in place of TypeDoc's: its program, and its index. */
export async function writeSearch(
  { project, outputDirectory }: RendererEvent,
  router: Router,
): Promise<void> {
  const assets = join(outputDirectory, 'assets');
  await build({
    entryPoints: [fileURLToPath(new URL('./searchBox.ts', import.meta.url))],
    outfile: join(assets, 'search.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
  });
  const packed = await promisify(deflate)(JSON.stringify(searchIndex(project, router)));
  await writeFile(join(assets, 'search-index.js'), `patronFeesSearch('${packed.toString('base64')}');`);
}
