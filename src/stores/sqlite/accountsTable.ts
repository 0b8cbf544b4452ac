import { type StoreRow, streamOf } from '../../history/codec.js';
import type { ReadAppendStore, StreamId } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import { checkpointMoved } from '../../history/projection.js';
import type { TillIndex } from '../../jobs/reports/runPaymentsReport.js';
import {
  accountColumns,
  columnNames,
  foundNames,
  storedInstant,
  type TableName,
} from '../readModels/accountColumns.js';
import {
  holdLong,
  type RowsOfAccount,
  rowsOfLong,
  rowsOfStoredAccount,
  takeLong,
} from '../readModels/accountRows.js';
import {
  type AccountsProjectionOptions,
  type Build,
  type Change,
  followBeside,
  type RebuildAccountsOptions,
  type RebuiltAccounts,
  type RebuiltBuilds,
  rebuildBeside,
  streamsOf,
} from '../readModels/buildBeside.js';
import {
  type AccountsQuery,
  accountsQuery,
  assertComplete,
  assertOwnLayout,
  type FindAccountsForm,
  type FoundAccounts,
  LAYOUT,
} from '../readModels/findAccountsForm.js';
import {
  assertDatabase,
  inTransaction,
  keptStatement,
  type SqliteDatabase,
  withNamedErrors,
} from './sqliteDatabase.js';
import type { SqliteProjection } from './sqliteTransaction.js';

// Which build of the tables of accounts is in use, and whether it is complete.

const FIRST_COMPLETE = `
  insert into patron_fees_read_model (name, layout, is_complete)
  select 'accounts', ?, 1 where not exists (select 1 from patron_fees_read_model where name = 'accounts')
    and not exists (select 1 from patron_fees_event where institution <> ? or patron_id <> ?)`;

/** Marks the tables as complete if they are new, and the events of one account are the first ones of the database. */
function completeNew(database: SqliteDatabase, { institution, patronId }: StreamId): void {
  keptStatement(database, FIRST_COMPLETE).run(LAYOUT, institution, patronId);
}

/** Reads the state of the build in use. */
function stateOf(database: SqliteDatabase): StoreRow | undefined {
  const text = "select layout, is_complete, generation from patron_fees_read_model where name = 'accounts'";
  // To the end: after its first row, libsql keeps the view of the file that a statement has.
  return keptStatement(database, text).all()[0] as StoreRow | undefined;
}

/** Throws unless the tables are complete. Those of a new database without events are. */
function assertUsable(database: SqliteDatabase): void {
  const state = stateOf(database);
  const isNew =
    state === undefined &&
    database.prepare('select position from patron_fees_event limit 1').get() === undefined;
  if (!isNew) assertComplete(state);
}

/** Returns the build that appends keep; throws if only a later release can. */
function generationInUse(database: SqliteDatabase): number {
  const state = stateOf(database);
  assertOwnLayout(state);
  return Number(state?.generation ?? 0);
}

/** Says that the tables are kept by following: events may be in another store, so that new tables are not complete. */
function markFollowed(database: SqliteDatabase): void {
  const text = 'insert or ignore into patron_fees_read_model (name, layout, is_complete) values (?, ?, 0)';
  database.prepare(text).run('accounts', LAYOUT);
}

/** Every driver accepts null, although the types of some exclude it under older compilers. */
function values(given: readonly (string | number | null)[]): (string | number)[] {
  return given as (string | number)[];
}

const READ_EVENTS = `
  select version, recorded_at, event from patron_fees_event
  where institution = ? and patron_id = ? and version >= ? order by version`;

/**
 * Keeps the table of accounts, in the transaction of every append. Give it to the option `inline` of
 * {@link sqliteEventStore}, in every process that appends; then call {@link rebuildAccounts} once. Every append reads
 * and folds the account again; of the last account with a thousand events, only its own events.
 */
export const inlineAccounts: SqliteProjection = {
  name: 'accounts',
  apply: (events, database) => {
    const [first] = events;
    if (first === undefined) return;
    const { institution, patronId } = first;
    const generation = generationInUse(database);
    saveRows(database, rowsOfAppend(database, { institution, patronId }), generation);
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

/** Reads the events of an account, as stored. */
function eventsFrom(database: SqliteDatabase, { institution, patronId }: StreamId, version = 0): StoreRow[] {
  return keptStatement(database, READ_EVENTS).all(institution, patronId, version) as StoreRow[];
}

function savedVersion(database: SqliteDatabase, { institution, patronId }: StreamId): unknown {
  const text = 'select version from patron_fees_accounts where institution = ? and patron_id = ?';
  return (keptStatement(database, text).all(institution, patronId)[0] as StoreRow | undefined)?.version;
}

function inserter(database: SqliteDatabase, table: TableName, how: string, generation: number) {
  const names = columnNames(table);
  const places = names.map(() => ', ?').join('');
  const text = `${how} into patron_fees_${table}_all (generation, ${names.join(', ')}) values (?${places})`;
  const statement = keptStatement(database, text);
  return (row: Readonly<Record<string, string | number | null>>) =>
    statement.run(...values([generation, ...names.map((name) => row[name] ?? null)]));
}

const OF_ACCOUNT = 'generation = ? and institution = ? and patron_id = ?';

/** Replaces the rows of an account in a build, unless there are newer ones. */
function saveRows(
  database: SqliteDatabase,
  { account, owed, till, firstVersion }: RowsOfAccount,
  generation: number,
): void {
  const { institution, patron_id, version } = account;
  const key = [generation, institution, patron_id];
  const newer = `select 1 from patron_fees_accounts_all where ${OF_ACCOUNT} and version > ?`;
  if (keptStatement(database, newer).all(...key, version).length > 0) return;
  inserter(database, 'accounts', 'insert or replace', generation)(account);
  keptStatement(database, `delete from patron_fees_owed_all where ${OF_ACCOUNT}`).run(...key);
  owed.forEach(inserter(database, 'owed', 'insert', generation));
  // A purge has removed the events before the first one.
  const earlier = `delete from patron_fees_till_all where ${OF_ACCOUNT} and version < ?`;
  keptStatement(database, earlier).run(...key, firstVersion);
  till.forEach(inserter(database, 'till', 'insert or ignore', generation));
}

/**
 * Finds accounts in the table of accounts, by one indexed query.
 *
 * @param database - the database with the table
 * @param form - the conditions, the order and the page
 * @returns the accounts
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form;
 * `READ_MODEL_INCOMPLETE` if the table was not built yet, and with `patronId` if it lacks events of the account; with
 * `patronId`, the code of its fault (`CORRUPT_HISTORY`, `INVALID_EVENT`, or `READ_MODEL_INCOMPLETE` for any other) if the
 * account cannot be read or is parked
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
    const rows = keptStatement(database, findStatement(query)).all(...query.values);
    return page(rows as StoreRow[]);
  });
}

/**
 * Returns the statement that finds accounts: selects a page first, and then the balances of its accounts; without
 * accounts a row without a patron.
 */
export function findStatement({ where, order, any, faulty, limit }: Omit<AccountsQuery, 'page'>): string {
  return `
    select state.faulty, page.*, ${foundNames(accountColumns).join(', ')}
    from (select ${faulty} as faulty) state
    left join (
      select * from patron_fees_owed where ${where} order by ${order} limit case when ${any} then ${limit} else 0 end
    ) page on true
    left join patron_fees_accounts using (institution, patron_id)
    order by ${order}`;
}

const TILL_PAGE = 1_000;

/** The table does not have all movements of an account that cannot be read, or is parked. */
export const FAULTY =
  'select patron_id from patron_fees_accounts where institution = ? and fault is not null';

/**
 * Returns the index of a table of accounts by the time of payments and refunds, for
 * {@link reports.runPaymentsReport | runPaymentsReport}: the till of a day then reads the accounts of that day
 * only.
 *
 * @param database - the database with the table, kept inline or by following
 * @returns the index; it rejects with `READ_MODEL_INCOMPLETE` if the table was not built yet
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { definePolicy } from 'patron-fees';
 * import { runPaymentsReport } from 'patron-fees/reports';
 * import { inlineAccounts, migrate, rebuildAccounts, sqliteEventStore, tillIndex } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = sqliteEventStore(database, { inline: [inlineAccounts] });
 * await rebuildAccounts(database);
 * const form = { institution: 'north', timeZone: 'America/New_York', from: '2026-03-02', through: '2026-03-02' };
 * const policy = definePolicy({ currency: 'USD' });
 * (await runPaymentsReport(store, policy, form, { till: tillIndex(database) })).total.net; //=> '0.00'
 * ```
 */
export function tillIndex(database: SqliteDatabase): TillIndex {
  assertDatabase(database);
  return {
    accounts: async function* (institution, { from, before, by }) {
      withNamedErrors(() => assertUsable(database));
      const page = database.prepare(tillStatement(by));
      const faulty = withNamedErrors(() => database.prepare(FAULTY).all(institution)) as StoreRow[];
      const seen = new Set(faulty.map(({ patron_id }) => String(patron_id)));
      for (const patronId of seen) yield { institution, patronId };
      let last: readonly [time: string, patronId: string] = [storedInstant(from), ''];
      for (;;) {
        const values = [institution, storedInstant(before), last[0], last[0], last[1]];
        const rows = withNamedErrors(() => page.all(...values)) as StoreRow[];
        for (const { patron_id } of rows) {
          const patronId = String(patron_id);
          if (seen.has(patronId)) continue;
          seen.add(patronId);
          yield { institution, patronId };
        }
        const end = rows.at(-1);
        if (end === undefined) return;
        last = [String(end.time), String(end.patron_id)];
      }
    },
  };
}

/** Returns the statement for a page of movements after a time and a patron. */
export function tillStatement(by: 'at' | 'recordedAt'): string {
  const time = by === 'at' ? 'at' : 'recorded_at';
  return `
    select distinct ${time} as time, patron_id from patron_fees_till
    where institution = ? and ${time} < ? and ${time} >= ? and (${time} > ? or patron_id > ?)
    order by ${time}, patron_id limit ${TILL_PAGE}`;
}

/**
 * Builds a new table of accounts from the events in the same database. Meanwhile the table in use answers queries and
 * is updated by appends; the new one then replaces it in one transaction. Needed once before the first
 * {@link findAccounts}, after a backup was restored, and after an upgrade that changes the table. If it ends early,
 * the next call continues.
 *
 * @param database - the database with the events
 * @param options - whether to build nothing if the table is complete; signal, progress
 * @returns the number of accounts, and of those that cannot be read (their `fault` is in the table)
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or if a later release
 * or {@link history.follow | follow} keeps the table; `CHECKPOINT_MOVED` if another program builds it too, and
 * continues; the signal's reason
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
  return rebuildBeside(buildsIn(database), options);
}

/**
 * Returns a projection that updates the table of accounts after events are appended: for {@link history.follow | follow} and
 * {@link history.catchUp | catchUp}. The events may be in another store, for example NATS. Its checkpoint is in the
 * same database, and moves in the transaction of the rows. Without one, or after an upgrade that changes the table, it
 * builds a new table; a table in use answers queries until the new one has all events and replaces it, in one
 * transaction. {@link findAccounts} is refused until all events were applied once; create the projection before the
 * first query, since a new database without events counts as complete.
 *
 * @param database - the database with the table
 * @param store - the store with the events
 * @param options - whether to rebuild the table
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
export function accountsProjection(
  database: SqliteDatabase,
  store: ReadAppendStore,
  options: AccountsProjectionOptions = {},
): FollowedProjection {
  assertDatabase(database);
  const projection = followBeside(buildsIn(database), store, options);
  withNamedErrors(() => markFollowed(database));
  return projection;
}

/** The number of accounts of a page: other writers wait as long as it takes to write. */
const PAGE_SIZE = 100;

const BEGIN = `
  insert or replace into patron_fees_read_model (name, layout, is_complete, cursor, generation)
  values (?, ${LAYOUT}, 0, ?, 1 + max(
    (select coalesce(max(generation), 0) from patron_fees_read_model),
    (select coalesce(max(generation), 0) from patron_fees_accounts_all)
  )) returning generation`;

const MOVE = `
  update patron_fees_read_model set cursor = ? where name = ? and generation = ? and cursor is ? returning name`;

const ACCOUNTS_AFTER = `
  select distinct institution, patron_id from patron_fees_event
  where (institution, patron_id) > (?, ?) order by institution, patron_id limit ${PAGE_SIZE}`;

const CHANGES_AFTER = `
  select position, institution, patron_id from patron_fees_event as event
  where position > ? and not exists (
    select 1 from patron_fees_accounts_all as known where known.generation = ?
      and known.institution = event.institution and known.patron_id = event.patron_id and known.version >= event.version
  ) order by position limit ${PAGE_SIZE}`;

const EARLIER = `
  select generation, institution, patron_id from patron_fees_accounts_all
  where generation < (select generation from patron_fees_read_model where name = 'accounts')
    and generation not in (select generation from patron_fees_read_model) limit ${PAGE_SIZE}`;

function buildsIn(database: SqliteDatabase): RebuiltBuilds {
  const all = (text: string, ...given: (string | number | null)[]) =>
    database.prepare(text).all(...values(given)) as StoreRow[];
  const read = async <Result>(task: () => Result) => withNamedErrors(task);
  const run = async <Result>(task: () => Result) => {
    const result = withNamedErrors(() => inTransaction(database, task));
    // Lets timers and other requests run: calls of SQLite are synchronous.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return result;
  };
  const move = ({ name, generation, cursor }: Build, to: string | null) => {
    if (all(MOVE, to, name, generation, cursor).length === 0) throw checkpointMoved(cursor ?? undefined);
  };
  const take = (build: Build) => {
    move(build, build.name === 'accounts rebuilt' ? null : build.cursor);
    if (build.name !== 'accounts')
      database.exec("delete from patron_fees_read_model where name = 'accounts'");
    const text = "update patron_fees_read_model set name = 'accounts', is_complete = 1 where name = ?";
    database.prepare(text).run(build.name);
  };
  const rowsOf = (streams: readonly StreamId[]) =>
    streams.map((stream) => rowsOfStoredAccount(stream, eventsFrom(database, stream)));
  const changesAfter = (place: string, generation: number): readonly Change[] =>
    all(CHANGES_AFTER, Number(place), generation).map((row) => ({
      stream: streamOf(row),
      place: String(row.position),
    }));
  return {
    pageSize: PAGE_SIZE,
    states: () =>
      read(() =>
        Object.fromEntries(all('select * from patron_fees_read_model').map((row) => [String(row.name), row])),
      ),
    begin: (name, cursor) => run(() => Number(all(BEGIN, name, cursor)[0]?.generation)),
    save: (build, cursor, accounts) =>
      run(() => {
        move(build, cursor);
        for (const rows of accounts) saveRows(database, rows, build.generation);
      }),
    takeIntoUse: (build) => run(() => take(build)),
    removeEarlier: () =>
      run(() => {
        const found = all(EARLIER);
        for (const { generation, institution, patron_id } of found) {
          for (const table of ['accounts', 'owed', 'till']) {
            const where = 'generation = ? and institution = ? and patron_id = ?';
            database
              .prepare(`delete from patron_fees_${table}_all where ${where}`)
              .run(Number(generation), String(institution), String(patron_id));
          }
        }
        return found.length === PAGE_SIZE;
      }),
    accountsAfter: (last) => read(() => all(ACCOUNTS_AFTER, ...last).map(streamOf)),
    rowsOf: (streams) => read(() => rowsOf(streams)),
    horizon: () =>
      read(() => String(all('select coalesce(max(position), 0) as last from patron_fees_event')[0]?.last)),
    changesAfter: (place, generation) => read(() => changesAfter(place, generation)),
    switchTo: (build, after) =>
      run(() => {
        const changes = changesAfter(after, build.generation);
        if (changes.length === PAGE_SIZE) return false;
        for (const rows of rowsOf(streamsOf(changes))) saveRows(database, rows, build.generation);
        take(build);
        return true;
      }),
    count: () =>
      read(() => {
        const [counts] = all(
          'select count(*) as accounts, count(fault) as unreadable from patron_fees_accounts',
        );
        return { accounts: Number(counts?.accounts), unreadable: Number(counts?.unreadable) };
      }),
  };
}
