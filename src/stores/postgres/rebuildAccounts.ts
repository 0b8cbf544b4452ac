import type { StreamId } from '../../history/eventStore.js';
import {
  checkedRebuildOptions,
  type RebuildAccountsOptions,
  type RebuiltAccounts,
} from '../readModels/accountRows.js';
import { assertOwnLayout, LAYOUT } from '../readModels/findAccountsForm.js';
import { errorCodeOf, type PostgresRow, type Queryable } from './queryable.js';
import { rowsIn, saveRows } from './savedAccounts.js';
import { ownSession, type Session } from './session.js';
import { type Build, beginBuild, moveBuild, removeEarlier, statesOf, takeIntoUse } from './tableState.js';

const PAGE_SIZE = 500;

/** Lists accounts by their ids, not in the order of `readAll`, which lags behind. */
const NEXT_ACCOUNTS = `
  select '=' || institution as institution, '=' || patron_id as patron_id from (
    select distinct institution, patron_id from patron_fees_event
    where (institution, patron_id) > ($1, $2) order by institution, patron_id limit ${PAGE_SIZE}
  ) as account order by account.institution, account.patron_id`;

/** The lowest transaction of an event that nobody sees yet. */
const HORIZON = `
  select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + transaction_offset)::text as horizon
  from patron_fees_schema`;

/** The accounts to which was appended meanwhile, by this release or another one, with this projection or without it. */
const CHANGED = `
  select transaction::text as transaction, '=' || institution as institution, '=' || patron_id as patron_id
  from patron_fees_event as event
  where event.transaction >= $1 and not exists (
    select from patron_fees_accounts_all as known where known.generation = $2
      and known.institution = event.institution and known.patron_id = event.patron_id and known.version >= event.version
  ) order by event.transaction, event.position limit ${PAGE_SIZE}`;

/**
 * Builds the table of accounts anew from the events in the same database, beside the one in use, which answers queries
 * and is kept by appends until the new one takes its place in one transaction. Needed once before the first
 * {@link findAccounts}, after a backup was restored, and after an upgrade that changes the table. If it ends early, the
 * next call continues.
 *
 * At its end it waits for transactions that have appended and are still open.
 *
 * @param database - a `Pool` of pg or PGlite
 * @param options - whether to do nothing for a complete table; signal, progress
 * @returns the number of accounts, and of those that cannot be read (their `fault` is in the table)
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options or a single client, or
 * if a later release keeps the table; `CHECKPOINT_MOVED` if another program builds it too, and continues; the signal's
 * reason
 */
export async function rebuildAccounts(
  database: Queryable,
  options: RebuildAccountsOptions = {},
): Promise<RebuiltAccounts> {
  const { signal, unlessComplete } = checkedRebuildOptions(options);
  const session = ownSession(database, { namedStatements: false });
  let place: Place | undefined = await session.atomically(({ rows }) => placeOf(rows, unlessComplete));
  let accounts = 0;
  while (place !== undefined) {
    signal?.throwIfAborted();
    const { next, saved } = await (place.last === null ? saveChanged : savePage)(session, place);
    place = next;
    accounts += saved;
    if (saved > 0) options.onProgress?.({ accounts });
  }
  let mayRemove = true;
  while (mayRemove && !signal?.aborted) mayRemove = await removeEarlier(session.rows);
  const [counts] = await session.rows(
    'select count(*)::integer as accounts, count(fault)::integer as unreadable from patron_fees_accounts',
  );
  return { accounts: Number(counts?.accounts), unreadable: Number(counts?.unreadable) };
}

/** How far a rebuild is. */
type Place = Build & {
  /** The transaction of the first events that its rows may lack. */
  readonly after: string;
  /** The last account of the pass over all accounts; null after it. */
  readonly last: readonly [institution: string, patronId: string] | null;
};

type Step = { readonly next: Place | undefined; readonly saved: number };

/** Returns the place of an unfinished rebuild, or of a new one. */
async function placeOf(rows: Session['rows'], unlessComplete: boolean): Promise<Place | undefined> {
  const name = 'accounts rebuilt';
  const { accounts: inUse, [name]: state } = await statesOf(rows);
  assertOwnLayout(inUse);
  if (unlessComplete && Number(inUse?.layout) === LAYOUT && Number(inUse?.is_complete) === 1)
    return undefined;
  if (Number(state?.layout) === LAYOUT) {
    const cursor = String(state?.cursor);
    return { name, generation: Number(state?.generation), cursor, ...JSON.parse(cursor) };
  }
  const [row] = await rows(HORIZON);
  const begin = { after: String(row?.horizon), last: ['', ''] as const };
  const cursor = JSON.stringify(begin);
  return { name, generation: await beginBuild(rows, name, cursor), cursor, ...begin };
}

/** Saves a page of the pass over all accounts. */
async function savePage(session: Session, place: Place): Promise<Step> {
  const page = streamsOf(await session.rows(NEXT_ACCOUNTS, [...(place.last as readonly string[])]));
  const end = page.at(-1);
  const last = end === undefined ? null : ([end.institution, end.patronId] as const);
  return { next: await savePlace(session, place, page, { after: place.after, last }), saved: page.length };
}

/** Saves the accounts that have changed meanwhile; takes the build into use when they are few. */
async function saveChanged(session: Session, place: Place): Promise<Step> {
  const [row] = await session.rows(HORIZON);
  const changed = await session.rows(CHANGED, [place.after, place.generation]);
  const reached = [
    String(row?.horizon),
    ...(changed.length < PAGE_SIZE ? [] : changed.slice(-1).map(({ transaction }) => String(transaction))),
  ];
  const after = reached.reduce((a, b) => (BigInt(a) < BigInt(b) ? a : b));
  const streams = streamsOf(changed);
  const next = await savePlace(session, place, streams, { after, last: null });
  const isInUse = changed.length < PAGE_SIZE && (await session.atomically(switchTo(next)).catch(isLocked));
  return { next: isInUse ? undefined : next, saved: streams.length };
}

/** Saves accounts, and the place after them, in one transaction. */
async function savePlace(
  session: Session,
  place: Place,
  streams: readonly StreamId[],
  to: Pick<Place, 'after' | 'last'>,
): Promise<Place> {
  // Before the transaction: a pool may have only one connection.
  const found = await rowsIn(session.rows, streams);
  const cursor = JSON.stringify(to);
  await session.atomically(async ({ rows }) => {
    await moveBuild(rows, place, cursor);
    await saveRows(rows, found, place.generation);
  });
  return { ...place, ...to, cursor };
}

/**
 * Takes a build into use while nobody appends with the table. The lock waits for open transactions, and appends wait for
 * the lock, so it gives up soon; readers never wait. It is the first statement, so that those after it see all appends.
 */
function switchTo(place: Place) {
  return async ({ rows }: Pick<Session, 'rows'>): Promise<boolean> => {
    await rows("set local lock_timeout = '100ms'");
    await rows('lock table patron_fees_accounts_all in share row exclusive mode');
    const changed = await rows(CHANGED, [place.after, place.generation]);
    if (changed.length === PAGE_SIZE) return false;
    await saveRows(rows, await rowsIn(rows, streamsOf(changed)), place.generation);
    await takeIntoUse(rows, place);
    return true;
  };
}

const LOCK_NOT_AVAILABLE = '55P03';

async function isLocked(error: unknown): Promise<false> {
  if (errorCodeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return false;
}

/** Returns the accounts of rows, each once. */
function streamsOf(found: readonly PostgresRow[]): readonly StreamId[] {
  const streams = new Map<string, StreamId>();
  for (const row of found) {
    const [institution, patronId] = [String(row.institution).slice(1), String(row.patron_id).slice(1)];
    streams.set(`${institution}\u0000${patronId}`, { institution, patronId });
  }
  return [...streams.values()];
}
