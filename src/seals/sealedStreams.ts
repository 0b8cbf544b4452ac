import { tmpdir } from 'node:os';
import type { EventStore, RecordedEvent, StreamKey } from '../history/eventStore.js';
import { type Shard, shardFilter } from '../history/shard.js';
import { everyAccount } from '../job/job.js';
import type { OfficeStore } from '../office/officeEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { ReadSeal } from './sealBook.js';
import { isSummed } from './sealedSums.js';
import {
  type KeyedLine,
  keyOfStream,
  mergedByKey,
  type SealLine,
  type StreamKind,
  sortedLines,
  streamLines,
  streamOfKey,
} from './sealFile.js';
import { type Difference, unreadableDifference } from './sealFinding.js';
import type { SealOfStream } from './streamComparison.js';

/** The stores that are sealed. */
export type SealedStores = { readonly store: EventStore; readonly office: OfficeStore };

/** A stream of the stores or of the seals, and its lines in the seals. */
export type SealedStream = {
  readonly key: string;
  readonly kind: StreamKind;
  readonly stream: StreamKey;
  readonly seals: readonly SealOfStream[];
};

/**
 * Yields every stream of an institution that the stores or the seals have, sorted as the lines of a seal. Keeps a
 * limited number of names in memory.
 */
export async function* sealedStreams(
  { store, office }: SealedStores,
  institution: string,
  seals: readonly ReadSeal[],
  shard: Shard | undefined,
): AsyncGenerator<SealedStream> {
  const isMine = shardFilter(shard);
  async function* keys(): AsyncGenerator<string> {
    for await (const stream of everyAccount<StreamKey>(store, institution, shard)) yield keyOfStream(stream);
    for await (const stream of everyAccount<StreamKey>(office, institution, shard)) yield keyOfStream(stream);
  }
  async function* names(): AsyncGenerator<KeyedLine> {
    for await (const key of sortedLines(keys(), tmpdir())) yield { key, text: '' };
  }
  const sources = [names(), ...seals.map(({ path }) => streamLines(path))];
  for await (const { key, items } of mergedByKey(sources, (line) => line.key)) {
    const stream = streamOfKey(institution, key);
    if (!isMine(stream)) continue;
    const [, ...lines] = items;
    yield {
      key,
      kind: 'stream' in stream ? 'office' : 'account',
      stream,
      seals: seals.map(({ number, head, knownStreams }, index) => {
        const text = lines[index]?.text;
        const { cutoff, rule } = head;
        return {
          number,
          cutoff,
          rule,
          isKnown: knownStreams.has(key),
          line: text === undefined ? undefined : (JSON.parse(text) as SealLine),
        };
      }),
    };
  }
}

/** The number of events read at a time: a series of receipts may have millions. */
const PAGE_SIZE = 1_000;

/**
 * Reads a stream and visits its events, page by page unless its journal is summed.
 *
 * @returns the events of a stream whose journal is summed; else none
 */
export async function readSealed(
  { store, office }: SealedStores,
  stream: StreamKey,
  visit: (recorded: RecordedEvent<unknown>) => void,
): Promise<readonly RecordedEvent<unknown>[]> {
  if (isSummed(stream)) {
    const { events } = 'stream' in stream ? await office.read(stream) : await store.read(stream);
    for (const recorded of events) visit(recorded);
    return events;
  }
  for (let after = 0; ; ) {
    const { events } = await office.read(stream as Exclude<StreamKey, { patronId: string }>, {
      after,
      limit: PAGE_SIZE,
    });
    for (const recorded of events) visit(recorded);
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE_SIZE) return [];
    after = last.version;
  }
}

/** Returns the difference of a stream that cannot be read or folded, with the place. Rethrows every other error. */
export async function unreadableAt(
  { store, office }: SealedStores,
  stream: StreamKey,
  error: unknown,
): Promise<Difference> {
  const difference = unreadableDifference(stream, error);
  if (difference.version !== null) return difference;
  // A store names no version if it cannot decode one of many events.
  for (let after = 0; ; after++) {
    const which = { after, limit: 1 };
    try {
      const { events } =
        'stream' in stream ? await office.read(stream, which) : await store.read(stream, which);
      if (events.length === 0) return difference;
    } catch {
      return { ...difference, version: after + 1 };
    }
  }
}

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
