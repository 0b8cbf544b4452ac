import type { Command, CommandList } from '../account/commands/command.js';
import type { Decision } from '../account/decision.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { PatronFeesError } from '../errors.js';
import { assertMethods } from '../input/methods.js';

/** The key of one patron's account at one institution: each account is one stream of events. */
export type StreamId = {
  /** The institution: 1 to 200 characters without U+0000 and lone surrogates. */
  readonly institution: string;
  /** The patron's id at that institution; the same limits. */
  readonly patronId: string;
};

/** The key of a stream of other events than those of an account, such as those of a till. */
export type NamedStream = {
  /** The institution; the same limits as of an account. */
  readonly institution: string;
  /** The name of the stream at that institution, such as `till:CIRC`: 1 to 220 characters. */
  readonly stream: string;
};

/** The field of a key beside the institution: `patronId` of an account, `stream` of other events. */
export type IdField = 'patronId' | 'stream';

/** The keys of the streams of a store, by their field: {@link StreamId} or {@link NamedStream}. */
export type StreamKey<Field extends IdField = IdField> = {
  /** Of events of accounts. */
  readonly patronId: StreamId;
  /** Of other events. */
  readonly stream: NamedStream;
}[Field];

/** Returns the patron's id or the name of a stream. */
export function idOf(stream: StreamKey): string {
  // Of every event of a page: loading a field is faster than `in`.
  const { patronId, stream: name } = stream as StreamId & Partial<NamedStream>;
  return name ?? patronId;
}

/** An event of a stream, with its version and recording time. */
export type RecordedEvent<Event = AccountEvent> = {
  /** The position in the stream, from 1. */
  readonly version: number;
  /**
   * When the store recorded the event, ISO 8601 with a zone, to the microsecond at most; never earlier than the event
   * before it.
   */
  readonly recordedAt: string;
  /** The event. */
  readonly event: Event;
};

/** An event with the key of its stream. */
export type StoredAccountEvent<Event = AccountEvent, Id extends StreamKey = StreamId> = RecordedEvent<Event> &
  Id;

/** Which part of a stream to read. */
export type ReadOptions = {
  /** Only events with a higher version; 0 if left out. A version beyond the stream's end returns no events. */
  readonly after?: number;
  /** The maximum number of events, 1 or more; all if left out. */
  readonly limit?: number;
};

/** A part of a stream. */
export type StreamSlice<Event = AccountEvent> = {
  /** The version of the whole stream's last event, even if only a part was read; 0 if the stream is empty. */
  readonly version: number;
  /** The events, in the stream's order. */
  readonly events: readonly RecordedEvent<Event>[];
};

/** The conditions of an append. */
export type AppendOptions = {
  /** The version that the stream must have; `any` appends at any version. */
  readonly expectedVersion: number | 'any';
  /**
   * When the events were recorded, for copies from another store; the store's own clock if left out. A time before the
   * stream's last event becomes the time of that event. Digits below the microsecond are dropped.
   */
  readonly recordedAt?: string;
  /**
   * Whether texts are encrypted, as by {@link keys.keyedEventStore | keyedEventStore}.
   *
   * @defaultValue `false`
   */
  readonly underKeys?: boolean;
};

/** The result of an append. */
export type Appended = {
  /** The version of the stream's last event. */
  readonly version: number;
};

/** Which page of a list to read. */
export type PageOptions = {
  /** The cursor of the page before; the beginning if left out. One beyond the store's end is `CURSOR_UNKNOWN`. */
  readonly after?: string;
  /** The maximum number of entries, 1 or more; all if left out. */
  readonly limit?: number;
};

/** Which page of the events of all streams to read. */
export type EventPageOptions = PageOptions & {
  /**
   * What to do about an event that cannot be read: reject, or list it in `unreadable`, so that the others of the page
   * can be read.
   *
   * @defaultValue `reject`
   */
  readonly onUnreadable?: 'reject' | 'list';
};

/** An event that cannot be read, or before which events of its stream are missing. */
export type UnreadableEvent<Id extends StreamKey = StreamId> = Pick<RecordedEvent, 'version' | 'recordedAt'> &
  Id & {
    /** Why: an error `INVALID_EVENT` or `CORRUPT_HISTORY`. */
    readonly error: PatronFeesError;
  };

/** A page of the events of all streams. */
export type EventPage<Event = AccountEvent, Id extends StreamKey = StreamId> = {
  /** The events; empty if there are no more for now. */
  readonly events: readonly StoredAccountEvent<Event, Id>[];
  /**
   * With `onUnreadable: 'list'`, those that cannot be read; left out if all can. Later events of their streams are
   * among the events if they can be read.
   */
  readonly unreadable?: readonly UnreadableEvent<Id>[];
  /** The cursor for the next page: opaque, and valid for the lifetime of the store. */
  readonly cursor: string;
};

/** Which accounts to list. */
export type AccountPageOptions = PageOptions & {
  /** Only accounts at this institution; those of all institutions if left out. */
  readonly institution?: string;
};

/** A page of the list of accounts. */
export type AccountPage<Id extends StreamKey = StreamId> = {
  /** The accounts; empty if there are no more for now. */
  readonly accounts: readonly Id[];
  /** The cursor for the next page, with the same institution: opaque, and valid for the lifetime of the store. */
  readonly cursor: string;
};

/**
 * Reads and appends the events of single streams: all that a command needs. An {@link EventStore} does it, and so does
 * a store in your own transaction.
 */
export type ReadAppendStore<Event = AccountEvent, Id extends StreamKey = StreamId> = {
  /**
   * Reads a stream. Streams need not be created: a stream without events is empty.
   *
   * Rejects with `CORRUPT_HISTORY` if events are missing: the versions that are read have a gap, the stream begins
   * neither at 1 nor with an {@link index.AccountPurged | AccountPurged}, or that event is anywhere else.
   */
  readonly read: (stream: Id, options?: ReadOptions) => Promise<StreamSlice<Event>>;
  /**
   * Appends events to a stream: all of them or none.
   *
   * Rejects with `VERSION_CONFLICT` if the stream is not at the expected version ({@link versionConflict}), and with
   * `INVALID_EVENT` for an invalid event. Appending an empty list does nothing, for any expected version.
   */
  readonly append: (stream: Id, events: readonly Event[], options: AppendOptions) => Promise<Appended>;
  /** Is called around every command on an account of this store, for measurements; nothing is called if left out. */
  readonly observeCommand?: CommandObserver;
};

/** Reads and appends the events of single streams as {@link ReadAppendStore} does, but returns and throws at once. */
export type StreamsNow<Event = AccountEvent, Id extends StreamKey = StreamId> = {
  /** Reads a stream. */
  readonly read: (stream: Id, options?: ReadOptions) => StreamSlice<Event>;
  /** Appends events to a stream: all of them or none. */
  readonly append: (stream: Id, events: readonly Event[], options: AppendOptions) => Appended;
};

/**
 * Stores events: the port that every adapter implements in the same way.
 *
 * - Events are returned exactly as they were appended, with every character of amounts and ids; undefined fields are
 *   left out.
 * - The store and its callers share no objects: changing an event that was appended or read does not change the store.
 * - A cursor beyond the end of the store rejects with `CURSOR_UNKNOWN` ({@link cursorUnknown}): a reader that continued
 *   from it would miss events that a store, restored from an older backup, records next.
 * - Every function rejects with `INVALID_ARGUMENT` for invalid arguments, and with `STORE_CLOSED` after
 *   `close`.
 *
 * A store holds events of one kind: those of patron accounts, or others if it is opened with another
 * {@link EventCodec}, such as those of tills and receipts. The codec also defines the keys of its streams.
 */
export type EventStore<Event = AccountEvent, Id extends StreamKey = StreamId> = ReadAppendStore<Event, Id> & {
  /**
   * Reads the events of all streams in one order, which keeps the order of each stream. No event is ever added before a
   * cursor that was returned, so a reader that continues from the last cursor misses no event. An event may appear here
   * a little later than in its stream. Rejects with `INVALID_EVENT` if an event of the page cannot be read, and with
   * `CORRUPT_HISTORY` if events of a stream are missing in it, unless `onUnreadable` is `list`; a gap between two pages
   * is found by reading the stream.
   */
  readonly readAll: (options?: EventPageOptions) => Promise<EventPage<Event, Id>>;
  /**
   * Lists every account (or stream of other events) that has events, once; new accounts come after those listed before.
   * An account whose first event is missing is listed too, so that jobs report it.
   */
  readonly accounts: (options?: AccountPageOptions) => Promise<AccountPage<Id>>;
  /**
   * Releases the store's resources, after the calls that have begun. Appended events stay stored; closing again does
   * nothing.
   */
  readonly close: () => Promise<void>;
  /**
   * The number of accounts that a job works on at a time, unless its caller chooses one: more in a store whose
   * concurrent calls share round trips; 8 if left out.
   */
  readonly concurrency?: number;
  /** The field of its keys beside `institution`, as its codec names it; unknown if left out. */
  readonly idField?: IdField;
};

/** Returns a text that no two streams share: ids cannot contain U+0000. */
export function streamKey(stream: StreamKey): string {
  return `${stream.institution}\u0000${idOf(stream)}`;
}

/**
 * Returns the name of a stream in messages and in the `details` of errors.
 *
 * @param stream - a stream
 * @returns the institution, and the patron's id or the stream's name, joined by a slash
 *
 * @example
 * ```ts
 * import { streamName } from 'patron-fees/history';
 *
 * streamName({ institution: 'north', patronId: 'p1' }); //=> 'north/p1'
 * streamName({ institution: 'north', stream: 'till:CIRC' }); //=> 'north/till:CIRC'
 * ```
 */
export function streamName(stream: StreamKey): string {
  return `${stream.institution}/${idOf(stream)}`;
}

/**
 * Creates the error that adapters throw if a stream is not at the expected version.
 *
 * @param stream - the stream
 * @param expected - the version that the writer expected
 * @param actual - the version that the stream has
 * @returns an error `VERSION_CONFLICT` with `stream`, `expected` and `actual` in `details`
 *
 * @example
 * ```ts
 * import { versionConflict } from 'patron-fees/history';
 *
 * versionConflict({ institution: 'north', patronId: 'p1' }, 3, 5).details;
 * //=> { stream: 'north/p1', expected: 3, actual: 5 }
 * ```
 */
export function versionConflict(stream: StreamKey, expected: number, actual: number): PatronFeesError {
  const name = streamName(stream);
  return new PatronFeesError(
    'VERSION_CONFLICT',
    `${name} is at version ${actual}, not at ${expected}: read the new events and decide again`,
    { stream: name, expected, actual },
  );
}

/**
 * Creates the error that adapters throw for a cursor beyond the end of the store.
 *
 * @param cursor - the cursor that the reader passed
 * @returns an error `CURSOR_UNKNOWN` with `cursor` in `details`
 *
 * @example
 * ```ts
 * import { cursorUnknown } from 'patron-fees/history';
 *
 * cursorUnknown('4711').details; //=> { cursor: '4711' }
 * ```
 */
export function cursorUnknown(cursor: string): PatronFeesError {
  return new PatronFeesError(
    'CURSOR_UNKNOWN',
    `this store has no event at the cursor ${cursor}: it was restored from a backup that is older than the cursor, or ` +
      'the cursor is of another store. The projection contains events that this store does not have: delete the ' +
      'checkpoint, so that it is rebuilt from the first event',
    { cursor },
  );
}

/**
 * Throws unless an argument is an event store.
 *
 * @param method - a function that is called
 */
export function assertStore(store: unknown, method: 'read' | 'readAll' | 'append', name = 'store'): void {
  assertMethods(store, [method], name, 'an event store');
}

/** A command, or a list of commands, that is executed. */
export type ObservedCommand = {
  /** The institution of the account. */
  readonly institution: string;
  /** The type of each command, as the caller gave it: it may be any value. */
  readonly types: readonly unknown[];
};

/**
 * Is called around every command that is executed on an account of a store. It calls `task` once, and returns its
 * result or throws its error.
 */
export type CommandObserver = <
  Result extends {
    /** The decision. */
    readonly decision: Decision;
  },
>(
  command: ObservedCommand,
  task: () => Promise<Result>,
) => Promise<Result>;

/** Executes a command as a task that the store's observer sees. */
export function observed<Result extends { readonly decision: Decision }>(
  { observeCommand }: { readonly observeCommand?: CommandObserver },
  { institution }: { readonly institution: string },
  command: Command | CommandList,
  task: () => Promise<Result>,
): Promise<Result> {
  if (observeCommand === undefined) return task();
  return observeCommand({ institution, types: typesOf(command) }, task);
}

/** Returns the type of each command, as the caller gave it. */
export function typesOf(command: Command | CommandList): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(command) ? command : [command];
  return list.map((item) => (item as { readonly type?: unknown } | null | undefined)?.type);
}
