import { agesFrom, isAccruing } from '../../account/accrual.js';
import type { Fee } from '../../account/fee.js';
import type { balancesInMinorUnits, PatronAccount } from '../../account/patronAccount.js';
import type { RecordedEvent, StreamId } from '../../history/eventStore.js';
import { formatAmount } from '../../money/money.js';

// The columns of the tables of accounts: an entry here is a column in SQLite and PostgreSQL, computed and read back as
// it says.

/** An account as the table has it. Amounts are decimal strings. */
export type FoundAccount = {
  /** The patron. */
  readonly patronId: string;
  /** The account version that the figures were computed from. */
  readonly version: number;
  /** Owed on the fees that the form selects, credits not deducted. */
  readonly owed: string;
  /** The part of `owed` on disputed fees. */
  readonly owedDisputed: string;
  /** The part of `owed` on fines that still grow. */
  readonly accruing: string;
  /** The number of these fees. */
  readonly openFees: number;
  /** When the oldest of them was assessed, or stopped growing, in UTC; null if all of them still grow. */
  readonly oldestOpenAt: string | null;
  /** The active balance of the whole account: negative if the library owes the patron. */
  readonly active: string;
  /** The disputed balance of the whole account. */
  readonly disputed: string;
  /** The transferred balance of the whole account. */
  readonly transferred: string;
  /** What can be paid now, on the whole account. */
  readonly payable: string;
  /** When the last event of the account was recorded, in UTC. */
  readonly lastActivityAt: string;
};

/** The fee type or owner of rows that sum over all of them. No code is empty. */
export const ALL = '';

/** The oldest day of an account whose fees all still grow: they have no age yet. */
export const NEVER = '9999-12-31T23:59:59.999Z';

const EARLIEST = '0001-01-01T00:00:00.000Z';

/** Returns an instant in UTC with milliseconds, in the range of every database, so that texts compare like times. */
export function storedInstant(instant: string): string {
  return storedTime(Date.parse(instant));
}

/** Returns a time in milliseconds as {@link storedInstant} does. */
export function storedTime(time: number): string {
  return new Date(Math.min(Math.max(time, Date.parse(EARLIEST)), Date.parse(NEVER))).toISOString();
}

/** The types of columns: in each database, and how `findAccounts` reads a value. Amounts are in minor units. */
export const columnTypes = {
  id: { sqlite: 'text', postgres: 'text collate "C"', read: String },
  code: { sqlite: 'text', postgres: 'text', read: String },
  count: { sqlite: 'integer', postgres: 'integer', read: Number },
  amount: {
    sqlite: 'integer',
    postgres: 'bigint',
    read: (value: unknown, digits: number) => formatAmount(Number(value), digits),
  },
  instant: { sqlite: 'text', postgres: 'timestamptz', read: String },
  /** The beginning of an age, or {@link NEVER}. */
  since: {
    sqlite: 'text',
    postgres: 'timestamptz',
    read: (value: unknown) => (value === NEVER ? null : String(value)),
  },
};

/** A column of a table. */
type Column<Source = never> = {
  readonly type: keyof typeof columnTypes;
  /** Computes the value of a row. */
  readonly of: (source: Source) => string | number | null;
  /** Whether the value may be null. */
  readonly isNullable?: true;
  /** Whether `findAccounts` returns it, under its name in camel case. */
  readonly isFound?: true;
};

/** The columns of a table, by name. */
export type Columns<Source = never> = Readonly<Record<string, Column<Source>>>;

/** A row of a table. */
export type RowOf<Table extends Columns> = {
  readonly [Name in keyof Table]: ReturnType<Table[Name]['of']>;
};

/** Computes a row. */
export function rowOf<Source, Table extends Columns<Source>>(columns: Table, source: Source): RowOf<Table> {
  const row: Record<string, unknown> = {};
  for (const name in columns) row[name] = (columns[name] as Column<Source>).of(source);
  return row as RowOf<Table>;
}

type OfStream = { readonly stream: StreamId };

const key = {
  institution: { type: 'id', of: ({ stream }) => stream.institution },
  patron_id: { type: 'id', of: ({ stream }) => stream.patronId },
} as const satisfies Columns<OfStream>;

/** What the row of an account is computed from. */
type AccountSource = OfStream & {
  readonly version: number;
  readonly recordedAt: string;
  /** An empty account if it cannot be read. */
  readonly account: PatronAccount;
  /** In minor units. */
  readonly balances: ReturnType<typeof balancesInMinorUnits>;
  /** Why the account cannot be read: the code of the error; null for every other account. */
  readonly fault: string | null;
};

/** The columns of the table with a row for each account. */
export const accountColumns = {
  ...key,
  version: { type: 'count', of: ({ version }) => version, isFound: true },
  currency: { type: 'code', of: ({ account }) => account.currency, isNullable: true },
  active: { type: 'amount', of: ({ balances }) => balances.active, isFound: true },
  disputed: { type: 'amount', of: ({ balances }) => balances.disputed, isFound: true },
  transferred: { type: 'amount', of: ({ balances }) => balances.transferred, isFound: true },
  payable: { type: 'amount', of: ({ balances }) => balances.payable, isFound: true },
  last_activity_at: { type: 'instant', of: ({ recordedAt }) => storedInstant(recordedAt), isFound: true },
  fault: { type: 'code', of: ({ fault }) => fault, isNullable: true },
} as const satisfies Columns<AccountSource>;

/** A fee on which something is owed. */
export type OpenFee = {
  readonly fee: Fee;
  /** In minor units. */
  readonly owed: number;
};

/** What a row of owed amounts is computed from. */
export type OwedSource = OfStream & {
  /** The type of the fees; {@link ALL} for all. */
  readonly feeType: string;
  /** The owner of the fees; {@link ALL} for all. */
  readonly owner: string;
  readonly currency: string;
  /** The fees of that type and owner; at least one. */
  readonly fees: readonly OpenFee[];
};

/** The columns of the table with a row for each fee type and owner, and for all types and owners. */
export const owedColumns = {
  ...key,
  patron_id: { ...key.patron_id, isFound: true },
  fee_type: { type: 'id', of: ({ feeType }) => feeType },
  owner: { type: 'id', of: ({ owner }) => owner },
  currency: { type: 'code', of: ({ currency }) => currency },
  owed: { type: 'amount', of: ({ fees }) => sumOf(fees), isFound: true },
  owed_disputed: {
    type: 'amount',
    of: ({ fees }) => sumOf(fees.filter(({ fee }) => fee.disputed)),
    isFound: true,
  },
  accruing: {
    type: 'amount',
    of: ({ fees }) => sumOf(fees.filter(({ fee }) => isAccruing(fee))),
    isFound: true,
  },
  open_fees: { type: 'count', of: ({ fees }) => fees.length, isFound: true },
  oldest_open_at: { type: 'since', of: ({ fees }) => oldestOf(fees), isFound: true },
} as const satisfies Columns<OwedSource>;

function sumOf(fees: readonly OpenFee[]): number {
  return fees.reduce((sum, { owed }) => sum + owed, 0);
}

function oldestOf(fees: readonly OpenFee[]): string {
  let oldest = Date.parse(NEVER);
  for (const { fee } of fees) {
    const since = agesFrom(fee);
    if (since !== null) oldest = Math.min(oldest, Date.parse(since));
  }
  return storedTime(oldest);
}

/** What a row of the till is computed from: an event with which money passed a till. */
type TillSource = OfStream & RecordedEvent;

/** The columns of the table of money that passed a till. */
export const tillColumns = {
  ...key,
  version: { type: 'count', of: ({ version }) => version },
  at: { type: 'instant', of: ({ event }) => storedInstant(event.data.at) },
  recorded_at: { type: 'instant', of: ({ recordedAt }) => storedInstant(recordedAt) },
} as const satisfies Columns<TillSource>;

/** Returns the names of the columns that `findAccounts` returns. */
export function foundNames(columns: Columns): readonly string[] {
  return Object.keys(columns).filter((name) => columns[name]?.isFound === true);
}

/** The found columns of both tables: the field, the column, and how it is read. */
const FOUND = /* @__PURE__ */ ([owedColumns, accountColumns] as readonly Columns[]).flatMap((columns) =>
  foundNames(columns).map((name) => {
    const field = name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    return [field, name, columnTypes[(columns[name] as Column).type].read] as const;
  }),
);

/** Converts a row with the found columns of both tables. */
export function foundAccount(row: Readonly<Record<string, unknown>>, digits: number): FoundAccount {
  const found: Record<string, unknown> = {};
  for (const [field, name, read] of FOUND) found[field] = read(row[name], digits);
  return found as FoundAccount;
}

// The tables of accounts in SQL, made of their columns.

/** A database. */
type Engine = 'sqlite' | 'postgres';

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
