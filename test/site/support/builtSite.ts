import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { serveFolder } from './serveFolder.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built site. */
    siteFolder: string;
    /** The address that the site is served at, with a slash at the end. */
    siteAddress: string;
  }
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Builds the pages once for all tests and serves them on a port of their own. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  // The gate has just built them.
  if (process.env.BUILT !== '1') {
    const built = spawnSync('npm', ['run', 'docs'], { cwd: root, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`npm run docs failed:\n${built.stdout}${built.stderr}`);
  }
  const folder = join(root, 'site');
  const { address, end } = await serveFolder(folder);
  provide('siteFolder', folder);
  provide('siteAddress', address);
  return end;
}
