import type { StoreRow } from '../../history/codec.js';
import {
  checkedRebuildOptions,
  type RebuildAccountsOptions,
  type RebuiltAccounts,
  rowsOfStoredAccount,
} from '../readModels/accountRows.js';
import { assertOwnLayout, LAYOUT } from '../readModels/findAccountsForm.js';
import { eventsFrom, saveRows } from './accountsTable.js';
import { assertDatabase, inTransaction, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import { type Build, beginBuild, moveBuild, removeEarlier, stateOf, takeIntoUse } from './tableState.js';

/** The number of accounts in a transaction: other writers wait as long. */
const PAGE_SIZE = 100;

/**
 * Builds the table of accounts anew from the events in the same database, beside the one in use, which answers queries
 * and is kept by appends until the new one takes its place in one transaction. Needed once before the first
 * {@link findAccounts}, after a backup was restored, and after an upgrade that changes the table. If it ends early, the
 * next call continues.
 *
 * @param database - the database with the events
 * @param options - whether to do nothing for a complete table; signal, progress
 * @returns the number of accounts, and of those that cannot be read (their `fault` is in the table)
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or if a later release
 * keeps the table; `CHECKPOINT_MOVED` if another program builds it too, and continues; the signal's reason
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
  const { signal, unlessComplete } = checkedRebuildOptions(options);
  const run = <Result>(task: () => Result) => withNamedErrors(() => inTransaction(database, task));
  let place = run(() => {
    const state = stateOf(database);
    assertOwnLayout(state);
    const isCurrent = Number(state?.layout) === LAYOUT && Number(state?.is_complete) === 1;
    return unlessComplete && isCurrent ? undefined : placeOf(database);
  });
  let accounts = 0;
  while (place !== undefined) {
    signal?.throwIfAborted();
    const from = place;
    const { next, saved } = run(() => buildPage(database, from));
    place = next;
    accounts += saved;
    if (saved > 0) options.onProgress?.({ accounts });
    // Lets timers and other requests run: calls of SQLite are synchronous.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  while (!signal?.aborted && run(() => removeEarlier(database))) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const text = 'select count(*) as accounts, count(fault) as unreadable from patron_fees_accounts';
  const counts = database.prepare(text).get() as StoreRow;
  return { accounts: Number(counts.accounts), unreadable: Number(counts.unreadable) };
}

/** How far a rebuild is. */
type Place = Build & {
  /** The position of the first events that its rows may lack. */
  readonly after: number;
  /** The last account of the pass over all accounts; null after it. */
  readonly last: readonly [institution: string, patronId: string] | null;
};

/** Returns the place of an unfinished rebuild, or of a new one. */
function placeOf(database: SqliteDatabase): Place {
  const name = 'accounts rebuilt';
  const state = stateOf(database, name);
  if (Number(state?.layout) === LAYOUT) {
    const cursor = String(state?.cursor);
    return { name, generation: Number(state?.generation), cursor, ...JSON.parse(cursor) };
  }
  const text = 'select coalesce(max(position), 0) as after from patron_fees_event';
  const { after } = database.prepare(text).get() as StoreRow;
  const begin = { after: Number(after), last: ['', ''] as const };
  const cursor = JSON.stringify(begin);
  return { name, generation: beginBuild(database, name, cursor), cursor, ...begin };
}

const NEXT_ACCOUNTS = `
  select distinct institution, patron_id from patron_fees_event
  where (institution, patron_id) > (?, ?) order by institution, patron_id limit ${PAGE_SIZE}`;

/** The accounts to which was appended meanwhile, by this release or another one, with this projection or without it. */
const CHANGED = `
  select position, institution, patron_id from patron_fees_event as event
  where position > ? and not exists (
    select 1 from patron_fees_accounts_all as known where known.generation = ?
      and known.institution = event.institution and known.patron_id = event.patron_id and known.version >= event.version
  ) order by position limit ${PAGE_SIZE}`;

/** Saves a page of accounts; the last page takes the build into use, in the same transaction. */
function buildPage(database: SqliteDatabase, place: Place): { next: Place | undefined; saved: number } {
  const { after, last, generation } = place;
  const page = (
    last === null
      ? database.prepare(CHANGED).all(after, generation)
      : database.prepare(NEXT_ACCOUNTS).all(...last)
  ) as StoreRow[];
  for (const row of page) {
    const stream = { institution: String(row.institution), patronId: String(row.patron_id) };
    saveRows(database, rowsOfStoredAccount(stream, eventsFrom(database, stream)), generation);
  }
  const end = page.at(-1);
  if (last === null && page.length < PAGE_SIZE) {
    takeIntoUse(database, place);
    return { next: undefined, saved: page.length };
  }
  const to =
    last === null
      ? { after: Number(end?.position), last }
      : {
          after,
          last: end === undefined ? null : ([String(end.institution), String(end.patron_id)] as const),
        };
  const cursor = JSON.stringify(to);
  moveBuild(database, place, cursor);
  return { next: { ...place, ...to, cursor }, saved: page.length };
}
