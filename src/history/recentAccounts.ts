import type { PatronAccount } from '../account/patronAccount.js';
import { type EventStore, type ReadAppendStore, type StreamId, streamKey } from './eventStore.js';

/**
 * Accounts that this process has loaded or changed, so that a command is decided without a read, and only later events
 * are read and folded. They are frozen, so that nothing need be copied: a newer account shares the rows that are as they
 * were. Only for stores whose events never change: an account folded from events that were redacted since would bring
 * back what was erased.
 */
export type RecentAccounts = {
  /** Returns the account of a stream as it was when it was kept. */
  readonly find: (stream: StreamId) => PatronAccount | undefined;
  /** Keeps a frozen account, unless the kept one is as new. */
  readonly keep: (stream: StreamId, account: PatronAccount) => void;
  /** Drops the account of a stream. */
  readonly drop: (stream: StreamId) => void;
};

/** The number of events of all accounts together; a thousand of them take about half a megabyte. */
const EVENTS_MAX = 20_000;

/** An account takes at least as much memory as this many events. */
const EVENTS_LEAST = 20;

/** A registered symbol, so that each entry point of this package finds the accounts of the other's store. */
const RECENT = /* @__PURE__ */ Symbol.for('patron-fees/recentAccounts');

/** Where the account of a stream is remembered; undefined if its events may change. */
type Memory = (stream: StreamId) => RecentAccounts | undefined;

/** Makes `loadAccount` and `execute` remember the accounts of a store whose events never change. */
export function rememberAccounts<Store extends EventStore>(store: Store): Store {
  const recent = recentAccounts();
  return rememberAccountsIn(store, () => recent);
}

/** Returns where the account of a stream is remembered; undefined if its events may change. */
export function recentAccountsOf(store: ReadAppendStore, stream: StreamId): RecentAccounts | undefined {
  return (store as { readonly [RECENT]?: Memory })[RECENT]?.(stream);
}

/** Makes `loadAccount` and `execute` remember the accounts of a store where those of the stores behind it are kept. */
export function rememberAccountsIn<Store extends EventStore>(store: Store, memory: Memory): Store {
  return Object.defineProperty(store, RECENT, { value: memory });
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
      return account;
    },
    keep: (stream, account) => {
      const key = streamKey(stream);
      const { eventCount } = account;
      const kept = accounts.get(key)?.eventCount ?? Number.NEGATIVE_INFINITY;
      if (eventCount <= kept || eventCount > EVENTS_MAX) return;
      remove(key);
      accounts.set(key, account);
      events += weightOf(account);
      for (const oldest of accounts.keys()) {
        if (events <= EVENTS_MAX) break;
        remove(oldest);
      }
    },
    drop: (stream) => remove(streamKey(stream)),
  };
}
