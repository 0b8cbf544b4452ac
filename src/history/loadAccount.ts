import { applyAll, mutableCopy } from '../account/fold.js';
import { type AccountState, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { type ErrorCode, PatronFeesError } from '../errors.js';
import { type ReadAppendStore, type StreamId, type StreamSlice, streamName } from './eventStore.js';
import { recentAccountsOf } from './recentAccounts.js';
import { loadSnapshot, type SnapshotStore } from './snapshots.js';

/** How {@link loadAccount} reads an account. */
export type LoadOptions = {
  /**
   * The snapshot store: then only the events after the snapshot are read.
   *
   * @defaultValue the whole stream is read
   */
  readonly snapshots?: SnapshotStore;
};

/** An account and the version of its stream. */
export type LoadedAccount = {
  /** The version of the stream. */
  readonly version: number;
  /** The account, folded from the events up to that version. */
  readonly account: PatronAccount;
};

/**
 * Reads an account: folds its events, or only those after a snapshot.
 *
 * @param store - the event store
 * @param stream - the account to read
 * @param options - the snapshot store, if there is one
 * @returns the account and its version; an empty account at version 0 if there are no events
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the stream does not fold; the error names the stream;
 * `INVALID_SNAPSHOT` if the snapshot is damaged or ahead of the stream
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
  store: ReadAppendStore,
  stream: StreamId,
  options: LoadOptions = {},
): Promise<LoadedAccount> {
  const account = await loadState(store, stream, options);
  return { version: account.eventCount, account };
}

/** Reads an account that events can be applied to in place. */
export async function loadState(
  store: ReadAppendStore,
  stream: StreamId,
  { snapshots }: LoadOptions,
): Promise<AccountState> {
  const recent = recentAccountsOf(store);
  const known = recent?.find(stream);
  const snapshot = known ?? (snapshots === undefined ? undefined : await loadSnapshot(snapshots, stream));
  const state = snapshot === undefined ? (emptyAccount() as AccountState) : mutableCopy(snapshot);
  const slice = await store.read(stream, { after: state.eventCount });
  if (state.eventCount > slice.version) {
    if (known === undefined)
      throw versionMismatch('INVALID_SNAPSHOT', stream, slice.version, state.eventCount);
    // The store was restored from an older backup.
    recent?.drop(stream);
    return loadState(store, stream, { ...(snapshots && { snapshots }) });
  }
  applyNewEvents(state, stream, slice);
  recent?.keep(stream, state);
  return state;
}

/**
 * Applies the new events of the stream.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if an event does not fold: the events before it stay applied; or
 * if the number of events does not give the stream's version
 */
export async function applyNew(store: ReadAppendStore, stream: StreamId, state: AccountState): Promise<void> {
  applyNewEvents(state, stream, await store.read(stream, { after: state.eventCount }));
}

function applyNewEvents(state: AccountState, stream: StreamId, { version, events }: StreamSlice): void {
  const added = events.map(({ event }) => event);
  applyAll(state, added, { stream: streamName(stream) });
  if (state.eventCount !== version)
    throw versionMismatch('CORRUPT_HISTORY', stream, version, state.eventCount);
}

function versionMismatch(
  code: ErrorCode,
  stream: StreamId,
  expected: number,
  found: number,
): PatronFeesError {
  const name = streamName(stream);
  return new PatronFeesError(
    code,
    `${name} is at version ${expected}, but the events and the snapshot that were read end at ${found}`,
    {
      stream: name,
      expected,
      found,
    },
  );
}
