import type { OfficeStore } from '../office/officeEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { ReadSeal } from './sealBook.js';
import type { SealedStream } from './sealedStreams.js';
import type { Difference } from './sealFinding.js';

/**
 * Returns what is wrong with a purge that was made after the first seal; null for one that was recorded and allowed.
 */
export async function purgeDifference(
  office: OfficeStore,
  { stream, seals }: Pick<SealedStream, 'stream' | 'seals'>,
  read: readonly Pick<ReadSeal, 'number'>[],
  version: number,
): Promise<Difference | null> {
  const [oldest] = read;
  if ('stream' in stream || oldest === undefined) return null;
  const { events } = await office.read(streamOfKind(stream.institution, 'purges', stream.patronId));
  const allows = (number: number) => {
    const line = seals.find((one) => one.number === number)?.line;
    return line !== undefined && line.version === version - 1 && !line.open;
  };
  // If the file of its seal is gone, the oldest that is left was made before the events were removed, and must allow it
  // too.
  const isHonest = events.some(
    ({ event: { type, data } }) =>
      type === 'PurgeRecorded' && data.version === version - 1 && allows(Math.max(data.seal, oldest.number)),
  );
  return isHonest ? null : { code: 'PURGE_UNKNOWN', version, seal: null };
}
