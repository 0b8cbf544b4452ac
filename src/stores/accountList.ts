import type { AccountPage, StreamId } from '../history/eventStore.js';
import { type CheckedPage, cursorInvalid } from '../history/storeArguments.js';

/** The two lists of accounts of a database. */
export type AccountLists = {
  /** Returns accounts in the order of their first events, after a position. */
  readonly begun: (
    position: string | undefined,
    limit: number | undefined,
  ) => AccountPage | Promise<AccountPage>;
  /** Searches the accounts after a given one, in the order of their ids, for those whose first event is missing. */
  readonly scan: (after: StreamId | undefined) => Scanned | Promise<Scanned>;
};

/** What a scan of {@link SCAN_SIZE} accounts found. */
export type Scanned = {
  /** The accounts whose first event is missing. */
  readonly headless: readonly StreamId[];
  /** The last account of the scan; undefined if it has reached the end. */
  readonly last: StreamId | undefined;
};

/** The number of accounts of a scan: other work of the process waits as long for one in SQLite. */
export const SCAN_SIZE = 5_000;

/**
 * Lists a page of the accounts: those that begin with their first event, and at the end, once, those without one. The
 * first list has an index; for the second one, every account is read.
 *
 * A cursor is a position in the first list; at the end of it followed by `!`, and by the account that the second list
 * has reached.
 */
export async function accountPage({ after, limit }: CheckedPage, lists: AccountLists): Promise<AccountPage> {
  const { position, reached } = placeOf(after);
  const { accounts, cursor } = await lists.begun(position, limit);
  const room = (limit ?? Number.POSITIVE_INFINITY) - accounts.length;
  if (reached === 'end' || room === 0) return { accounts, cursor: cursorOf(cursor, reached) };
  const { headless, last } = await headlessAfter(lists, reached, room);
  return { accounts: [...accounts, ...headless], cursor: cursorOf(cursor, last) };
}

/** Returns at most the given number of accounts without their first event, and the position reached. */
async function headlessAfter(
  { scan }: AccountLists,
  after: StreamId | undefined,
  limit: number,
): Promise<{ readonly headless: readonly StreamId[]; readonly last: StreamId | 'end' }> {
  const headless: StreamId[] = [];
  for (let reached = after; ; ) {
    const found = await scan(reached);
    headless.push(...found.headless);
    if (headless.length >= limit) {
      const page = headless.slice(0, limit);
      return { headless: page, last: page.at(-1) as StreamId };
    }
    if (found.last === undefined) return { headless, last: 'end' };
    reached = found.last;
    // Lets timers and other requests run: calls of SQLite are synchronous.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** How far the second list was read. */
type Reached = StreamId | 'end' | undefined;

function cursorOf(position: string, reached: Reached): string {
  if (reached === undefined) return position;
  return `${position}!${reached === 'end' ? '' : JSON.stringify([reached.institution, reached.patronId])}`;
}

function placeOf(cursor: string | undefined): { position: string | undefined; reached: Reached } {
  const end = cursor?.indexOf('!') ?? -1;
  if (cursor === undefined || end < 0) return { position: cursor, reached: undefined };
  const position = cursor.slice(0, end);
  const rest = cursor.slice(end + 1);
  return { position, reached: rest === '' ? 'end' : streamIn(rest, cursor) };
}

function streamIn(text: string, cursor: string): StreamId {
  try {
    const [institution, patronId] = JSON.parse(text) as readonly unknown[];
    if (typeof institution === 'string' && typeof patronId === 'string') return { institution, patronId };
  } catch {
    // Not a cursor, as for every other text.
  }
  throw cursorInvalid(cursor);
}
