import type { ReadAppendStore } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import { checkpointMoved } from '../../history/projection.js';
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
import { CHANGE_BUILDS, rowsIn, saveRows, statesOf } from './accountsTable.js';
import { advisoryLock } from './dedicatedConnection.js';
import { errorCodeOf, ownSession, type Queryable, type Session } from './session.js';
import { HORIZON, NAMES, streamOf } from './statements.js';

/**
 * Builds a new table of accounts from the events in the same database. Meanwhile the table in use answers queries and
 * is updated by appends; the new one then replaces it in one transaction. Needed once before the first
 * {@link findAccounts}, after a backup was restored, and after an upgrade that changes the table. If it ends early,
 * the next call continues.
 *
 * At its end it waits for transactions that have appended and are still open.
 *
 * @param database - a `Pool` of pg or PGlite
 * @param options - whether to build nothing if the table is complete; signal, progress
 * @returns the number of accounts, and of those that cannot be read (their `fault` is in the table)
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options or a single client, or
 * if a later release or {@link history.follow | follow} keeps the table; `CHECKPOINT_MOVED` if another program builds
 * it too, and continues; the signal's reason
 */
export async function rebuildAccounts(
  database: Queryable,
  options: RebuildAccountsOptions = {},
): Promise<RebuiltAccounts> {
  return rebuildBeside(buildsIn(database), options);
}

/**
 * Returns a projection that updates the table of accounts after events are appended: for {@link history.follow | follow} and
 * {@link history.catchUp | catchUp}. The events may be in another store, for example NATS. Its checkpoint is in the
 * same database, and moves in the transaction of the rows. Without one, or after an upgrade that changes the table, it
 * builds a new table; a table in use answers queries until the new one has all events and replaces it, in one
 * transaction. {@link findAccounts} is refused until all events were applied once; start following before the first
 * query, since a new database without events counts as complete. An advisory lock lets one runner of `follow` at a
 * time work; it keeps a connection of the pool ({@link advisoryLock}).
 *
 * @param database - a `Pool` of pg or PGlite, with the table
 * @param store - the store with the events
 * @param options - whether to rebuild the table
 * @returns the projection, with its checkpoint and lock
 */
export function accountsProjection(
  database: Queryable,
  store: ReadAppendStore,
  options: AccountsProjectionOptions = {},
): FollowedProjection {
  const projection = followBeside(buildsIn(database), store, options);
  return { ...projection, lock: advisoryLock(database, 'patron_fees accounts') };
}

type Rows = Session['rows'];

const PAGE_SIZE = 500;

/** Says that the tables are kept by following: events may be in another store, so that new tables are not complete. */
const MARK_FOLLOWED = `
  insert into patron_fees_read_model (name, layout, is_complete) values ('accounts', ${LAYOUT}, 0) on conflict do nothing`;

const BEGIN = `
  insert into patron_fees_read_model as known (name, layout, is_complete, cursor, generation)
  select $1, ${LAYOUT}, 0, $2, 1 + greatest(
    (select max(generation) from patron_fees_read_model), (select max(generation) from patron_fees_accounts_all), 0)
  on conflict (name) do update
  set layout = excluded.layout, cursor = excluded.cursor, generation = excluded.generation
  returning generation`;

const MOVE = `
  update patron_fees_read_model set cursor = $1
  where name = $2 and generation = $3 and cursor is not distinct from $4 returning name`;

async function move(rows: Rows, { name, generation, cursor }: Build, to: string | null): Promise<void> {
  if ((await rows(MOVE, [to, name, generation, cursor])).length === 0)
    throw checkpointMoved(cursor ?? undefined);
}

async function take(rows: Rows, build: Build): Promise<void> {
  const isNext = build.name !== 'accounts';
  if (isNext) await rows(CHANGE_BUILDS);
  await move(rows, build, build.name === 'accounts rebuilt' ? null : build.cursor);
  if (isNext) await rows("delete from patron_fees_read_model where name = 'accounts'");
  const text = "update patron_fees_read_model set name = 'accounts', is_complete = 1 where name = $1";
  await rows(text, [build.name]);
}

/** The rows of some accounts in earlier builds, account by account, as for rows that an append replaces. */
const earlier = (table: 'owed' | 'till') => `
  delete from patron_fees_${table}_all where ctid = any (array(
    select known.ctid from account cross join lateral (
      select ctid from patron_fees_${table}_all
      where generation = account.generation and institution = account.institution and patron_id = account.patron_id
      order by ${table === 'owed' ? 'fee_type, owner' : 'version'}
    ) known
  ))`;

const REMOVE_EARLIER = `
  with account as materialized (
    select ctid, generation, institution, patron_id from patron_fees_accounts_all
    where generation < (select generation from patron_fees_read_model where name = 'accounts')
      and generation not in (select generation from patron_fees_read_model) limit ${PAGE_SIZE}
  ), owed as (${earlier('owed')}), till as (${earlier('till')})
  delete from patron_fees_accounts_all where ctid = any (array(select ctid from account)) returning generation`;

/** Lists accounts by their ids, not in the order of `readAll`, which lags behind. */
const ACCOUNTS_AFTER = `
  select ${NAMES} from (
    select distinct institution, patron_id from patron_fees_event
    where (institution, patron_id) > ($1, $2) order by institution, patron_id limit ${PAGE_SIZE}
  ) as account order by account.institution, account.patron_id`;

const CHANGES_AFTER = `
  select transaction::text as transaction, ${NAMES}
  from patron_fees_event as event
  where event.transaction >= $1 and not exists (
    select from patron_fees_accounts_all as known where known.generation = $2
      and known.institution = event.institution and known.patron_id = event.patron_id and known.version >= event.version
  ) order by event.transaction, event.position limit ${PAGE_SIZE}`;

async function changesAfter(rows: Rows, place: string, generation: number): Promise<readonly Change[]> {
  const found = await rows(CHANGES_AFTER, [place, generation]);
  return found.map((row) => ({ stream: streamOf(row), place: String(row.transaction) }));
}

function buildsIn(database: Queryable): RebuiltBuilds {
  const session = ownSession(database, { namedStatements: false });
  return {
    pageSize: PAGE_SIZE,
    states: () => statesOf(session.rows),
    begin: (name, cursor) =>
      session.atomically(async ({ rows }) => {
        if (name === 'accounts followed') await rows(MARK_FOLLOWED);
        await rows(CHANGE_BUILDS);
        return Number((await rows(BEGIN, [name, cursor]))[0]?.generation);
      }),
    save: (build, cursor, accounts) =>
      session.atomically(async ({ rows }) => {
        await move(rows, build, cursor);
        await saveRows(rows, accounts, build.generation);
      }),
    takeIntoUse: (build) => session.atomically(({ rows }) => take(rows, build)),
    removeEarlier: async () => (await session.rows(REMOVE_EARLIER)).length === PAGE_SIZE,
    accountsAfter: async (last) => (await session.rows(ACCOUNTS_AFTER, [...last])).map(streamOf),
    // Not in the transaction that saves them: a pool may have only one connection.
    rowsOf: (streams) => rowsIn(session.rows, streams),
    horizon: async () => String((await session.rows(HORIZON))[0]?.horizon),
    changesAfter: (place, generation) => changesAfter(session.rows, place, generation),
    switchTo: (build, after) => session.atomically(switchTo(build, after)).catch(isLocked),
    count: async () => {
      const text =
        'select count(*)::integer as accounts, count(fault)::integer as unreadable from patron_fees_accounts';
      const [counts] = await session.rows(text);
      return { accounts: Number(counts?.accounts), unreadable: Number(counts?.unreadable) };
    },
  };
}

/**
 * Takes a build into use while nobody appends with the table. The lock waits for open transactions, and appends wait
 * for the lock, so it gives up soon; readers never wait. It is the first statement, so that those after it see all
 * appends.
 */
function switchTo(build: Build, after: string) {
  return async ({ rows }: Pick<Session, 'rows'>): Promise<boolean> => {
    await rows("set local lock_timeout = '100ms'");
    await rows('lock table patron_fees_accounts_all in share row exclusive mode');
    const changes = await changesAfter(rows, after, build.generation);
    if (changes.length === PAGE_SIZE) return false;
    await saveRows(rows, await rowsIn(rows, streamsOf(changes)), build.generation);
    await take(rows, build);
    return true;
  };
}

const LOCK_NOT_AVAILABLE = '55P03';

async function isLocked(error: unknown): Promise<false> {
  if (errorCodeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return false;
}
