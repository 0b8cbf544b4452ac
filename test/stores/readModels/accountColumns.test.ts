import { readFileSync } from 'node:fs';
import { expect, expectTypeOf, it } from 'vitest';
import {
  accountColumns,
  columnTypes,
  type FoundAccount,
  foundAccount,
  foundNames,
  NEVER,
  owedColumns,
  storedInstant,
  tillColumns,
} from '../../../src/stores/readModels/accountColumns.js';

it('stores every instant in the range of databases', () => {
  expect(storedInstant('2026-03-02T09:00:00.123456+01:00')).toBe('2026-03-02T08:00:00.123Z');
  expect(storedInstant('0000-01-01T00:00:00Z')).toBe('0001-01-01T00:00:00.000Z');
  expect(storedInstant('9999-12-31T23:59:00-23:00')).toBe(NEVER);
});

/** The fields of found accounts that the columns declare. */
type Found<Table> = {
  [Name in keyof Table]: Table[Name] extends { readonly isFound: true } ? Camel<Name & string> : never;
}[keyof Table];
type Camel<Name extends string> = Name extends `${infer Word}_${infer Rest}`
  ? `${Word}${Capitalize<Camel<Rest>>}`
  : Name;

it('returns the found columns of both tables, each under its name in camel case', () => {
  const fields = ['patronId', 'owed', 'owedDisputed', 'accruing', 'openFees', 'oldestOpenAt', 'version'];
  const row = {
    patron_id: 'u1',
    version: '3',
    owed: 1250n,
    owed_disputed: '0',
    accruing: 5,
    open_fees: 2,
    oldest_open_at: NEVER,
    active: -100,
    disputed: 0,
    transferred: 0,
    payable: 1250,
    last_activity_at: '2026-03-02T09:00:00.000Z',
  };
  const found = foundAccount(row, 2);
  expect(Object.keys(found)).toEqual([
    ...fields,
    'active',
    'disputed',
    'transferred',
    'payable',
    'lastActivityAt',
  ]);
  expect(found).toMatchObject({ patronId: 'u1', version: 3, owed: '12.50', openFees: 2, active: '-1.00' });
  expect([found.oldestOpenAt, found.lastActivityAt]).toEqual([null, row.last_activity_at]);
  // The compiler reports a column without a field of the type, and a field without a column.
  expectTypeOf<Found<typeof owedColumns> | Found<typeof accountColumns>>().toEqualTypeOf<
    keyof FoundAccount
  >();
});

it('has no column in two tables that are found together', () => {
  const names = [...foundNames(owedColumns), ...foundNames(accountColumns)];
  expect(new Set(names).size).toBe(names.length);
});

it('is described in the guide: every column of every table, with its type', () => {
  const guide = readFileSync('docs/guides/table-of-accounts.md', 'utf8');
  const rows = [...guide.matchAll(/^\| `patron_fees_(\w+)` \| `(\w+)` \| (\w+) \|/gm)];
  const tables = { accounts: accountColumns, owed: owedColumns, till: tillColumns };
  expect(rows.map(([, table, name, type]) => [table, name, type])).toEqual(
    Object.entries(tables).flatMap(([table, columns]) =>
      Object.entries(columns).map(([name, { type }]) => [table, name, type]),
    ),
  );
  for (const type of Object.keys(columnTypes)) expect(guide).toContain(`- ${type}: `);
});
