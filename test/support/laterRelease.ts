import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const source = (path: string) => fileURLToPath(new URL(`../../src/stores/${path}`, import.meta.url));

/** What a later release changes: a further column of the accounts, and the layout. */
const changes = [
  {
    file: 'accountColumns.ts',
    from: '} as const satisfies Columns<AccountSource>;',
    to: "fee_count: { type: 'count', of: ({ account }) => account.fees.length },\n} as const satisfies Columns<AccountSource>;",
  },
  { file: 'findAccountsForm.ts', from: 'LAYOUT = 1', to: 'LAYOUT = 2' },
];

/** Builds and imports a simulated later release of a store, with a further column in the table of accounts, `fee_count`. */
export async function laterRelease<Release>(store: 'sqlite' | 'postgres'): Promise<Release> {
  const outfile = join(
    fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url)),
    `later-${store}-${process.pid}.mjs`,
  );
  process.once('exit', () => rmSync(outfile, { force: true }));
  await build({
    entryPoints: [source(`${store}/index.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
    plugins: [
      {
        name: 'later release',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\/readModels\/(accountColumns|findAccountsForm)\.ts$/ }, ({ path }) => {
            let contents = readFileSync(path, 'utf8');
            for (const { file, from, to } of changes) {
              if (!path.endsWith(file)) continue;
              if (!contents.includes(from)) throw new Error(`${file} has no "${from}"`);
              contents = contents.replace(from, to);
            }
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  return import(pathToFileURL(outfile).href);
}
