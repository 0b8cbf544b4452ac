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
  accounts: { columns: accountColumns, key: 'institution, patron_id', indexes: {} },
  owed: {
    columns: owedColumns,
    key: 'institution, patron_id, fee_type, owner',
    indexes: {
      most: 'institution, fee_type, owner, owed desc, patron_id',
      oldest: 'institution, fee_type, owner, oldest_open_at, patron_id',
    },
  },
  till: {
    columns: tillColumns,
    key: 'institution, patron_id, version',
    indexes: { at: 'institution, at, patron_id', recorded: 'institution, recorded_at, patron_id' },
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

/** Returns the statements that create the tables. */
export function createTables(engine: Engine): string {
  return tableNames.map((name) => createTable(name, engine)).join('\n');
}

function createTable(name: TableName, engine: Engine): string {
  const { columns, key, indexes }: Table = accountTables[name];
  const table = `patron_fees_${name}`;
  const lines = typedColumns(name, engine).map((column, index) => {
    return Object.values(columns)[index]?.isNullable ? column : `${column} not null`;
  });
  const body = [...lines, `primary key (${key})`].join(',\n  ');
  const end = engine === 'sqlite' ? ' without rowid' : '';
  return [
    `create table ${table} (\n  ${body}\n)${end};`,
    ...Object.entries(indexes).map(
      ([index, list]) => `create index ${table}_${index} on ${table} (${list});`,
    ),
  ].join('\n');
}
