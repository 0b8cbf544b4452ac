import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { typesOfUnion } from '../support/compiler.js';
import { filesUnder } from '../support/filesUnder.js';

// The packed package, installed in a project that has nothing else; made by packedPackage.ts.
const consumer = inject('consumer');
const root = fileURLToPath(new URL('../../', import.meta.url));
const installed = 'node_modules/patron-fees';
const files = filesUnder(consumer, installed);

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

  it('understands the accounts and errors of another copy of itself', () => {
    expect(output('twoCopies.mjs')).toBe('{"understood":true,"same":true}\n');
  });

  it('compiles strictly for importing and requiring projects, library types included and no optional peer installed', () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    expect(output(compiler, '-p', 'tsconfig.json')).toBe('');
  });

  it('brings the JSON schema of each of its events', () => {
    const path = createRequire(join(consumer, 'index.js')).resolve('patron-fees/events.schema.json');
    const schema: { oneOf: { properties: { type: { const: string } } }[] } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    const described = schema.oneOf.map(({ properties }) => properties.type.const);
    expect(described.sort()).toEqual(typesOfUnion(root, 'src/account/events.ts', 'AccountEvent').sort());
  });

  it('has licence and README, and neither sources nor tests', () => {
    const beside = files
      .map((file) => file.slice(installed.length + 1))
      .filter((file) => !file.startsWith('dist/'));
    expect(beside).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(beside.filter((file) => /\.tsx?$|^(src|test|examples)\//.test(file))).toEqual([]);
  });

  it('loads temporal-polyfill from the entry of overdue fines alone', () => {
    const code = files.filter((file) => /\.c?js$/.test(file));
    const loading = code.filter((file) =>
      readFileSync(join(consumer, file), 'utf8').includes('temporal-polyfill'),
    );
    expect(loading.map((file) => file.slice(installed.length + 1)).sort()).toEqual([
      'dist/overdue.cjs',
      'dist/overdue.js',
    ]);
  });

  it('shows no type of big.js, immer or Temporal, so that nobody needs their types', () => {
    const declarations = files.filter((file) => /\.d\.c?ts$/.test(file));
    expect(declarations.length).toBeGreaterThan(0);
    const foreign = /['"](big\.js|immer|temporal-polyfill)['"]|\b(Big|Draft|WritableDraft)\b(?=[<,;)\]|\s&])/;
    expect(declarations.filter((file) => foreign.test(readFileSync(join(consumer, file), 'utf8')))).toEqual(
      [],
    );
  });
});
