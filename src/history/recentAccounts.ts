import { mutableCopy } from '../account/fold.js';
import type { AccountState, PatronAccount } from '../account/patronAccount.js';
import { type EventStore, type ReadAppendStore, type StreamId, streamKey } from './eventStore.js';

/**
 * Accounts that were loaded before, so that only the events after them are read and folded. Only for stores whose
 * events never change: an account folded from events that were redacted since would bring back what was erased.
 */
export type RecentAccounts = {
  /** Returns the account of a stream as it was when it was kept. Copy it before you apply events to it. */
  readonly find: (stream: StreamId) => PatronAccount | undefined;
  /** Keeps a copy of an account, unless it has few events, or few more than the kept copy. */
  readonly keep: (stream: StreamId, account: AccountState) => void;
  /** Drops the account of a stream. */
  readonly drop: (stream: StreamId) => void;
};

/** A shorter account is read and folded as fast as it is copied. */
const EVENTS_MIN = 50;

/** The number of newer events from which an account is copied again; fewer are read and folded each time. */
const EVENTS_BEHIND = 16;

/** The number of events of all accounts together; a thousand of them take about half a megabyte. */
const EVENTS_MAX = 20_000;

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
  const remove = (key: string) => {
    events -= accounts.get(key)?.eventCount ?? 0;
    accounts.delete(key);
  };
  return {
    find: (stream) => {
      const key = streamKey(stream);
      const account = accounts.get(key);
      if (account !== undefined) {
        accounts.delete(key);
        accounts.set(key, account);
      }
      return account;
    },
    keep: (stream, account) => {
      const key = streamKey(stream);
      const before = accounts.get(key)?.eventCount;
      const isOld = before === undefined || account.eventCount - before >= EVENTS_BEHIND;
      if (account.eventCount < EVENTS_MIN || account.eventCount > EVENTS_MAX || !isOld) return;
      remove(key);
      accounts.set(key, mutableCopy(account));
      events += account.eventCount;
      for (const oldest of accounts.keys()) {
        if (events <= EVENTS_MAX) break;
        remove(oldest);
      }
    },
    drop: (stream) => remove(streamKey(stream)),
  };
}
