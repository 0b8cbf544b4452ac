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
import { assertConsecutive, notingOutages } from '../../history/consecutive.js';
import {
  type ReadAppendStore,
  type RecordedEvent,
  type StoredAccountEvent,
  type StreamId,
  streamKey,
  streamName,
} from '../../history/eventStore.js';
import type { ParkedAccount } from '../../history/projection.js';
import {
  ALL,
  accountColumns,
  type OpenFee,
  type OwedSource,
  owedColumns,
  type RowOf,
  rowOf,
  tillColumns,
} from './accountColumns.js';

// The rows of the table `accounts` and its parts, computed from an account; SQLite and PostgreSQL store the same ones.

/** All rows of one account. */
export type RowsOfAccount = {
  readonly account: RowOf<typeof accountColumns>;
  readonly owed: readonly RowOf<typeof owedColumns>[];
  readonly till: readonly RowOf<typeof tillColumns>[];
  /** The version of the stream's first event: above 1 after a purge. */
  readonly firstVersion: number;
  /** The account that they were computed from; undefined if it cannot be read. */
  readonly state: AccountState | undefined;
};

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
  const last = { stream, ...placeOf(stored.at(-1) as Stored) };
  const firstVersion = start === undefined ? placeOf(stored[0] as Stored).version : 1;
  const events: RecordedEvent[] = [];
  let state: AccountState | undefined = start ?? (emptyAccount() as AccountState);
  let fault: string | null = null;
  try {
    for (const row of stored) events.push(decode(row));
    assertConsecutive(stream, events, state.eventCount);
    const added = events.map(({ event }) => event);
    applyAll(state, added, { stream: streamName(stream) });
  } catch (error) {
    if (!isPatronFeesError(error, 'CORRUPT_HISTORY') && !isPatronFeesError(error, 'INVALID_EVENT'))
      throw error;
    fault = error.code;
    state = undefined;
  }
  const account = state ?? emptyAccount();
  const source = { ...last, account, balances: balancesInMinorUnits(account), fault };
  return {
    account: rowOf(accountColumns, source),
    owed: owedRows(stream, account),
    till: tillRows(stream, events),
    firstVersion,
    state,
  };
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

/** Sums what is owed by type and owner, by type, by owner, and in all. */
function owedRows(stream: StreamId, account: PatronAccount): RowsOfAccount['owed'] {
  const groups = new Map<string, OwedSource & { readonly fees: OpenFee[] }>();
  const currency = String(account.currency);
  for (const fee of account.fees) {
    const amount = owed(fee);
    if (amount === 0) continue;
    for (const feeType of [ALL, fee.feeType]) {
      for (const owner of [ALL, fee.owner]) {
        const key = `${feeType}\u0000${owner}`;
        const group = groups.get(key) ?? { stream, feeType, owner, currency, fees: [] };
        group.fees.push({ fee, owed: amount });
        groups.set(key, group);
      }
    }
  }
  return Array.from(groups.values(), (group) => rowOf(owedColumns, group));
}

const TILL_EVENTS: ReadonlySet<string> = new Set([
  'PaymentReceived',
  'PaymentReversed',
  'CreditRefunded',
  'RefundReversed',
]);

function tillRows(stream: StreamId, events: readonly RecordedEvent[]): RowsOfAccount['till'] {
  return events
    .filter(({ event }) => TILL_EVENTS.has(event.type))
    .map((recorded) => rowOf(tillColumns, { stream, ...recorded }));
}

/** The number of accounts that are read at the same time. */
const CONCURRENCY = 16;

/**
 * Reads the accounts of events, each once, and computes their rows. An account may be ahead of the events: its rows are
 * then those of its newest version. A parked account has a row with its fault.
 *
 * @param store - the store with the events
 * @param events - events of any accounts
 * @param parked - accounts that are parked
 * @returns the rows, in the order of their ids, so that two writers lock them in the same order
 */
export async function rowsOfStreams(
  store: ReadAppendStore,
  events: readonly StoredAccountEvent[],
  parked: readonly ParkedAccount[],
): Promise<readonly RowsOfAccount[]> {
  const faults = new Map(parked.map((account) => [streamKey(account), account]));
  const streams = new Map<string, StreamId>();
  for (const { institution, patronId } of [...events, ...parked]) {
    streams.set(streamKey({ institution, patronId }), { institution, patronId });
  }
  const inOrder = [...streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stream]) => stream);
  const rows: RowsOfAccount[] = [];
  for (let start = 0; start < inOrder.length; start += CONCURRENCY) {
    const read = inOrder.slice(start, start + CONCURRENCY).map(async (stream) => {
      const fault = faults.get(streamKey(stream));
      if (fault !== undefined) return rowsOfParked(fault);
      const slice = await notingOutages(() => store.read(stream));
      return rowsOfAccount(stream, slice.events, same, same);
    });
    rows.push(...(await Promise.all(read)));
  }
  return rows;
}

const same = (event: RecordedEvent) => event;

function rowsOfParked({ lastVersion, lastRecordedAt, reason, ...stream }: ParkedAccount): RowsOfAccount {
  const account = emptyAccount();
  const last = { stream, version: lastVersion, recordedAt: lastRecordedAt };
  const source = { ...last, account, balances: balancesInMinorUnits(account), fault: reason.code };
  return { account: rowOf(accountColumns, source), owed: [], till: [], firstVersion: 1, state: undefined };
}

/** An account that was folded for its rows, and its last event as stored. */
type LongAccount = { readonly stream: StreamId; readonly state: AccountState; readonly last: StoreRow };

/** A shorter account is read and folded in some milliseconds. */
const EVENTS_MIN = 1_000;

/**
 * The last account with many events that was appended to, for each connection. The next append to it reads and folds
 * only its own events, so that its time does not grow with the account.
 */
const longAccounts = new WeakMap<object, LongAccount>();

/** Takes the account that a connection holds, if it is one of these. */
export function takeLong(connection: object, streams: readonly StreamId[]): LongAccount | undefined {
  const held = longAccounts.get(connection);
  const isWanted = streams.some(
    ({ institution, patronId }) =>
      institution === held?.stream.institution && patronId === held.stream.patronId,
  );
  if (!isWanted) return undefined;
  longAccounts.delete(connection);
  return held;
}

/** Holds an account after its rows were computed, if it has many events. */
export function holdLong(
  connection: object,
  stream: StreamId,
  { state }: RowsOfAccount,
  last: StoreRow | undefined,
): void {
  if (state !== undefined && last !== undefined && state.eventCount >= EVENTS_MIN)
    longAccounts.set(connection, { stream, state, last });
}

/**
 * Computes the rows of a held account from its last event and those after it. Returns undefined if all events are
 * needed: the transaction in which it was folded was rolled back, its last event was redacted or purged, an event is
 * invalid, or the tables do not have its rows.
 *
 * @param savedVersion - the version of its rows in the tables, which nobody else can change
 */
export function rowsOfLong(
  { stream, state, last }: LongAccount,
  [first, ...added]: readonly StoreRow[],
  savedVersion: unknown,
): RowsOfAccount | undefined {
  const columns = ['version', 'recorded_at', 'event'] as const;
  const isSame = columns.every((column) => first?.[column] === last[column]);
  if (!isSame || added.length === 0 || Number(savedVersion) !== state.eventCount) return undefined;
  const rows = rowsOfStoredAccount(stream, added, state);
  return rows.state === undefined ? undefined : rows;
}
