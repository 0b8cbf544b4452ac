import type { AccountEvent } from '../account/events/accountEvent.js';
import { applyAll, type FoldOptions, mutableCopy } from '../account/fold.js';
import { foldShared, frozenAccount } from '../account/foldShared.js';
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
  const recent = recentAccountsOf(store, stream);
  const known = recent?.find(stream);
  if (known === undefined) {
    const state = foldStream(stream, await store.read(stream, { after: 0 }));
    if (state.eventCount >= KEPT_MIN) recent?.keep(stream, frozenAccount(mutableCopy(state)));
    return state;
  }
  const slice = await store.read(stream, { after: known.eventCount });
  if (known.eventCount > slice.version) {
    // The store was restored from an older backup.
    recent?.drop(stream);
    return loadState(store, stream);
  }
  const now = sharedAccount(known);
  addNewEvents(now, stream, slice);
  recent?.keep(stream, now.account);
  return mutableCopy(now.account);
}

/** An account that grows by events. */
export type GrowingAccount = {
  /** The account with all its events so far. */
  readonly account: PatronAccount;
  /** Adds events, as `fold` does. */
  readonly add: (events: readonly AccountEvent[], options: FoldOptions) => void;
};

/** Returns an account that events are applied to in place. */
export function privateAccount(state: AccountState): GrowingAccount {
  return { account: state, add: (events, options) => applyAll(state, events, options) };
}

/** Returns an account that stays as it is, while another that shares its rows takes its place: both are frozen. */
export function sharedAccount(account: PatronAccount): GrowingAccount {
  let now = account;
  return {
    get account() {
      return now;
    },
    add: (events, options) => {
      now = foldShared(now, events, options);
    },
  };
}

/**
 * Adds the new events of the stream.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if an event does not fold: a private account
 * has the events before it; or if the number of events does not give the stream's version
 */
export async function addNew(
  store: ReadAppendStore,
  stream: StreamId,
  growing: GrowingAccount,
): Promise<void> {
  addNewEvents(growing, stream, await store.read(stream, { after: growing.account.eventCount }));
}

/** Folds all events of a stream to an account that events can be applied to in place. */
export function foldStream(stream: StreamId, slice: StreamSlice): AccountState {
  const state = emptyAccount() as AccountState;
  addNewEvents(privateAccount(state), stream, slice);
  return state;
}

function addNewEvents(growing: GrowingAccount, stream: StreamId, { version, events }: StreamSlice): void {
  const added = events.map(({ event }) => event);
  growing.add(added, { stream: streamName(stream) });
  const found = growing.account.eventCount;
  if (found === version) return;
  const name = streamName(stream);
  throw new PatronFeesError(
    'CORRUPT_HISTORY',
    `${name} is at version ${version}, but the events that were read end at ${found}`,
    { stream: name, expected: version, found },
  );
}
