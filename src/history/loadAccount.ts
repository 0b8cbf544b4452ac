import * as v from 'valibot';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { applyAll, type FoldOptions, fold, mutableCopy } from '../account/fold.js';
import { type AccountState, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { foldShared, frozenAccount } from '../account/workingSet.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { wholeNumber } from '../input/wholeNumber.js';
import {
  assertStore,
  type EventStore,
  type ReadAppendStore,
  type RecordedEvent,
  type StreamId,
  type StreamSlice,
  streamKey,
  streamName,
} from './eventStore.js';
import { compareInstants } from './instants.js';

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

/**
 * A moment in the history of an account: a version of the stream, or a time of the store's clock.
 *
 * The time is when events were recorded, not when things happened (`at`): an event that was recorded late was not known
 * earlier.
 */
export type Moment =
  | {
      /** The number of events, from 0 to the stream's version. */
      readonly version: number;
    }
  | {
      /** The time up to which events count, itself included; ISO 8601 with a zone. */
      readonly recordedAt: string;
    };

/**
 * Returns the account as it was known at a moment: the events up to then, folded. Every view accepts it.
 *
 * @param events - the recorded events of one stream, from its first
 * @param moment - the version, or the time
 * @returns the account as it was then; its `eventCount` is its version
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the moment is invalid or after the last
 * version, or if the events are not a stream from its first event on; `CORRUPT_HISTORY` if they do not fold
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits } from 'patron-fees';
 * import { accountAsOf } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * const events = [
 *   { version: 1, recordedAt: at, event: { type: 'FeeAssessed' as const, data: { ...fee, feeId: 'f1' } } },
 *   {
 *     version: 2,
 *     recordedAt: '2026-03-09T16:30:00Z',
 *     event: { type: 'FeeAssessed' as const, data: { ...fee, feeId: 'f2' } },
 *   },
 * ];
 * balancesInMinorUnits(accountAsOf(events, { version: 1 })).active; //=> 250
 * balancesInMinorUnits(accountAsOf(events, { recordedAt: '2026-03-05T00:00:00Z' })).active; //=> 250
 * balancesInMinorUnits(accountAsOf(events, { recordedAt: '2026-03-09T16:30:00Z' })).active; //=> 500
 * ```
 */
export function accountAsOf(events: readonly RecordedEvent[], moment: Moment): PatronAccount {
  return asOf(events, moment, {});
}

/**
 * Reads an account as it was known at a moment.
 *
 * @param store - the event store
 * @param stream - the account to read
 * @param moment - the version, or the time
 * @returns the account as it was then, and its version
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the moment is invalid or after the last
 * version; `CORRUPT_HISTORY` if the events up to it do not fold
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy } from 'patron-fees';
 * import { execute, loadAccountAsOf, memoryEventStore } from 'patron-fees/history';
 *
 * let at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, stream, { ...fee, id: 'f1' });
 * at = '2026-03-09T16:30:00Z';
 * await execute(store, policy, stream, { ...fee, id: 'f2' });
 *
 * const { account, version } = await loadAccountAsOf(store, stream, { recordedAt: '2026-03-05T00:00:00Z' });
 * version; //=> 1
 * balancesInMinorUnits(account).active; //=> 250
 * ```
 */
export async function loadAccountAsOf(
  store: EventStore,
  stream: StreamId,
  moment: Moment,
): Promise<LoadedAccount> {
  assertStore(store, 'read');
  const { events } = await store.read(stream);
  const account = asOf(events, moment, { stream: streamName(stream) });
  return { version: account.eventCount, account };
}

const momentSchema = v.union(
  [v.strictObject({ version: wholeNumber(0) }), v.strictObject({ recordedAt: instantField })],
  'a version, 0 or more, or a time, ISO 8601 with a zone',
);

function asOf(events: readonly RecordedEvent[], when: Moment, options: FoldOptions): PatronAccount {
  const length = knownAt(events, when, 'moment');
  const known = events.slice(0, length).map(({ event }) => event);
  return fold(known, emptyAccount(), options);
}

/**
 * Returns the number of events of a stream that were known at a moment.
 *
 * @param name - the name of the moment, for the paths of its faults
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the moment is invalid or after the last
 * version, or if the events are not a stream from its first event on
 */
export function knownAt(events: readonly RecordedEvent[], when: Moment, name: string): number {
  const moment = checkedArgument(momentSchema, when, name);
  assertStream(events, 'events');
  if (!('version' in moment)) return recordedUntil(events, moment.recordedAt);
  const last = events.at(-1)?.version ?? 0;
  if (moment.version > last) refuse(`${name}.version: expected 0 to ${last}, found ${moment.version}`);
  return events.filter(({ version }) => version <= moment.version).length;
}

/**
 * Checks that a list is a stream from its first event on.
 *
 * @param name - the name of the list, for the message
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if it is not
 */
export function assertStream(events: readonly RecordedEvent[], name: string): void {
  if (!Array.isArray(events)) refuse(`${name}: expected a list of recorded events`);
  // A purge leaves one event, at the version after those that it removed.
  const first = events[0]?.event?.type === 'AccountPurged' ? events[0].version : 1;
  const gap = events.findIndex((row: RecordedEvent | null, index) => row?.version !== index + first);
  if (gap >= 0)
    refuse(`${name}: expected version ${gap + first} at position ${gap}: a stream from its first event on`);
}

/**
 * Returns the number of events that had been recorded at a time: all before the first that was recorded later. If the
 * clock went back, earlier times after that event do not count: the result is always a prefix of the stream.
 */
function recordedUntil(events: readonly RecordedEvent[], time: string): number {
  const later = events.findIndex(({ recordedAt }) => compareInstants(recordedAt, time) > 0);
  return later < 0 ? events.length : later;
}

function refuse(message: string): never {
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}

/**
 * Accounts that this process has loaded or changed, so that a command is decided without a read, and only later events
 * are read and folded. They are frozen, so that nothing need be copied: a newer account shares the rows that are as they
 * were. Only for stores whose events never change: an account folded from events that were redacted since would bring
 * back what was erased.
 */
type RecentAccounts = {
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
