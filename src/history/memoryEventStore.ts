import type { AccountEvent } from '../account/events/accountEvent.js';
import { PatronFeesError } from '../errors.js';
import { type Clock, timeOf } from '../input/clock.js';
import { mismatchText } from '../input/faults.js';
import { type ErasingStoreAdapter, openStore } from './checkedStore.js';
import { accountEvents, type EventCodec } from './codec.js';
import {
  type AccountPage,
  type Appended,
  cursorUnknown,
  type EventPage,
  type EventStore,
  type IdField,
  type RecordedEvent,
  type StreamId,
  type StreamKey,
  type StreamSlice,
  streamKey,
  versionConflict,
} from './eventStore.js';
import { laterInstant } from './instants.js';
import {
  type ErasingEventStore,
  type Purged,
  type Redacted,
  type RedactingEventStore,
  redactedEvents,
} from './redaction.js';
import type {
  CheckedAppend,
  CheckedPage,
  CheckedPurge,
  CheckedRead,
  CheckedRedact,
} from './storeArguments.js';
import { cursorInvalid } from './storeArguments.js';

/** How {@link memoryEventStore} records events. */
export type MemoryEventStoreOptions = {
  /**
   * Returns the time that events are recorded at: a `Date`, or ISO 8601 with a zone. Required, because the library
   * reads no clock.
   */
  readonly now: Clock;
};

/** A stored event: as text, so that the store shares no object with its callers. */
type Row = StreamId & Omit<RecordedEvent, 'event'> & { readonly position: number; text: string };

/**
 * Creates a store in memory for events of another kind than account events.
 *
 * @param options - the clock, and the codec of the events
 * @returns an empty store
 */
export function memoryEventStore<Event, Field extends IdField>(
  options: MemoryEventStoreOptions & {
    /** Encodes and checks the events, and names their streams, e.g. `officeEvents`. */
    readonly codec: EventCodec<Event, Field>;
  },
): RedactingEventStore<Event, StreamKey<Field>>;
/**
 * Creates a store that keeps events in memory: for tests, for experiments, and as the reference for other adapters.
 *
 * @param options - the clock
 * @returns an empty store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the clock is missing
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 *
 * const store = memoryEventStore({ now: () => '2026-03-02T09:00:05Z' });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const at = '2026-03-02T09:00:00Z';
 * const event = {
 *   type: 'FeeAssessed' as const,
 *   data: { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at },
 * };
 *
 * await store.append(stream, [event], { expectedVersion: 0 }); //=> { version: 1 }
 * await store.append(stream, [event], { expectedVersion: 0 }); //=> throws VERSION_CONFLICT
 * const { events } = await store.read(stream);
 * events[0]?.recordedAt; //=> '2026-03-02T09:00:05Z'
 * ```
 */
export function memoryEventStore(options: MemoryEventStoreOptions): ErasingEventStore;
export function memoryEventStore(
  options: MemoryEventStoreOptions & { readonly codec?: EventCodec<AccountEvent> },
): EventStore {
  const now: unknown = options?.now;
  if (typeof now !== 'function') {
    const found = now === null ? 'null' : typeof now;
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      mismatchText('options.now', 'a function that returns the time', now, found),
    );
  }
  const { codec = accountEvents } = options;
  const memory: Memory = {
    now: () => timeOf(options.now),
    codec,
    log: [],
    streams: new Map(),
    accounts: [],
    listed: new Map(),
  };
  // Nothing below awaits, so no other append can run between a read and the write that depends on it.
  const adapter: ErasingStoreAdapter = {
    read: (stream, part) => readStream(memory, stream, part),
    append: (stream, texts, how) => appendTo(memory, stream, texts, how),
    readAll: (page) => readLog(memory, page),
    accounts: (page) => listAccounts(memory, page),
    redact: (stream, which) => redactStream(memory, stream, which),
    purge: (stream, left) => purgeStream(memory, stream, left),
  };
  return openStore(adapter, codec).store;
}

type Memory = {
  readonly now: () => string;
  readonly codec: EventCodec<AccountEvent>;
  /** All events, in the order in which they were recorded; undefined in the place of a removed one. */
  readonly log: (Row | undefined)[];
  /** The events of each stream that has any. */
  readonly streams: Map<string, Row[]>;
  /**
   * The streams, in the order of their first event, undefined in the place of one that was purged and is listed later:
   * a list, so that a page starts at its index.
   */
  readonly accounts: (StreamId | undefined)[];
  /** The position of each stream in that list. */
  readonly listed: Map<string, number>;
};

function readStream(memory: Memory, stream: StreamId, { after, limit }: CheckedRead): StreamSlice {
  const rows = memory.streams.get(streamKey(stream)) ?? [];
  return {
    version: versionOf(rows),
    // The first row has version 1, or is the one that a purge left.
    events: part(rows, Math.max(0, after + 1 - (rows[0]?.version ?? 1)), limit).map((row) =>
      recordedEvent(row, memory.codec),
    ),
  };
}

function appendTo(
  memory: Omit<Memory, 'codec'>,
  stream: StreamId,
  texts: readonly string[],
  { expectedVersion, recordedAt: given }: CheckedAppend,
): Appended {
  // The clock is called first: it is the caller's code, and may append to this store.
  const now = texts.length === 0 || given !== undefined ? '' : memory.now();
  const rows = memory.streams.get(streamKey(stream)) ?? [];
  const version = versionOf(rows);
  if (texts.length === 0) return { version };
  if (expectedVersion !== 'any' && expectedVersion !== version)
    throw versionConflict(stream, expectedVersion, version);
  const recordedAt = laterInstant(
    rows.at(-1)?.recordedAt,
    given ?? laterInstant(memory.log.at(-1)?.recordedAt, now),
  );
  if (rows.length === 0) list(memory, stream);
  for (const text of texts) {
    const row = { ...stream, position: memory.log.length, version: versionOf(rows) + 1, recordedAt, text };
    rows.push(row);
    memory.log.push(row);
  }
  memory.streams.set(streamKey(stream), rows);
  return { version: versionOf(rows) };
}

function readLog({ log }: Pick<Memory, 'log'>, { after, limit }: CheckedPage): EventPage<string> {
  const start = positionOf(after, log.length);
  const rows: Row[] = [];
  let position = start;
  for (; position < log.length && rows.length !== limit; position++) {
    const row = log[position];
    if (row !== undefined) rows.push(row);
  }
  const events = rows.map(({ institution, patronId, version, recordedAt, text }) => {
    return { institution, patronId, version, recordedAt, event: text };
  });
  return { events, cursor: String(position) };
}

function listAccounts(
  memory: Pick<Memory, 'accounts'>,
  { after, limit, institution }: CheckedPage,
): AccountPage {
  const accounts: StreamId[] = [];
  let position = positionOf(after, memory.accounts.length);
  for (; position < memory.accounts.length && accounts.length !== limit; position++) {
    const account = memory.accounts[position];
    if (account === undefined || (institution ?? account.institution) !== account.institution) continue;
    accounts.push({ ...account });
  }
  return { accounts, cursor: String(position) };
}

function redactStream(
  { streams, codec }: Pick<Memory, 'streams' | 'codec'>,
  stream: StreamId,
  { versions }: CheckedRedact,
): Redacted {
  const rows = streams.get(streamKey(stream)) ?? [];
  const changed = redactedEvents(
    rows.map((row) => recordedEvent(row, codec)),
    versions,
    codec,
  );
  const texts = new Map(changed.map(({ version, event }) => [version, event]));
  for (const row of rows) row.text = texts.get(row.version) ?? row.text;
  return { events: changed.length };
}

function purgeStream(
  memory: Memory,
  stream: StreamId,
  { text, events, recordedAt: given }: CheckedPurge,
): Purged {
  const now = given === undefined ? memory.now() : '';
  const { log, accounts, streams } = memory;
  const rows = streams.get(streamKey(stream)) ?? [];
  if (versionOf(rows) > events) throw versionConflict(stream, events, versionOf(rows));
  const recordedAt = laterInstant(
    rows.at(-1)?.recordedAt,
    given ?? laterInstant(log.at(-1)?.recordedAt, now),
  );
  for (const { position } of rows) log[position] = undefined;
  const left = { ...stream, position: log.length, version: events + 1, recordedAt, text };
  log.push(left);
  const listed = memory.listed.get(streamKey(stream));
  if (listed !== undefined) accounts[listed] = undefined;
  list(memory, stream);
  streams.set(streamKey(stream), [left]);
  return { version: left.version };
}

/** Adds a stream at the end of the list of accounts. */
function list({ accounts, listed }: Pick<Memory, 'accounts' | 'listed'>, stream: StreamId): void {
  listed.set(streamKey(stream), accounts.length);
  accounts.push({ ...stream });
}

function versionOf(rows: readonly Row[]): number {
  return rows.at(-1)?.version ?? 0;
}

function part<Entry>(list: readonly Entry[], after: number, limit: number | undefined): readonly Entry[] {
  return list.slice(after, limit === undefined ? undefined : after + limit);
}

function recordedEvent(
  { version, recordedAt, text }: Row,
  { decode }: EventCodec<AccountEvent>,
): RecordedEvent {
  return { version, recordedAt, event: decode(text) };
}

/** Reads a cursor: the number of entries before the page. */
function positionOf(cursor: string | undefined, length: number): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) {
    if (Number(cursor) > length) throw cursorUnknown(cursor);
    return Number(cursor);
  }
  throw cursorInvalid(cursor);
}
