import { type OfficeStore, purgesStream } from '../office/officeEvents.js';
import type { ReadSeal } from './sealBook.js';
import type { SealedStream } from './sealedStreams.js';
import type { Difference } from './sealFinding.js';

/** Returns what is wrong with a purge that was made after the first seal; null for one that was recorded and allowed. */
export async function purgeDifference(
  office: OfficeStore,
  { stream, seals }: Pick<SealedStream, 'stream' | 'seals'>,
  read: readonly Pick<ReadSeal, 'number'>[],
  version: number,
): Promise<Difference | null> {
  const [oldest] = read;
  if ('stream' in stream || oldest === undefined) return null;
  const { events } = await office.read(purgesStream(stream));
  const purge = events.flatMap(({ event }) => (event.type === 'PurgeRecorded' ? [event.data] : []));
  const recorded = purge.find((one) => one.version === version - 1);
  const line = seals.find(({ number }) => number === recorded?.seal)?.line;
  const isAllowed = line !== undefined && line.version === version - 1 && !line.open;
  // The file of its seal may be gone.
  if (recorded !== undefined && (recorded.seal < oldest.number || isAllowed)) return null;
  return { code: 'PURGE_UNKNOWN', version, seal: null };
}
