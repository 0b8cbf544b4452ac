import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import { entryPoints } from '../../entryPoints.js';
import { schemaFiles } from '../../scripts/schemas/files.js';
import { typesOfUnion } from '../support/compiler.js';
import { filesUnder } from '../support/filesUnder.js';

// The packed package, installed in a project that has nothing else; made by packedPackage.ts.
const consumer = inject('consumer');
const root = fileURLToPath(new URL('../../', import.meta.url));
const installed = 'node_modules/patron-fees';
const files = filesUnder(consumer, installed);

/** Entry points that no browser runs. */
const needNode = [
  'patron-fees/jobs',
  'patron-fees/reports',
  'patron-fees/office',
  'patron-fees/bursar',
  'patron-fees/closing',
  'patron-fees/import',
  'patron-fees/online',
  'patron-fees/keys',
  'patron-fees/nats',
  'patron-fees/testing',
];

/** What a program prints, run where the package is installed; what went wrong is part of the answer. */
function output(program: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: consumer,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describe('the packed package', () => {
  it('is built and packed', () => {
    expect(inject('failure')).toBe('');
  });

  it('decides and folds when it is imported', () => {
    expect(output('esm.mjs')).toBe('{"active":"2.50","alma":true}\n');
  });

  it('decides and folds when it is required', () => {
    expect(output('commonjs.cjs')).toBe('{"active":"2.50","alma":true}\n');
  });

  it('accepts accounts and errors of another copy of the package', () => {
    expect(output('twoCopies.mjs')).toBe('{"understood":true,"same":true}\n');
  });

  it('computes a report of an institution with nothing but its own dependencies', () => {
    const program =
      "import('patron-fees/reports').then((reports) => console.log(typeof reports.runAgedDebt))";
    expect(output('-e', program)).toBe('function\n');
  });

  it('contains the AsyncAPI document of its feed', () => {
    const path = createRequire(join(consumer, 'index.js')).resolve('patron-fees/asyncapi.yaml');
    expect(readFileSync(path, 'utf8')).toMatch(/^asyncapi: 3\.0\.0\n/);
  });

  it('contains the JSON schema of each of its events', () => {
    const path = createRequire(join(consumer, 'index.js')).resolve('patron-fees/schemas/events.json.gz');
    const { $defs } = JSON.parse(String(gunzipSync(readFileSync(path))));
    const described = $defs.AccountEvent.oneOf.map(({ $ref }: { $ref: string }) =>
      $ref.replace('#/$defs/', ''),
    );
    expect(described.sort()).toEqual(
      typesOfUnion(root, 'src/account/events/accountEvent.ts', 'AccountEvent').sort(),
    );
  });

  it('has the ten schemas and the interface over HTTP', () => {
    const schemas = filesUnder(consumer, join(installed, 'dist/schemas')).map((path) =>
      path.split('/').at(-1),
    );
    const names = Object.keys(schemaFiles()).map((name) => `${name}.gz`);
    expect(schemas.sort()).toEqual(names.sort());
  });

  it('has licence and README, and neither sources nor tests', () => {
    const beside = files
      .map((file) => file.slice(installed.length + 1))
      .filter((file) => !file.startsWith('dist/'));
    expect(beside).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const folders = new Set(beside.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
    expect([...folders].sort()).toEqual(['docs', 'examples', 'vectors']);
  });

  it('has every file that its README links to', () => {
    const readme = readFileSync(join(consumer, installed, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, path]) => path as string);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((path) => !existsSync(join(consumer, installed, path)))).toEqual([]);
  });

  it.each(entryPoints.map(({ specifier }) => specifier))(
    '%s can be bundled for a browser, unless the page of requirements says that it needs Node',
    async (specifier) => {
      const bundle = build({
        stdin: { contents: `export * from '${specifier}';`, resolveDir: consumer },
        bundle: true,
        write: false,
        platform: 'browser',
        format: 'esm',
        // Optional: who tests in a browser, or watches one, brings it.
        external: ['fast-check', '@opentelemetry/api'],
        logLevel: 'silent',
      }).then(
        () => 'bundled',
        (error: Error) => (/Could not resolve "node:/.test(error.message) ? 'needs Node' : error.message),
      );
      expect(await bundle).toBe(needNode.includes(specifier) ? 'needs Node' : 'bundled');
    },
  );

  it('loads temporal-polyfill only in the entries that compute overdue fines', async () => {
    const loads = async (specifier: string) => {
      const { outputFiles } = await build({
        stdin: { contents: `export * from '${specifier}';`, resolveDir: consumer },
        bundle: true,
        write: false,
        platform: 'node',
        format: 'esm',
        // The package's own files are bundled, so that the imports that remain are those of its dependencies.
        plugins: [
          {
            name: 'dependencies stay outside',
            setup: ({ onResolve }) =>
              onResolve({ filter: /^[^./]/ }, ({ path }) =>
                path.startsWith('patron-fees') ? undefined : { path, external: true },
              ),
          },
        ],
      });
      return outputFiles[0]?.text.includes('"temporal-polyfill"');
    };
    const specifiers = entryPoints.map(({ specifier }) => specifier);
    const loading = await Promise.all(specifiers.map(loads));
    expect(specifiers.filter((_, index) => loading[index])).toEqual([
      'patron-fees/overdue',
      'patron-fees/jobs',
    ]);
  });

  it('exposes no type of big.js, immer or Temporal, so that nobody needs their types', () => {
    const declarations = files.filter((file) => /\.d\.c?ts$/.test(file));
    expect(declarations.length).toBeGreaterThan(0);
    const foreign = /['"](big\.js|immer|temporal-polyfill)['"]|\b(Big|Draft|WritableDraft)\b(?=[<,;)\]|\s&])/;
    // Examples in docstrings may import what they show.
    const types = (file: string) =>
      readFileSync(join(consumer, file), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');
    expect(declarations.filter((file) => foreign.test(types(file)))).toEqual([]);
  });
});
