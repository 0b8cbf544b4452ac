import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { entryPoints } from '../entryPoints.js';
import { paymentOrders } from '../src/policy/paymentOrder.js';
import { apiText } from './support/apiText.js';
import { compile, exportsOf } from './support/compiler.js';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

let program: ts.Program;

beforeAll(() => {
  program = compile(
    root,
    entryPoints.map(({ source }) => source.replace('./', '')),
  );
});

describe.each(entryPoints)('$specifier', ({ specifier, name, source }) => {
  // To accept a change: npx vitest run test/publicApi.test.ts -u
  it('has the exports, signatures and union members of the snapshot, so that a diff shows every change', async () => {
    const exported = [...exportsOf(root, program, source.replace('./', ''))].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    const texts = exported.map(([named, symbol]) => apiText(program.getTypeChecker(), named, symbol));
    await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot(`publicApi/${name}.txt`);
    const values = exported
      .filter(([, symbol]) => symbol.flags & ts.SymbolFlags.Value)
      .map(([named]) => named);
    expect(values).toEqual(Object.keys(await import(/* @vite-ignore */ specifier)).sort());
  });

  it('is in the exports of package.json, for import and for require', () => {
    expect(manifest.exports[specifier.replace('patron-fees', '.')]).toEqual({
      import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
    });
  });
});

describe('the snapshot of the API', () => {
  const textOf = (named: string) => {
    const symbol = exportsOf(root, program, 'src/index.ts').get(named);
    return symbol && apiText(program.getTypeChecker(), named, symbol);
  };

  it('has the members of unions, written and derived', () => {
    expect(textOf('ErrorCode')).toContain("'CORRUPT_HISTORY'");
    const members = paymentOrders.map((order) => `\n  | ${JSON.stringify(order)}`).sort();
    expect(textOf('PaymentOrder')).toBe(`type PaymentOrder =${members.join('')}`);
  });

  it('has the signatures of functions and classes, and the fields of objects', () => {
    expect(textOf('minorDigits')).toBe('function minorDigits(currency: string): number | undefined;');
    expect(textOf('PatronFeesError')).toContain('constructor(code: ErrorCode, message: string');
    expect(textOf('FeePolicyInput')).toContain("readonly overpayment?: 'refuse' | 'credit';");
  });
});

it('package.json exports exactly the entry points', () => {
  const files = ['./asyncapi.yaml', './package.json', './schemas/*', './vectors/*'];
  const subpaths = entryPoints.map(({ specifier }) => specifier.replace('patron-fees', '.'));
  expect(Object.keys(manifest.exports).sort()).toEqual([...subpaths, ...files].sort());
});
