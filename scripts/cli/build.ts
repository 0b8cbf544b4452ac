// Part of `npm run build`: bundles the command line with its dependencies into dist/cli.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { explorerPage, explorerProgram } from '../explorer/explorerPage.js';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

const program = `import { main } from './src/cli/main.ts';
const here = (path) => new URL(path, import.meta.url);
await main(process, {
  version: '${version}',
  schemas: here('../schemas/'),
  vectors: here('../vectors/'),
  explorer: here('explorer.html'),
});
`;

const { metafile } = await build({
  stdin: { contents: program, resolveDir: root.pathname, sourcefile: 'patron-fees.ts' },
  outdir: 'dist/cli',
  entryNames: 'patron-fees',
  chunkNames: '[name]-[hash]',
  absWorkingDir: root.pathname,
  bundle: true,
  splitting: true,
  metafile: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // jsonc-parser's other format cannot be bundled.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  // The library is that of the package, so that it exists once; drivers are those of the user.
  external: ['patron-fees', 'patron-fees/*', 'pg', '@nats-io/*', 'fast-check'],
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
});

// Node needs the first line, and esbuild would write it into every file.
const entry = new URL('dist/cli/patron-fees.js', root);
writeFileSync(entry, `#!/usr/bin/env node\n${readFileSync(entry, 'utf8')}`);
chmodSync(entry, 0o755);

writeFileSync(new URL('dist/cli/explorer.html', root), await explorerPage());
writeFileSync(new URL('dist/cli/LICENSES.txt', root), await licenses());

/** The licences of what is bundled, which ask to be copied with it. */
async function licenses(): Promise<string> {
  const inputs = [...Object.keys(metafile.inputs), ...(await explorerProgram()).inputs];
  const packages = new Set(
    inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
  );
  return [...packages].sort().map(licenceOf).join('\n');
}

function licenceOf(name: string): string {
  const folder = new URL(`node_modules/${name}/`, root);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  // saxes has only the name of its licence.
  const { license } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  const text = file === undefined ? license : readFileSync(new URL(file, folder), 'utf8');
  return `${name}\n\n${text}\n`;
}
