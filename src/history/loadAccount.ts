import { applyAll } from '../account/fold.js';
import { type AccountState, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import {
  assertStore,
  type ReadAppendStore,
  type StreamId,
  type StreamSlice,
  streamName,
} from './eventStore.js';
import { recentAccountsOf } from './recentAccounts.js';

/** An account and the version of its stream. */
export type LoadedAccount = {
  /** The version of the stream. */
  readonly version: number;
  /** The account, folded from the events up to that version. */
  readonly account: PatronAccount;
};

/**
 * Reads an account: folds its events.
 *
 * @param store - the event store
 * @param stream - the account to read
 * @returns the account and its version; an empty account at version 0 if there are no events
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the stream does not fold; the error
 * names the stream
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
export async function loadAccount(store: ReadAppendStore, stream: StreamId): Promise<LoadedAccount> {
  const account = await loadState(store, stream);
  return { version: account.eventCount, account };
}

/** A shorter account is read and folded as fast as it is copied. */
const KEPT_MIN = 50;

/** Reads an account that events can be applied to in place. */
export async function loadState(store: ReadAppendStore, stream: StreamId): Promise<AccountState> {
  assertStore(store, 'read');
  const recent = recentAccountsOf(store);
  const state = recent?.find(stream) ?? (emptyAccount() as AccountState);
  const slice = await store.read(stream, { after: state.eventCount });
  if (state.eventCount > slice.version) {
    // The store was restored from an older backup.
    recent?.drop(stream);
    return loadState(store, stream);
  }
  applyNewEvents(state, stream, slice);
  if (state.eventCount >= KEPT_MIN) recent?.keep(stream, state);
  return state;
}

/**
 * Applies the new events of the stream.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if an event does not fold: the events
 * before it stay applied; or if the number of events does not give the stream's version
 */
export async function applyNew(store: ReadAppendStore, stream: StreamId, state: AccountState): Promise<void> {
  applyNewEvents(state, stream, await store.read(stream, { after: state.eventCount }));
}

/** Folds all events of a stream to an account that events can be applied to in place. */
export function foldStream(stream: StreamId, slice: StreamSlice): AccountState {
  const state = emptyAccount() as AccountState;
  applyNewEvents(state, stream, slice);
  return state;
}

function applyNewEvents(state: AccountState, stream: StreamId, { version, events }: StreamSlice): void {
  const added = events.map(({ event }) => event);
  applyAll(state, added, { stream: streamName(stream) });
  if (state.eventCount === version) return;
  const name = streamName(stream);
  const found = state.eventCount;
  throw new PatronFeesError(
    'CORRUPT_HISTORY',
    `${name} is at version ${version}, but the events that were read end at ${found}`,
    { stream: name, expected: version, found },
  );
}
