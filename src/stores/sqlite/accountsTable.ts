import type { StoreRow } from '../../history/codec.js';
import { assertStore, type ReadAppendStore, type StreamId } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import { checkpointMoved } from '../../history/projection.js';
import { accountColumns, foundNames } from '../readModels/accountColumns.js';
import {
  checkedRebuildOptions,
  type RebuildAccountsOptions,
  type RebuiltAccounts,
  type RowsOfAccount,
  rowsOfStoredAccount,
  rowsOfStreams,
} from '../readModels/accountRows.js';
import { columnNames, type TableName } from '../readModels/accountTables.js';
import {
  type AccountsQuery,
  accountsQuery,
  type FindAccountsForm,
  type FoundAccounts,
  LAYOUT,
  newMark,
} from '../readModels/findAccountsForm.js';
import { holdLong, rowsOfLong, takeLong } from '../readModels/longAccount.js';
import { assertDatabase, inTransaction, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import type { SqliteProjection } from './sqliteProjection.js';
import {
  assertUsable,
  completeNew,
  endBuild,
  markFollowed,
  resetTables,
  setComplete,
  stateOf,
  values,
} from './tableState.js';

const READ_EVENTS = `
  select version, recorded_at, event from patron_fees_event
  where institution = ? and patron_id = ? and version >= ? order by version`;

/**
 * Keeps the table of accounts, in the transaction of every append. Give it to the option `inline` of
 * {@link sqliteEventStore}, in every process that appends; then call {@link rebuildAccounts} once. Every append reads and
 * folds the account again; of the last account with a thousand events, only its own events.
 */
export const inlineAccounts: SqliteProjection = {
  apply: (events, database) => {
    const [first] = events;
    if (first === undefined) return;
    const { institution, patronId } = first;
    saveRows(database, rowsOfAppend(database, { institution, patronId }));
    completeNew(database, { institution, patronId });
  },
};

function rowsOfAppend(database: SqliteDatabase, stream: StreamId): RowsOfAccount {
  const long = takeLong(database, [stream]);
  let stored = eventsFrom(database, stream, long?.state.eventCount);
  let rows = long && rowsOfLong(long, stored, savedVersion(database, stream));
  if (long !== undefined && rows === undefined) stored = eventsFrom(database, stream);
  rows ??= rowsOfStoredAccount(stream, stored);
  holdLong(database, stream, rows, stored.at(-1));
  return rows;
}

function eventsFrom(database: SqliteDatabase, { institution, patronId }: StreamId, version = 0): StoreRow[] {
  return database.prepare(READ_EVENTS).all(institution, patronId, version) as StoreRow[];
}

function savedVersion(database: SqliteDatabase, { institution, patronId }: StreamId): unknown {
  const text = 'select version from patron_fees_accounts where institution = ? and patron_id = ?';
  return (database.prepare(text).get(institution, patronId) as StoreRow | undefined)?.version;
}

function inserter(database: SqliteDatabase, table: TableName, how: string) {
  const names = columnNames(table);
  const places = names.map(() => '?').join(', ');
  const text = `${how} into patron_fees_${table} (${names.join(', ')}) values (${places})`;
  const statement = database.prepare(text);
  return (row: Readonly<Record<string, string | number | null>>) =>
    statement.run(...values(names.map((name) => row[name] ?? null)));
}

/** Replaces the rows of an account, unless there are newer ones. */
function saveRows(database: SqliteDatabase, { account, owed, till, firstVersion }: RowsOfAccount): void {
  const { institution, patron_id, version } = account;
  if (Number(savedVersion(database, { institution, patronId: patron_id }) ?? 0) > version) return;
  inserter(database, 'accounts', 'insert or replace')(account);
  database
    .prepare('delete from patron_fees_owed where institution = ? and patron_id = ?')
    .run(institution, patron_id);
  owed.forEach(inserter(database, 'owed', 'insert'));
  // A purge has removed the events before the first one.
  database
    .prepare('delete from patron_fees_till where institution = ? and patron_id = ? and version < ?')
    .run(institution, patron_id, firstVersion);
  till.forEach(inserter(database, 'till', 'insert or ignore'));
}

/**
 * Finds accounts in the table of accounts, by one indexed query.
 *
 * @param database - the database with the table
 * @param form - the conditions, the order and the page
 * @returns the accounts
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form;
 * `READ_MODEL_INCOMPLETE` if the table was not built yet
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { definePolicy } from 'patron-fees';
 * import { execute } from 'patron-fees/history';
 * import { findAccounts, inlineAccounts, migrate, rebuildAccounts, sqliteEventStore } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = sqliteEventStore(database, { inline: [inlineAccounts] });
 * await rebuildAccounts(database);
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '62.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', currency: 'USD', owner: 'MAIN', owedAbove: '50.00' };
 * const { accounts } = await findAccounts(database, form);
 * accounts.map(({ patronId, owed }) => [patronId, owed]); //=> [['dverma', '62.50']]
 * ```
 */
export async function findAccounts(database: SqliteDatabase, form: FindAccountsForm): Promise<FoundAccounts> {
  assertDatabase(database);
  const { page, ...query } = accountsQuery(form);
  return withNamedErrors(() => {
    assertUsable(database);
    const rows = database.prepare(findStatement(query)).all(...query.values);
    return page(rows as StoreRow[]);
  });
}

/** Returns the statement that finds accounts: selects a page first, and then the balances of its accounts. */
export function findStatement({ where, order, any, limit }: Omit<AccountsQuery, 'page'>): string {
  return `
    select page.*, ${foundNames(accountColumns).join(', ')}
    from (
      select * from patron_fees_owed where ${where} order by ${order} limit case when ${any} then ${limit} else 0 end
    ) page
    cross join patron_fees_accounts using (institution, patron_id)
    order by ${order}`;
}

/** The number of accounts in a transaction: other writers wait as long. */
const PAGE_SIZE = 100;

/**
 * Rebuilds the table of accounts from the events in the same database. Needed once before the first
 * {@link findAccounts}, after a backup was restored, and after an upgrade that changes the table. Appends with
 * {@link inlineAccounts} may continue meanwhile. If it ends early, run it again.
 *
 * @param database - the database with the events
 * @param options - signal, progress
 * @returns the number of accounts, and of those that cannot be read (their `fault` is in the table)
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options;
 * `CHECKPOINT_MOVED` if another program began to build it too, and continues; the signal's reason
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { migrate, rebuildAccounts } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * (await rebuildAccounts(database)).accounts; //=> 0
 * ```
 */
export async function rebuildAccounts(
  database: SqliteDatabase,
  options: RebuildAccountsOptions = {},
): Promise<RebuiltAccounts> {
  assertDatabase(database);
  const { signal } = checkedRebuildOptions(options);
  const build = crypto.randomUUID();
  withNamedErrors(() => inTransaction(database, () => resetTables(database, build)));
  const next = database.prepare(
    `select distinct institution, patron_id from patron_fees_event
     where (institution, patron_id) > (?, ?) order by institution, patron_id limit ${PAGE_SIZE}`,
  );
  let accounts = 0;
  for (let last = ['', '']; ; ) {
    signal?.throwIfAborted();
    const streams = withNamedErrors(() =>
      inTransaction(database, () => {
        const page = (next.all(...last) as StoreRow[]).map(({ institution, patron_id }) => ({
          institution: String(institution),
          patronId: String(patron_id),
        }));
        for (const one of page) saveRows(database, rowsOfStoredAccount(one, eventsFrom(database, one)));
        if (page.length === 0) endBuild(database, build);
        return page;
      }),
    );
    const end = streams.at(-1);
    if (end === undefined) break;
    accounts += streams.length;
    last = [end.institution, end.patronId];
    options.onProgress?.({ accounts });
    // Lets timers and other requests run: calls of SQLite are synchronous.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const text = 'select count(*) as unreadable from patron_fees_accounts where fault is not null';
  const { unreadable } = database.prepare(text).get() as StoreRow;
  return { accounts, unreadable: Number(unreadable) };
}

/**
 * Returns a projection that keeps the table of accounts after the fact: for {@link history.follow | follow} and
 * {@link history.catchUp | catchUp}. The events may be in another store, for example NATS. Its checkpoint is in the
 * same database, and moves in the transaction of the rows; without one it rebuilds the table. {@link findAccounts} is
 * refused until all events were applied once; create the projection before the first query, since a new database
 * without events counts as complete.
 *
 * @param database - the database with the table
 * @param store - the store with the events
 * @returns the projection, with its checkpoint
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { catchUp, memoryEventStore } from 'patron-fees/history';
 * import { accountsProjection, findAccounts, migrate } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
 * const projection = accountsProjection(database, store);
 * await catchUp(store, projection, projection.checkpoint);
 * (await findAccounts(database, { institution: 'north', currency: 'USD' })).accounts; //=> []
 * ```
 */
export function accountsProjection(database: SqliteDatabase, store: ReadAppendStore): FollowedProjection {
  assertDatabase(database);
  assertStore(store, 'read');
  const run = <Result>(task: () => Result) => withNamedErrors(() => inTransaction(database, task));
  let mark = 0;
  run(() => markFollowed(database));
  return {
    reset: () => {
      mark = newMark();
      run(() => resetTables(database, null, mark));
    },
    apply: async (events, cursor, previous, parked) => {
      const accounts = await rowsOfStreams(store, events, parked);
      run(() => {
        const moved = database
          .prepare(
            `update patron_fees_read_model set cursor = ?
             where name = 'accounts' and layout = ${LAYOUT} and cursor is ? returning cursor`,
          )
          .all(...values([cursor, previous ?? null]));
        if (moved.length === 0) throw checkpointMoved(previous);
        for (const rows of accounts) saveRows(database, rows);
      });
    },
    caughtUp: (cursor) => run(() => setComplete(database, cursor, mark)),
    checkpoint: {
      load: async () => {
        const state = withNamedErrors(() => stateOf(database));
        return Number(state?.layout) === LAYOUT ? (state?.cursor as string | null) : null;
      },
      save: async () => undefined,
    },
  };
}
