import type { AccountEvent } from '../account/events.js';
import { PatronFeesError } from '../errors.js';

/** Names one patron's account at one institution, and so one stream of events. */
export type StreamId = {
  /** The institution: 1 to 200 characters without U+0000 and lone surrogates. */
  readonly institution: string;
  /** The patron's id at that institution; the same limits. */
  readonly patronId: string;
};

/** An event as it stands in its stream. */
export type RecordedEvent = {
  /** Its place in the stream; the first event has 1. */
  readonly version: number;
  /**
   * When the store recorded it, ISO 8601 with a zone, to the microsecond at most; never earlier than the event before
   * it.
   */
  readonly recordedAt: string;
  /** The event. */
  readonly event: AccountEvent;
};

/** An event as it stands among those of all streams. */
export type StoredAccountEvent = RecordedEvent & StreamId;

/** Which part of a stream to read. */
export type ReadOptions = {
  /** Only events with a higher version; 0 if left out. Beyond the stream's end there are none. */
  readonly after?: number;
  /** How many events at most, 1 or more; all if left out. */
  readonly limit?: number;
};

/** A part of a stream. */
export type StreamSlice = {
  /** The version of the whole stream's last event, whatever part was read; 0 when the stream is empty. */
  readonly version: number;
  /** The events, in the stream's order. */
  readonly events: readonly RecordedEvent[];
};

/** What a writer knows of the stream that it appends to. */
export type AppendOptions = {
  /** The version that the stream must have; `any` appends wherever it ends. */
  readonly expectedVersion: number | 'any';
  /**
   * When the events were recorded, for copies of what another store recorded; the store's own clock if left out. A
   * time before the stream's last event is taken for the time of that event. What is finer than a microsecond is
   * dropped, since not every database can hold it.
   */
  readonly recordedAt?: string;
};

/** Where the stream ends after an append. */
export type Appended = {
  /** The version of the stream's last event. */
  readonly version: number;
};

/** Which part of a long list to read. */
export type PageOptions = {
  /** The cursor of the page before; the beginning if left out. One beyond the store's end is `CURSOR_UNKNOWN`. */
  readonly after?: string;
  /** How many entries at most, 1 or more; all if left out. */
  readonly limit?: number;
};

/** A part of the events of all streams. */
export type EventPage = {
  /** The events; none when there are no more for now. */
  readonly events: readonly StoredAccountEvent[];
  /** Where to go on: opaque, and good for as long as the store is. */
  readonly cursor: string;
};

/** Which accounts to list. */
export type AccountPageOptions = PageOptions & {
  /** Only accounts at this institution. */
  readonly institution?: string;
};

/** A part of the list of accounts. */
export type AccountPage = {
  /** The accounts; none when there are no more for now. */
  readonly accounts: readonly StreamId[];
  /** Where to go on, with the same institution: opaque, and good for as long as the store is. */
  readonly cursor: string;
};

/**
 * Where events are kept: the port that every adapter fills in the same way.
 *
 * - What was appended comes back the same, every character of amounts and ids; fields that are undefined are left out.
 * - What callers do to their events afterwards changes nothing in the store, nor the other way round.
 * - A cursor beyond the end of the store is `CURSOR_UNKNOWN` ({@link cursorUnknown}): who goes on from it would miss what
 *   a store that was restored from an older backup records next.
 * - Every function rejects with `INVALID_ARGUMENT` for arguments that make no sense, and with `STORE_CLOSED` after
 *   {@link EventStore.close}.
 */
export type EventStore = {
  /**
   * Reads a stream. One that nobody has appended to is empty; it needs no creating.
   */
  readonly read: (stream: StreamId, options?: ReadOptions) => Promise<StreamSlice>;
  /**
   * Appends events to a stream: all of them or none.
   *
   * Rejects with `VERSION_CONFLICT` when the stream is not at the expected version ({@link versionConflict}) and with
   * `INVALID_EVENT` for what is no event. Appending nothing does nothing, whatever version is expected.
   */
  readonly append: (
    stream: StreamId,
    events: readonly AccountEvent[],
    options: AppendOptions,
  ) => Promise<Appended>;
  /**
   * Reads the events of all streams in one order, in which each stream keeps its own. Nothing is ever added before a
   * cursor that was given out, so whoever goes on from the last one misses no event. An event may show up a little
   * later here than in its stream.
   */
  readonly readAll: (options?: PageOptions) => Promise<EventPage>;
  /** Lists every account that has events, once; accounts that are new come after those listed before. */
  readonly accounts: (options?: AccountPageOptions) => Promise<AccountPage>;
  /** Lets go of what the store holds. What was appended stays where it was kept; closing again does nothing. */
  readonly close: () => Promise<void>;
};

/**
 * Names a stream in messages and in the `details` of errors.
 *
 * @param stream - a stream
 * @returns institution and patron
 */
export function streamName({ institution, patronId }: StreamId): string {
  return `${institution}/${patronId}`;
}

/**
 * Makes the error for an append to a stream that somebody else has appended to: for adapters to throw.
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
export function versionConflict(stream: StreamId, expected: number, actual: number): PatronFeesError {
  const name = streamName(stream);
  return new PatronFeesError(
    'VERSION_CONFLICT',
    `${name} is at version ${actual}, not at ${expected}: read what is new and decide again`,
    { stream: name, expected, actual },
  );
}

/**
 * Makes the error for a cursor beyond the end of a store: for adapters to throw.
 *
 * @param cursor - the cursor that the reader gave
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
      'the cursor is of another store. What was made of its events has some that it lost: delete the checkpoint, so that ' +
      'it is rebuilt from the first event',
    { cursor },
  );
}
