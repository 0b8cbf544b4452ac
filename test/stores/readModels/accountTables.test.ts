import { expect, it } from 'vitest';
import {
  columnNames,
  createTables,
  replacedValues,
  type TableName,
  tableNames,
  typedColumns,
} from '../../../src/stores/readModels/accountTables.js';
import { LAYOUT } from '../../../src/stores/readModels/findAccountsForm.js';

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
