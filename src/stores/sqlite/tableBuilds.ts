import { type StoreRow, streamOf } from '../../history/codec.js';
import type { ReadAppendStore, StreamId } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import { checkpointMoved } from '../../history/projection.js';
import { rowsOfStoredAccount } from '../readModels/accountRows.js';
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
import { LAYOUT } from '../readModels/findAccountsForm.js';
import { eventsFrom, saveRows } from './accountsTable.js';
import { assertDatabase, inTransaction, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import { markFollowed, values } from './tableState.js';

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
