import { PatronFeesError } from '../errors.js';
import {
  idOf,
  type RecordedEvent,
  type StoredAccountEvent,
  type StreamKey,
  streamName,
} from './eventStore.js';

/**
 * Checks that events of one stream follow each other: versions without a gap, from 1 or from an AccountPurged on. An event
 * that was deleted in the database would otherwise only be missed by whoever adds up.
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

/** Checks that the events of a page follow each other in each stream, as far as the page has them. */
export function assertConsecutivePage(
  events: readonly StoredAccountEvent<unknown, StreamKey>[],
  isFirstPage: boolean,
): void {
  const versions = new Map<string, number>();
  for (const event of events) {
    const key = `${event.institution}\u0000${idOf(event)}`;
    const before = versions.get(key);
    // Events before the page are not known, but those of the first page have none.
    if (before !== undefined || isFirstPage) assertFollows(event, event, before ?? 0, before === undefined);
    versions.set(key, event.version);
  }
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
export function misplacedPurge(stream: StreamKey, version: number): PatronFeesError {
  const name = streamName(stream);
  const message = `${name}: event ${version} is AccountPurged, which can only be the first event of a stream`;
  return new PatronFeesError('CORRUPT_HISTORY', message, { stream: name, version });
}
