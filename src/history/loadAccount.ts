import { applyAll, mutableCopy } from '../account/fold.js';
import { type AccountState, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { type ErrorCode, PatronFeesError } from '../errors.js';
import { type EventStore, type StreamId, type StreamSlice, streamName } from './eventStore.js';
import { loadSnapshot, type SnapshotStore } from './snapshots.js';

/** What {@link loadAccount} may use besides the events. */
export type LoadOptions = {
  /**
   * Where snapshots are kept: then only the events after the snapshot are read.
   *
   * @defaultValue the whole stream is read
   */
  readonly snapshots?: SnapshotStore;
};

/** An account as it stands at a version of its stream. */
export type LoadedAccount = {
  /** The version of the stream. */
  readonly version: number;
  /** The account that its events add up to. */
  readonly account: PatronAccount;
};

/**
 * Reads an account: its events, or what a snapshot spares of them.
 *
 * @param store - where the events are
 * @param stream - whose account
 * @param options - where snapshots are, if there are any
 * @returns the account and its version; an empty account at 0 when nothing has happened
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` when the stream does not fold; the error names it;
 * `INVALID_SNAPSHOT` when its snapshot cannot be read or is ahead of it
 *
 * @example
 * ```ts
 * import { loadAccount, memoryEventStore } from 'patron-fees/history';
 *
 * const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
 * const { version, account } = await loadAccount(store, { institution: 'north', patronId: 'p1' });
 * version; //=> 0
 * account.fees; //=> []
 * ```
 */
export async function loadAccount(
  store: EventStore,
  stream: StreamId,
  options: LoadOptions = {},
): Promise<LoadedAccount> {
  const account = await loadState(store, stream, options);
  return { version: account.eventCount, account };
}

/** Reads an account that events can be applied to in place. */
export async function loadState(
  store: EventStore,
  stream: StreamId,
  { snapshots }: LoadOptions,
): Promise<AccountState> {
  const snapshot = snapshots === undefined ? undefined : await loadSnapshot(snapshots, stream);
  const state = mutableCopy(snapshot ?? emptyAccount());
  const slice = await store.read(stream, { after: state.eventCount });
  if (state.eventCount > slice.version)
    throw outOfStep('INVALID_SNAPSHOT', stream, slice.version, state.eventCount);
  advance(state, stream, slice);
  return state;
}

/**
 * Applies what is new in the stream.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` when an event does not fold: the account then stands before it; or
 * when the events of the store do not lead to its version
 */
export async function takeInNew(store: EventStore, stream: StreamId, state: AccountState): Promise<void> {
  advance(state, stream, await store.read(stream, { after: state.eventCount }));
}

function advance(state: AccountState, stream: StreamId, { version, events }: StreamSlice): void {
  const news = events.map(({ event }) => event);
  applyAll(state, news, { stream: streamName(stream) });
  if (state.eventCount !== version) throw outOfStep('CORRUPT_HISTORY', stream, version, state.eventCount);
}

function outOfStep(code: ErrorCode, stream: StreamId, expected: number, found: number): PatronFeesError {
  const name = streamName(stream);
  return new PatronFeesError(
    code,
    `${name} is at version ${expected}, what was read of it leads to ${found}`,
    {
      stream: name,
      expected,
      found,
    },
  );
}
