import { mutableCopy } from '../account/fold.js';
import type { AccountState, PatronAccount } from '../account/patronAccount.js';
import { type EventStore, type ReadAppendStore, type StreamId, streamKey } from './eventStore.js';

/**
 * Accounts that this process has loaded or changed, so that a command is decided without a read, and only later events
 * are read and folded. Only for stores whose events never change: an account folded from events that were redacted since
 * would bring back what was erased.
 */
export type RecentAccounts = {
  /** Returns a private copy of the account of a stream as it was when it was kept. */
  readonly find: (stream: StreamId) => AccountState | undefined;
  /** Keeps a copy of an account, unless the kept one is as new, or the account is long and has few newer events. */
  readonly keep: (stream: StreamId, account: AccountState) => void;
  /** Drops the account of a stream. */
  readonly drop: (stream: StreamId) => void;
};

/** The number of events from which copying an account takes longer than reading a few events. */
const LONG = 1_000;

/** The number of newer events from which a long account is copied again; fewer are read and folded each time. */
const EVENTS_BEHIND = 16;

/** The number of events of all accounts together; a thousand of them take about half a megabyte. */
const EVENTS_MAX = 20_000;

/** An account takes at least as much memory as this many events. */
const EVENTS_LEAST = 20;

/** A registered symbol, so that each entry point of this package finds the accounts of the other's store. */
const RECENT = /* @__PURE__ */ Symbol.for('patron-fees/recentAccounts');

/** Makes `loadAccount` and `execute` remember the accounts of a store whose events never change. */
export function rememberAccounts<Store extends EventStore>(store: Store): Store {
  return Object.defineProperty(store, RECENT, { value: recentAccounts() });
}

/** Returns the remembered accounts of a store; undefined if its events may change. */
export function recentAccountsOf(store: ReadAppendStore): RecentAccounts | undefined {
  return (store as { readonly [RECENT]?: RecentAccounts })[RECENT];
}

/** Makes `loadAccount` and `execute` remember the accounts of a store where those of the stores behind it are kept. */
export function rememberAccountsIn<Store extends EventStore>(
  store: Store,
  of: (stream: StreamId) => RecentAccounts | undefined,
): Store {
  const value: RecentAccounts = {
    find: (stream) => of(stream)?.find(stream),
    keep: (stream, account) => of(stream)?.keep(stream, account),
    drop: (stream) => of(stream)?.drop(stream),
  };
  return Object.defineProperty(store, RECENT, { value });
}

function recentAccounts(): RecentAccounts {
  // The ones used last are the last.
  const accounts = new Map<string, PatronAccount>();
  let events = 0;
  const weightOf = ({ eventCount }: PatronAccount) => Math.max(eventCount, EVENTS_LEAST);
  const remove = (key: string) => {
    const account = accounts.get(key);
    if (account !== undefined) events -= weightOf(account);
    accounts.delete(key);
  };
  return {
    find: (stream) => {
      const key = streamKey(stream);
      const account = accounts.get(key);
      if (account === undefined) return undefined;
      accounts.delete(key);
      accounts.set(key, account);
      return mutableCopy(account);
    },
    keep: (stream, account) => {
      const key = streamKey(stream);
      const { eventCount } = account;
      const newer = eventCount - (accounts.get(key)?.eventCount ?? Number.NEGATIVE_INFINITY);
      if (newer < (eventCount < LONG ? 1 : EVENTS_BEHIND) || eventCount > EVENTS_MAX) return;
      remove(key);
      accounts.set(key, mutableCopy(account));
      events += weightOf(account);
      for (const oldest of accounts.keys()) {
        if (events <= EVENTS_MAX) break;
        remove(oldest);
      }
    },
    drop: (stream) => remove(streamKey(stream)),
  };
}
