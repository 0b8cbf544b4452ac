import { expect, it } from 'vitest';
import {
  columnNames,
  createTables,
  replacedValues,
  typedColumns,
} from '../../../src/stores/readModels/accountTables.js';

it('creates each table with its columns, key and indexes', () => {
  const [sqlite, postgres] = [createTables('sqlite'), createTables('postgres')];
  expect(sqlite).toContain(`create table patron_fees_till (
  institution text not null,
  patron_id text not null,
  version integer not null,
  at text not null,
  recorded_at text not null,
  primary key (institution, patron_id, version)
) without rowid;
create index patron_fees_till_at on patron_fees_till (institution, at, patron_id);`);
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
