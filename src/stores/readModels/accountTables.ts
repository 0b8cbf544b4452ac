// The tables of accounts in SQL, made of their columns.
import { accountColumns, type Columns, columnTypes, owedColumns, tillColumns } from './accountColumns.js';

/** A database. */
export type Engine = 'sqlite' | 'postgres';

/** A table: its columns, its primary key, and its indexes by name. */
type Table = {
  readonly columns: Columns;
  readonly key: string;
  readonly indexes: Readonly<Record<string, string>>;
};

/** The tables, by the end of their names. */
export const accountTables = {
  accounts: {
    columns: accountColumns,
    key: 'institution, patron_id',
    indexes: { faulty: '(generation, institution, fault, patron_id) where fault is not null' },
  },
  owed: {
    columns: owedColumns,
    key: 'institution, patron_id, fee_type, owner',
    indexes: {
      most: '(generation, institution, fee_type, owner, owed desc, patron_id)',
      oldest: '(generation, institution, fee_type, owner, oldest_open_at, patron_id)',
    },
  },
  till: {
    columns: tillColumns,
    key: 'institution, patron_id, version',
    indexes: {
      at: '(generation, institution, at, patron_id)',
      recorded: '(generation, institution, recorded_at, patron_id)',
    },
  },
} as const satisfies Readonly<Record<string, Table>>;

/** The end of a table's name. */
export type TableName = keyof typeof accountTables;

/** The ends of the names of all tables. */
export const tableNames = Object.keys(accountTables) as readonly TableName[];

/** Returns the names of a table's columns, in the order of the table. */
export function columnNames(table: TableName): readonly string[] {
  return Object.keys(accountTables[table].columns);
}

/** Returns the columns of a table with their types, as a list. */
export function typedColumns(table: TableName, engine: Engine): readonly string[] {
  const columns: Columns = accountTables[table].columns;
  return Object.entries(columns).map(([name, { type }]) => `${name} ${columnTypes[type][engine]}`);
}

/** Returns the assignments that replace the values of a row by those that could not be inserted. */
export function replacedValues(table: TableName): string {
  const key = accountTables[table].key.split(', ');
  const others = columnNames(table).filter((name) => !key.includes(name));
  return others.map((name) => `${name} = excluded.${name}`).join(', ');
}

/**
 * Returns the statements that create the tables, and the views of the rows in use; or add what those of an earlier
 * release lack. A table, such as `patron_fees_owed_all`, has the rows of every build, under its number: so one update
 * takes the next build into use. Nothing is removed: processes of the earlier release use it still.
 *
 * @param columnsIn - returns the columns that a table has, in SQLite; PostgreSQL looks itself
 */
export function createTables(
  engine: Engine,
  columnsIn: (table: string) => readonly string[] = () => [],
): string {
  return tableNames.map((name) => createTable(name, engine, columnsIn)).join('\n');
}

function createTable(
  name: TableName,
  engine: Engine,
  columnsIn: (table: string) => readonly string[],
): string {
  const { columns, key, indexes }: Table = accountTables[name];
  const [view, table] = [`patron_fees_${name}`, `patron_fees_${name}_all`];
  const isSqlite = engine === 'sqlite';
  const types = typedColumns(name, engine);
  const lines = types.map((column, index) => {
    return Object.values(columns)[index]?.isNullable ? column : `${column} not null`;
  });
  const known = columnsIn(table);
  const added =
    isSqlite && known.length === 0
      ? []
      : types.filter((column) => !known.includes(column.split(' ')[0] as string));
  const body = ['generation integer not null', ...lines, `primary key (generation, ${key})`].join(',\n  ');
  return [
    `create table if not exists ${table} (\n  ${body}\n)${isSqlite ? ' without rowid' : ''};`,
    ...added.map((column) => `alter table ${table} add column ${isSqlite ? '' : 'if not exists '}${column};`),
    ...Object.entries(indexes).map(
      ([index, columns]) => `create index if not exists ${view}_${index} on ${table} ${columns};`,
    ),
    `${isSqlite ? `drop view if exists ${view}; create` : 'create or replace'} view ${view} as
      select ${columnNames(name).join(', ')} from ${table}
      where generation = (select generation from patron_fees_read_model where name = 'accounts');`,
  ].join('\n');
}
