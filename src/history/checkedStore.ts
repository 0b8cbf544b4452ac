import type { AccountEvent } from '../account/events/accountEvent.js';
import { PatronFeesError } from '../errors.js';
import { accountEvents, type EventCodec } from './codec.js';
import {
  assertPurgeIsFirst,
  assertWhole,
  beginsWithPurge,
  decodedPage,
  isPurge,
  notedOutage,
  notingOutages,
} from './consecutive.js';
import type {
  AccountPage,
  Appended,
  AppendOptions,
  EventPage,
  EventStore,
  IdField,
  NamedStream,
  ReadAppendStore,
  StreamId,
  StreamKey,
  StreamSlice,
  StreamsNow,
} from './eventStore.js';
import type { ErasingEventStore, Purged, Redacted, RedactingEventStore, Swept } from './redaction.js';
import {
  type CheckedAppend,
  type CheckedPage,
  type CheckedPurge,
  type CheckedRead,
  type CheckedRedact,
  checkedAppend,
  checkedEventPage,
  checkedEvents,
  checkedNamedStream,
  checkedPage,
  checkedPurge,
  checkedRead,
  checkedRedact,
  checkedStream,
} from './storeArguments.js';

/** The operations on single streams, called with checked arguments; see {@link ReadAppendStore} for each. */
export type StreamAdapter<Event = AccountEvent, Id extends StreamKey = StreamId> = {
  /** Reads a part of a stream. */
  readonly read: (stream: Id, part: CheckedRead) => StreamSlice<Event> | Promise<StreamSlice<Event>>;
  /**
   * Appends encoded events, which the codec's `decode` reads. For an empty list it only returns the stream's version.
   */
  readonly append: (stream: Id, texts: readonly string[], how: CheckedAppend) => Appended | Promise<Appended>;
};

/** The operations of one database, called with checked arguments; see {@link EventStore} for each. */
export type StoreAdapter<Event = AccountEvent, Id extends StreamKey = StreamId> = StreamAdapter<Event, Id> & {
  /** Reads a page of the events of all streams, each event as the text that was appended. */
  readonly readAll: (page: CheckedPage) => EventPage<string, Id> | Promise<EventPage<string, Id>>;
  /** Lists a page of the accounts. */
  readonly accounts: (page: CheckedPage) => AccountPage<Id> | Promise<AccountPage<Id>>;
  /**
   * Waits for calls that were made before `close`, for an adapter that keeps some back.
   *
   * @defaultValue `close` waits for nothing
   */
  readonly settle?: () => Promise<void>;
  /** How many accounts jobs work on at a time; see {@link EventStore}. */
  readonly concurrency?: number;
};

/** An adapter that can also erase texts, of accounts or of the office; see {@link RedactingEventStore}. */
export type RedactingStoreAdapter<Event = AccountEvent, Id extends StreamKey = StreamId> = StoreAdapter<
  Event,
  Id
> & {
  /** Redacts events of a stream: all of the chosen ones or none. */
  readonly redact: (stream: Id, which: CheckedRedact) => Redacted | Promise<Redacted>;
  /**
   * Overwrites what was erased in the files of the database; see {@link RedactingEventStore}. `redact` and `purge` do
   * it too unless `sweep` of their arguments is false.
   *
   * @defaultValue the database keeps nothing of what was erased
   */
  readonly sweep?: () => Swept | Promise<Swept>;
};

/** An adapter of accounts that can erase texts, and remove events. */
export type ErasingStoreAdapter = RedactingStoreAdapter & {
  /** Removes all events of a stream, and leaves one; see {@link ErasingEventStore}. */
  readonly purge: (stream: StreamId, left: CheckedPurge) => Purged | Promise<Purged>;
};

/**
 * Creates an event store from an adapter. The store refuses invalid arguments and calls after `close`, and encodes
 * events as text, so that the adapter deals with its database only. Events of another type need their codec, as the
 * second argument; the adapter then gets the keys that the codec names.
 *
 * @param adapter - the operations of the database
 * @returns the store; it has `redact` and `purge` if the adapter has
 *
 * @example
 * ```ts
 * import { checkedStore, type StoreAdapter } from 'patron-fees/history';
 *
 * const empty: StoreAdapter = {
 *   read: () => ({ version: 0, events: [] }),
 *   append: (_stream, texts) => ({ version: texts.length }),
 *   readAll: () => ({ events: [], cursor: '0' }),
 *   accounts: () => ({ accounts: [], cursor: '0' }),
 * };
 * const store = checkedStore(empty);
 * (await store.read({ institution: 'north', patronId: 'p1' })).version; //=> 0
 * await store.read({ institution: '', patronId: 'p1' }); //=> throws INVALID_ARGUMENT
 * ```
 */
export function checkedStore(adapter: ErasingStoreAdapter): ErasingEventStore;
export function checkedStore(adapter: RedactingStoreAdapter): RedactingEventStore;
export function checkedStore(adapter: StoreAdapter): EventStore;
export function checkedStore<Event, Field extends IdField>(
  adapter: RedactingStoreAdapter<Event, StreamKey<Field>>,
  codec: EventCodec<Event, Field>,
): RedactingEventStore<Event, StreamKey<Field>>;
export function checkedStore<Event, Field extends IdField>(
  adapter: StoreAdapter<Event, StreamKey<Field>>,
  codec: EventCodec<Event, Field>,
): EventStore<Event, StreamKey<Field>>;
export function checkedStore(
  adapter: StoreAdapter & Partial<ErasingStoreAdapter>,
  codec: EventCodec<AccountEvent> = accountEvents,
): EventStore {
  return openKeyed(adapter, codec).store;
}

/** The operations on single streams of a database whose calls return at once. */
export type StreamAdapterNow = {
  readonly read: (stream: StreamId, part: CheckedRead) => StreamSlice;
  readonly append: (stream: StreamId, texts: readonly string[], how: CheckedAppend) => Appended;
};

const OLDEST: CheckedRead = { after: 0, limit: 1 };

/** A checked store, and what other functions of the store need: they too must reject once it is closed. */
type OpenStore<Store extends EventStore> = {
  readonly store: Store;
  /** Throws `STORE_CLOSED` if the store was closed. */
  readonly assertOpen: () => void;
  /** Checks the calls of a part of the store, such as one within a transaction. */
  readonly streams: (adapter: StreamAdapter) => ReadAppendStore;
  /** Checks calls that return at once. */
  readonly streamsNow: (adapter: StreamAdapterNow) => StreamsNow;
};

/**
 * Creates a store as {@link checkedStore} does, for the databases of this package: they keep what the codec calls
 * `stream` where accounts have the patron's id.
 */
export function openStore(
  adapter: ErasingStoreAdapter,
  codec?: EventCodec<AccountEvent>,
): OpenStore<ErasingEventStore>;
export function openStore(
  adapter: StoreAdapter & Partial<ErasingStoreAdapter>,
  codec?: EventCodec<AccountEvent>,
): OpenStore<EventStore>;
export function openStore(
  adapter: StoreAdapter & Partial<ErasingStoreAdapter>,
  codec: EventCodec<AccountEvent> = accountEvents,
): OpenStore<EventStore> {
  return openKeyed(isNamed(codec) ? (named(adapter) as unknown as StoreAdapter) : adapter, codec);
}

function isNamed({ idField }: { readonly idField: IdField }): boolean {
  return idField === 'stream';
}

/** Returns an adapter for events of another kind. Only events of accounts can be removed. */
function named(
  accounts: StoreAdapter & Partial<ErasingStoreAdapter>,
): StoreAdapter<AccountEvent, NamedStream> & Partial<RedactingStoreAdapter<AccountEvent, NamedStream>> {
  const { settle, concurrency, redact, sweep } = accounts;
  return {
    ...(settle && { settle }),
    ...(concurrency !== undefined && { concurrency }),
    ...(redact && {
      redact: ({ institution, stream }, which) => redact({ institution, patronId: stream }, which),
    }),
    ...(sweep && { sweep }),
    read: ({ institution, stream }, part) => accounts.read({ institution, patronId: stream }, part),
    append: ({ institution, stream }, texts, how) =>
      accounts.append({ institution, patronId: stream }, texts, how),
    readAll: async (page) => {
      const { events, cursor } = await accounts.readAll(page);
      const renamed = events.map(({ institution, patronId, version, recordedAt, event }) => {
        return { institution, stream: patronId, version, recordedAt, event };
      });
      return { events: renamed, cursor };
    },
    accounts: async (page) => {
      const { accounts: listed, cursor } = await accounts.accounts(page);
      const named = listed.map(({ institution, patronId }) => ({ institution, stream: patronId }));
      return { accounts: named, cursor };
    },
  };
}

/** Creates a store whose adapter gets the keys that the codec names. */
function openKeyed(
  adapter: StoreAdapter & Partial<ErasingStoreAdapter>,
  codec: EventCodec<AccountEvent>,
): OpenStore<EventStore> {
  const { encode, decode } = codec;
  const checkedKey = (isNamed(codec) ? checkedNamedStream : checkedStream) as typeof checkedStream;
  const { redact, purge, sweep = () => ({}), concurrency } = adapter;
  let isClosed = false;
  const assertOpen = () => {
    if (isClosed) throw new PatronFeesError('STORE_CLOSED', 'the event store was closed');
  };
  const checkedCall = (stream: StreamId, events: readonly AccountEvent[], options: AppendOptions) => {
    const texts = checkedEvents(events).map(encode);
    // A stream with events before a purge cannot be read.
    if (events.some(isPurge))
      throw new PatronFeesError('INVALID_ARGUMENT', 'events: AccountPurged is stored by purge only');
    assertOpen();
    return [checkedKey(stream), texts, checkedAppend(options)] as const;
  };
  const streams = ({ read, append }: StreamAdapter): ReadAppendStore => ({
    read: async (stream, options) => {
      assertOpen();
      const [key, part] = [checkedKey(stream), checkedRead(options)];
      try {
        const slice = assertWhole(key, part, await read(key, part));
        if (beginsWithPurge(part, slice)) assertPurgeIsFirst(key, slice, await read(key, OLDEST));
        return slice;
      } catch (error) {
        throw notedOutage(error);
      }
    },
    append: async (stream, events, options) => {
      const call = checkedCall(stream, events, options);
      try {
        return await append(...call);
      } catch (error) {
        throw notedOutage(error);
      }
    },
  });
  const streamsNow = ({ read, append }: StreamAdapterNow): StreamsNow => ({
    read: (stream, options) => {
      assertOpen();
      const [key, part] = [checkedKey(stream), checkedRead(options)];
      const slice = assertWhole(key, part, read(key, part));
      if (beginsWithPurge(part, slice)) assertPurgeIsFirst(key, slice, read(key, OLDEST));
      return slice;
    },
    append: (stream, events, options) => append(...checkedCall(stream, events, options)),
  });
  const store: EventStore = {
    idField: codec.idField,
    ...streams(adapter),
    ...(concurrency !== undefined && { concurrency }),
    readAll: async (options) => {
      assertOpen();
      const { page, lists } = checkedEventPage(options);
      const found = await notingOutages(() => adapter.readAll(page));
      return decodedPage(found, decode, page.after === undefined, lists);
    },
    accounts: async (options) => {
      assertOpen();
      const page = checkedPage(options);
      return notingOutages(() => adapter.accounts(page));
    },
    close: async () => {
      isClosed = true;
      await adapter.settle?.();
    },
  };
  const erasing: Partial<ErasingEventStore> = {
    ...(redact && {
      redact: async (stream, options) => {
        assertOpen();
        const [key, which] = [checkedKey(stream), checkedRedact(options)];
        return notingOutages(() => redact(key, which));
      },
      sweep: async () => {
        assertOpen();
        return notingOutages(sweep);
      },
    }),
    ...(purge && {
      purge: async (stream, event, options) => {
        const [left, key] = [checkedPurge(event, options, encode), checkedKey(stream)];
        assertOpen();
        return notingOutages(() => purge(key, left));
      },
    }),
  };
  return { store: { ...store, ...erasing }, assertOpen, streams, streamsNow };
}
