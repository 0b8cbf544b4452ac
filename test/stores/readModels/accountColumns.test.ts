import { readFileSync } from 'node:fs';
import { expect, expectTypeOf, it } from 'vitest';
import {
  accountColumns,
  columnNames,
  columnTypes,
  createTables,
  type FoundAccount,
  foundAccount,
  foundNames,
  NEVER,
  owedColumns,
  replacedValues,
  storedInstant,
  type TableName,
  tableNames,
  tillColumns,
  typedColumns,
} from '../../../src/stores/readModels/accountColumns.js';
import { LAYOUT } from '../../../src/stores/readModels/findAccountsForm.js';

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

it('creates each table with its columns, key and indexes', () => {
  const [sqlite, postgres] = [createTables('sqlite'), createTables('postgres')];
  expect(sqlite).toContain(`create table if not exists patron_fees_till_all (
  generation integer not null,
  institution text not null,
  patron_id text not null,
  version integer not null,
  at text not null,
  recorded_at text not null,
  primary key (generation, institution, patron_id, version)
) without rowid;
create index if not exists patron_fees_till_at on patron_fees_till_all (generation, institution, at, patron_id);`);
  expect(postgres).toContain('  last_activity_at timestamptz not null,\n');
  expect(postgres).toContain('  fault text,\n');
  expect(postgres).toContain('  institution text collate "C" not null,\n');
});

it('lists the columns of a table, with their types, and those that a newer row replaces', () => {
  expect(columnNames('till')).toEqual(['institution', 'patron_id', 'version', 'at', 'recorded_at']);
  expect(typedColumns('owed', 'postgres').slice(-2)).toEqual([
    'open_fees integer',
    'oldest_open_at timestamptz',
  ]);
  expect(replacedValues('till')).toBe('at = excluded.at, recorded_at = excluded.recorded_at');
});

/** The columns that each layout has added. Never change an entry: processes of an earlier release read and write its columns. */
const addedBy: Readonly<Record<number, Readonly<Record<TableName, string>>>> = {
  1: {
    accounts:
      'institution,patron_id,version,currency,active,disputed,transferred,payable,last_activity_at,fault',
    owed: 'institution,patron_id,fee_type,owner,currency,owed,owed_disputed,accruing,open_fees,oldest_open_at',
    till: 'institution,patron_id,version,at,recorded_at',
  },
};

it('has the columns of every layout, in their order: a new column is the last, and raises LAYOUT', () => {
  for (const table of tableNames) {
    const layouts = Object.values(addedBy).map((added) => added[table]);
    expect(columnNames(table).join()).toBe(layouts.filter((added) => added !== '').join());
  }
  expect(Object.keys(addedBy).map(Number)).toContain(LAYOUT);
});
