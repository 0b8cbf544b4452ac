import type { AccountState } from '../../account/patronAccount.js';
import type { StoreRow } from '../../history/codec.js';
import type { StreamId } from '../../history/eventStore.js';
import { type RowsOfAccount, rowsOfStoredAccount } from './accountRows.js';

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
