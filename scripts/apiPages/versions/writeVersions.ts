import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { RendererEvent } from 'typedoc';

/** Writes the menu of versions and the list of them, which has only this one; `npm run docs:publish` keeps the whole list. */
export async function writeVersions({ project, outputDirectory }: RendererEvent): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('./versionMenu.ts', import.meta.url))],
    outfile: join(outputDirectory, 'assets/versions.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
  });
  await writeFile(join(outputDirectory, 'versions.json'), `${JSON.stringify([project.packageVersion])}\n`);
}
