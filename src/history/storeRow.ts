// Shared by the adapters for SQL databases: converts rows to events.
import type { EventCodec } from './codec.js';
import type { RecordedEvent, StreamId } from './eventStore.js';

/** A row of the table of events; drivers return integers as numbers, strings or BigInts. */
export type StoreRow = Readonly<Record<string, unknown>>;

/** Returns the event of a row. */
export function recordedEventOf<Event>(
  { version, recorded_at, event }: StoreRow,
  { decode }: EventCodec<Event>,
): RecordedEvent<Event> {
  return { version: Number(version), recordedAt: String(recorded_at), event: decode(String(event)) };
}

/** Returns the stream that a row belongs to. */
export function streamOf({ institution, patron_id }: StoreRow): StreamId {
  return { institution: String(institution), patronId: String(patron_id) };
}
