import * as v from 'valibot';
import { fold } from '../../account/fold.js';
import { isPatronFeesError } from '../../errors.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { decodeSnapshot, encodeSnapshot, type SnapshotStore } from '../../history/snapshots.js';

/** The schema of a store of snapshots among the options. */
export const snapshotsField = v.optional(
  v.custom<SnapshotStore>(
    (input) => typeof (input as SnapshotStore | null)?.save === 'function',
    'a store of snapshots',
  ),
);

/**
 * Saves a new snapshot if texts or events were removed that the saved one was folded from.
 *
 * @returns whether it was saved
 */
export async function renewSnapshot(
  store: EventStore,
  stream: StreamId,
  snapshots: SnapshotStore,
): Promise<boolean> {
  const text = await snapshots.load(stream);
  if (text === null || text === undefined) return false;
  const count = eventCountIn(text) ?? Number.MAX_SAFE_INTEGER;
  const { events } = await store.read(stream);
  const known = events.filter(({ version }) => version <= count);
  // None of its events are left after a purge.
  const after = encodeSnapshot(fold((known.length > 0 ? known : events).map(({ event }) => event)));
  if (after === text) return false;
  await snapshots.save(stream, after);
  return true;
}

/** Returns the number of events in a snapshot; undefined if it cannot be read, for example because an old release wrote it. */
function eventCountIn(text: string): number | undefined {
  try {
    return decodeSnapshot(text)?.eventCount || undefined;
  } catch (error) {
    if (isPatronFeesError(error, 'INVALID_SNAPSHOT')) return undefined;
    throw error;
  }
}
