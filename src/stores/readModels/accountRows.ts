// The rows of the table `accounts` and its parts, computed from an account; SQLite and PostgreSQL store the same ones.
import * as v from 'valibot';
import { agesFrom, isAccruing } from '../../account/accrual.js';
import { owed } from '../../account/fee.js';
import { applyAll } from '../../account/fold.js';
import {
  type AccountState,
  balancesInMinorUnits,
  emptyAccount,
  type PatronAccount,
} from '../../account/patronAccount.js';
import { isPatronFeesError } from '../../errors.js';
import { accountEvents, recordedEventOf, type StoreRow } from '../../history/codec.js';
import { assertConsecutive } from '../../history/consecutive.js';
import {
  type ReadAppendStore,
  type RecordedEvent,
  type StoredAccountEvent,
  type StreamId,
  streamName,
} from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';

/** The row of one account. Amounts are integers in minor units. */
export type AccountRow = {
  readonly institution: string;
  readonly patron_id: string;
  readonly version: number;
  /** Null for an account without amounts, or one that cannot be read. */
  readonly currency: string | null;
  readonly active: number;
  readonly disputed: number;
  readonly transferred: number;
  readonly payable: number;
  readonly last_activity_at: string;
  /** Why the account cannot be read: the code of the error; null for every other account. */
  readonly fault: string | null;
};

/** What is owed on the fees of one type and owner, or of all types or owners ({@link ALL}). */
export type OwedRow = {
  readonly institution: string;
  readonly patron_id: string;
  readonly fee_type: string;
  readonly owner: string;
  readonly currency: string;
  /** Owed on all these fees; always above 0. */
  readonly owed: number;
  /** The part of it on disputed fees. */
  readonly owed_disputed: number;
  /** The part of it on fines that still grow. */
  readonly accruing: number;
  /** The number of fees on which something is owed. */
  readonly open_fees: number;
  /** When the oldest of them was assessed, or stopped growing; {@link NEVER} if all of them still grow. */
  readonly oldest_open_at: string;
};

/** An event with which money passed a till. */
export type TillRow = {
  readonly institution: string;
  readonly patron_id: string;
  readonly version: number;
  readonly at: string;
  readonly recorded_at: string;
};

/** All rows of one account. */
export type RowsOfAccount = {
  readonly account: AccountRow;
  readonly owed: readonly OwedRow[];
  readonly till: readonly TillRow[];
  /** The version of the stream's first event: above 1 after a purge. */
  readonly firstVersion: number;
  /** The account that they were computed from; undefined if it cannot be read. */
  readonly state: AccountState | undefined;
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

/**
 * Computes the rows of an account from its stored events, from the first one. An account that cannot be read has a row
 * with its fault: one invalid account must not prevent finding the others.
 *
 * @param stream - the account
 * @param stored - its events as stored, from the first one or from those after `start`; at least one
 * @param decode - reads one of them
 * @param start - the account before these events; it is changed
 */
export function rowsOfAccount<Stored>(
  stream: StreamId,
  stored: readonly Stored[],
  decode: (row: Stored) => RecordedEvent,
  placeOf: (row: Stored) => Pick<RecordedEvent, 'version' | 'recordedAt'>,
  start?: AccountState,
): RowsOfAccount {
  const ids = { institution: stream.institution, patron_id: stream.patronId };
  const { version, recordedAt } = placeOf(stored.at(-1) as Stored);
  const firstVersion = start === undefined ? placeOf(stored[0] as Stored).version : 1;
  const last = { ...ids, version, last_activity_at: storedInstant(recordedAt) };
  const events: RecordedEvent[] = [];
  const account = start ?? (emptyAccount() as AccountState);
  try {
    for (const row of stored) events.push(decode(row));
    assertConsecutive(stream, events, account.eventCount);
    const added = events.map(({ event }) => event);
    applyAll(account, added, { stream: streamName(stream) });
  } catch (error) {
    if (!isPatronFeesError(error, 'CORRUPT_HISTORY') && !isPatronFeesError(error, 'INVALID_EVENT'))
      throw error;
    const nothing = { active: 0, disputed: 0, transferred: 0, payable: 0 };
    const row = { ...last, currency: null, ...nothing, fault: error.code };
    return { account: row, owed: [], till: tillRows(ids, events), firstVersion, state: undefined };
  }
  const till = tillRows(ids, events);
  const { currency } = account;
  const { active, disputed, transferred, payable } = balancesInMinorUnits(account);
  const figures = { currency, active, disputed, transferred, payable, fault: null };
  const owed = owedRows(ids, account);
  return { account: { ...last, ...figures }, owed, till, firstVersion, state: account };
}

/** Computes the rows of an account from rows of the table of events. */
export function rowsOfStoredAccount(
  stream: StreamId,
  rows: readonly StoreRow[],
  start?: AccountState,
): RowsOfAccount {
  return rowsOfAccount(
    stream,
    rows,
    (row) => recordedEventOf(row, accountEvents),
    ({ version, recorded_at }) => ({
      version: Number(version),
      recordedAt: String(recorded_at),
    }),
    start,
  );
}

type Ids = Pick<AccountRow, 'institution' | 'patron_id'>;

/** Sums what is owed by type and owner, by type, by owner, and in all. */
function owedRows(ids: Ids, account: PatronAccount): readonly OwedRow[] {
  const rows = new Map<string, OwedRow>();
  for (const fee of account.fees) {
    const amount = owed(fee);
    if (amount === 0) continue;
    const since = agesFrom(fee);
    const oldest = since === null ? NEVER : storedInstant(since);
    for (const fee_type of [ALL, fee.feeType]) {
      for (const owner of [ALL, fee.owner]) {
        const key = JSON.stringify([fee_type, owner]);
        const sum = rows.get(key);
        rows.set(key, {
          ...ids,
          fee_type,
          owner,
          currency: String(account.currency),
          owed: (sum?.owed ?? 0) + amount,
          owed_disputed: (sum?.owed_disputed ?? 0) + (fee.disputed ? amount : 0),
          accruing: (sum?.accruing ?? 0) + (isAccruing(fee) ? amount : 0),
          open_fees: (sum?.open_fees ?? 0) + 1,
          oldest_open_at: sum !== undefined && sum.oldest_open_at < oldest ? sum.oldest_open_at : oldest,
        });
      }
    }
  }
  return [...rows.values()];
}

const TILL_EVENTS: ReadonlySet<string> = new Set([
  'PaymentReceived',
  'PaymentReversed',
  'CreditRefunded',
  'RefundReversed',
]);

function tillRows(ids: Ids, events: readonly RecordedEvent[]): readonly TillRow[] {
  return events
    .filter(({ event }) => TILL_EVENTS.has(event.type))
    .map(({ version, recordedAt, event }) => ({
      ...ids,
      version,
      at: storedInstant(event.data.at),
      recorded_at: storedInstant(recordedAt),
    }));
}

/** The number of accounts that are read at the same time. */
const CONCURRENCY = 16;

/**
 * Reads the accounts of events, each once, and computes their rows. An account may be ahead of the events: its rows are
 * then those of its newest version.
 *
 * @param store - the store with the events
 * @param events - events of any accounts
 * @returns the rows, in the order of their ids, so that two writers lock them in the same order
 */
export async function rowsOfStreams(
  store: ReadAppendStore,
  events: readonly StoredAccountEvent[],
): Promise<readonly RowsOfAccount[]> {
  const streams = new Map<string, StreamId>();
  for (const { institution, patronId } of events) {
    streams.set(`${institution}\u0000${patronId}`, { institution, patronId });
  }
  const inOrder = [...streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stream]) => stream);
  const rows: RowsOfAccount[] = [];
  for (let start = 0; start < inOrder.length; start += CONCURRENCY) {
    const read = inOrder.slice(start, start + CONCURRENCY).map(async (stream) => {
      const slice = await store.read(stream);
      return rowsOfAccount(stream, slice.events, same, same);
    });
    rows.push(...(await Promise.all(read)));
  }
  return rows;
}

const same = (event: RecordedEvent) => event;

/** What a rebuild of the table of accounts did. */
export type RebuiltAccounts = {
  /** The number of accounts in the table. */
  readonly accounts: number;
  /** The number of them whose events cannot be read; no query finds them. */
  readonly unreadable: number;
};

/** How `rebuildAccounts` runs. */
export type RebuildAccountsOptions = {
  /**
   * Stops it: the table stays incomplete, and the call rejects with the signal's reason.
   *
   * @defaultValue it cannot be stopped
   */
  readonly signal?: AbortSignal;
  /**
   * Called after every page with the number of accounts done.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: { readonly accounts: number }) => void;
};

const rebuildSchema = v.strictObject({
  signal: v.optional(v.instance(AbortSignal, 'an AbortSignal')),
  onProgress: v.optional(v.function('a function')),
});

/** Checks the options of a rebuild. */
export function checkedRebuildOptions(options: RebuildAccountsOptions) {
  return checkedArgument(rebuildSchema, options, 'options');
}
