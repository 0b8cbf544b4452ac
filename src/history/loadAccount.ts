import type { AccountState } from '../account/effects/guards.js';
import { applyAll, mutableCopy } from '../account/evolve.js';
import { emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { type EventStore, type StreamId, streamName } from './eventStore.js';
import { loadSnapshot, type SnapshotStore } from './snapshots.js';

/** What {@link loadAccount} may use besides the events. */
export type LoadOptions = {
  /** Where snapshots are kept: then only the events after the snapshot are read. */
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
 * @throws {@link PatronFeesError} `CORRUPT_HISTORY` when the stream does not fold; the error names it;
 * `INVALID_SNAPSHOT` when its snapshot cannot be read or is ahead of it
 *
 * @example
 * ```ts
 * import { loadAccount, memoryEventStore } from 'patron-fees';
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
  options: LoadOptions,
): Promise<AccountState> {
  const snapshot = options.snapshots && (await loadSnapshot(options.snapshots, stream));
  const state = mutableCopy(snapshot ?? emptyAccount());
  await takeInNew(store, stream, state);
  return state;
}

/**
 * Applies what is new in the stream.
 *
 * @throws {@link PatronFeesError} `CORRUPT_HISTORY` when an event does not fold, the account then stands before it; or
 * when the store gave other events than its version says
 */
export async function takeInNew(store: EventStore, stream: StreamId, state: AccountState): Promise<void> {
  const name = streamName(stream);
  const { version, events } = await store.read(stream, { after: state.eventCount });
  applyAll(
    state,
    events.map(({ event }) => event),
    { stream: name },
  );
  if (state.eventCount !== version) {
    throw new PatronFeesError(
      'CORRUPT_HISTORY',
      `${name}: the stream is at version ${version}, its events lead to ${state.eventCount}`,
      { stream: name, expected: version, found: state.eventCount },
    );
  }
}
