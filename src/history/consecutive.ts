import { isPatronFeesError, PatronFeesError } from '../errors.js';
import {
  type EventPage,
  type RecordedEvent,
  type StoredAccountEvent,
  type StreamId,
  type StreamKey,
  type StreamSlice,
  streamKey,
  streamName,
  type UnreadableEvent,
} from './eventStore.js';
import type { CheckedRead } from './storeArguments.js';

/**
 * Checks that events of one stream follow each other: versions without a gap, from 1 or from an AccountPurged on. An
 * event that was deleted in the database would otherwise only be missed by whoever adds up.
 *
 * @param stream - the stream
 * @param events - its events after a version, in order
 * @param after - the version; 0 for the beginning of the stream
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY`
 */
export function assertConsecutive(
  stream: StreamKey,
  events: readonly RecordedEvent<unknown>[],
  after: number,
): void {
  let before: number | undefined;
  for (const event of events) {
    assertFollows(stream, event, before ?? after, before === undefined);
    before = event.version;
  }
}

/**
 * Decodes the events of a page, and checks that they follow each other in each stream, as far as the page has them.
 *
 * @param page - the events as text
 * @param decode - reads one of them
 * @param isFirstPage - whether no events come before the page
 * @param lists - whether events that cannot be read are listed; else the first one is thrown
 */
export function decodedPage<Event, Id extends StreamKey = StreamId>(
  { events: stored, cursor }: EventPage<string, Id>,
  decode: (text: string) => Event,
  isFirstPage: boolean,
  lists: boolean,
): EventPage<Event, Id> {
  const versions = new Map<string, number>();
  const events: StoredAccountEvent<Event, Id>[] = [];
  const unreadable: UnreadableEvent<Id>[] = [];
  for (const one of stored) {
    const key = streamKey(one);
    try {
      const decoded = { ...one, event: decodedAt(one, decode) } as StoredAccountEvent<Event, Id>;
      const before = versions.get(key);
      // Events before the page are not known, but those of the first page have none.
      if (before !== undefined || isFirstPage) assertFollows(one, decoded, before ?? 0, before === undefined);
      events.push(decoded);
    } catch (error) {
      if (!lists || !isUnreadable(error)) throw error;
      const { event: _, ...place } = one;
      unreadable.push({ ...(place as unknown as UnreadableEvent<Id>), error });
    }
    versions.set(key, one.version);
  }
  return { events, cursor, ...(unreadable.length > 0 && { unreadable }) };
}

/** Decodes an event, and adds its stream and version to the error. */
function decodedAt<Event>(
  { event, ...place }: StoredAccountEvent<string, StreamKey>,
  decode: (text: string) => Event,
): Event {
  try {
    return decode(event);
  } catch (error) {
    if (!isPatronFeesError(error, 'INVALID_EVENT')) throw error;
    const [stream, { version }] = [streamName(place), place];
    const message = `${stream}: event ${version}: ${error.message.slice(error.code.length + 2)}`;
    throw new PatronFeesError(error.code, message, { ...error.details, stream, version });
  }
}

/** Returns whether an error is about an event, and not about the store. */
export function isUnreadable(error: unknown): error is PatronFeesError {
  return isPatronFeesError(error, 'INVALID_EVENT') || isPatronFeesError(error, 'CORRUPT_HISTORY');
}

/**
 * Returns whether an event is what a purge left. Only the first event of a stream may be.
 *
 * @param event - an event of any kind
 */
export function isPurge(event: unknown): boolean {
  return (event as { readonly type?: unknown } | null)?.type === 'AccountPurged';
}

/** @param mayBegin - whether the stream can begin with this event */
function assertFollows(
  stream: StreamKey,
  { version, event }: RecordedEvent<unknown>,
  before: number,
  mayBegin: boolean,
): void {
  if (!isPurge(event)) {
    if (version !== before + 1) throw eventsMissing(stream, before + 1, version);
  } else if (!mayBegin || version <= before) {
    throw misplacedPurge(stream, version);
  }
}

/** Creates the error for a stream in which events are missing before a version. */
export function eventsMissing(stream: StreamKey, expected: number, found: number): PatronFeesError {
  const name = streamName(stream);
  const message = `${name}: expected version ${expected}, found ${found}: events are missing`;
  return new PatronFeesError('CORRUPT_HISTORY', message, { stream: name, expected, found });
}

/** Creates the error for a stream with events before its purge. */
function misplacedPurge(stream: StreamKey, version: number): PatronFeesError {
  const name = streamName(stream);
  const message = `${name}: event ${version} is AccountPurged, which can only be the first event of a stream`;
  return new PatronFeesError('CORRUPT_HISTORY', message, { stream: name, version });
}

/** Throws if events are missing in a part of a stream. */
export function assertWhole(stream: StreamId, part: CheckedRead, slice: StreamSlice): StreamSlice {
  const { version, events } = slice;
  assertConsecutive(stream, events, part.after);
  const last = events.at(-1)?.version ?? part.after;
  const isToTheEnd = part.limit === undefined || events.length < part.limit;
  if (isToTheEnd && last < version) throw eventsMissing(stream, last + 1, version);
  return slice;
}

/** Returns whether a part does not show whether events come before a purge. */
export function beginsWithPurge({ after }: CheckedRead, { events: [first] }: StreamSlice): boolean {
  return after > 0 && first !== undefined && isPurge(first.event);
}

/** Throws if the oldest event of a stream is before that of a part. */
export function assertPurgeIsFirst(
  stream: StreamId,
  part: StreamSlice,
  { events: [oldest] }: StreamSlice,
): void {
  const { version } = part.events[0] as RecordedEvent;
  if (oldest !== undefined && oldest.version < version) throw misplacedPurge(stream, version);
}

// Errors of a store or a key service: whatever they say, they are no fault of an account.

/** A registered symbol: the copies of this package for `import` and `require` know each other's outages. */
const OUTAGES = Symbol.for('patron-fees/outages');

function noted(): WeakSet<object> {
  const shared = globalThis as { [OUTAGES]?: WeakSet<object> };
  shared[OUTAGES] ??= new WeakSet();
  return shared[OUTAGES];
}

/**
 * Returns the error of a call of a store, noted as an outage unless the events are at fault. What is no object becomes the
 * cause of an error.
 */
export function notedOutage(error: unknown): unknown {
  if (isUnreadable(error)) return error;
  const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
  const outage = isObject ? error : new Error(String(error), { cause: error });
  noted().add(outage);
  return outage;
}

/** Runs a call of a store, and notes its error as {@link notedOutage} does. */
export async function notingOutages<Result>(call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw notedOutage(error);
  }
}

/** Returns whether an error was noted as an outage. */
export function isOutage(error: unknown): boolean {
  return noted().has(error as object);
}
