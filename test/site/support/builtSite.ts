import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built site. */
    siteFolder: string;
    /** The address that the site is served at, with a slash at the end. */
    siteAddress: string;
  }
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** Builds the pages once for all tests and serves them on a port of their own. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const built = spawnSync('npm', ['run', 'docs'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`npm run docs failed:\n${built.stdout}${built.stderr}`);
  const folder = join(root, 'site');
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname));
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    readFile(file).then(
      (content) =>
        response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? '' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provide('siteFolder', folder);
  provide('siteAddress', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return () => new Promise((resolve) => server.close(() => resolve()));
}
