// What adapters for SQL databases have in common: how a row becomes an event.
import { decodeEvent } from './codec.js';
import type { RecordedEvent, StreamId } from './eventStore.js';

/** A row of a table of events; drivers give whole numbers as numbers, texts or BigInts. */
export type StoreRow = Readonly<Record<string, unknown>>;

/** The event of a row. */
export function recordedEventOf({ version, recorded_at, event }: StoreRow): RecordedEvent {
  return { version: Number(version), recordedAt: String(recorded_at), event: decodeEvent(String(event)) };
}

/** The stream that a row belongs to. */
export function streamOf({ institution, patron_id }: StoreRow): StreamId {
  return { institution: String(institution), patronId: String(patron_id) };
}
