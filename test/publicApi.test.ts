import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { entryPoints } from '../entryPoints.js';
import { compile, exportsOf } from './support/compiler.js';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

let program: ts.Program;

beforeAll(() => {
  program = compile(
    root,
    entryPoints.map(({ source }) => source.replace('./', '')),
  );
}, 60_000);

describe.each(entryPoints)('$specifier', ({ specifier, name, source }) => {
  // To accept a change: npx vitest run test/publicApi.test.ts -u
  it('exports what it exported before, so that a change of the API is seen in the diff', async () => {
    const listed = [...exportsOf(root, program, source.replace('./', ''))]
      .map(([exported, symbol]) => `${symbol.flags & ts.SymbolFlags.Value ? 'value' : 'type'} ${exported}`)
      .sort();
    await expect(`${listed.join('\n')}\n`).toMatchFileSnapshot(`publicApi/${name}.txt`);
    expect(
      listed.filter((line) => line.startsWith('value ')).map((line) => line.slice('value '.length)),
    ).toEqual(Object.keys(await import(/* @vite-ignore */ specifier)).sort());
  });

  it('is in the exports of package.json, for import and for require', () => {
    expect(manifest.exports[specifier.replace('patron-fees', '.')]).toEqual({
      import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
    });
  });
});

it('has no entry in package.json that is not listed with the entry points', () => {
  const files = ['./events.schema.json', './package.json'];
  const subpaths = entryPoints.map(({ specifier }) => specifier.replace('patron-fees', '.'));
  expect(Object.keys(manifest.exports).sort()).toEqual([...subpaths, ...files].sort());
});
