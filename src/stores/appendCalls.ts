import type { StoreAdapter, StreamAdapter } from '../history/checkedStore.js';
import { type Appended, type StreamId, streamKey, versionConflict } from '../history/eventStore.js';
import type { CheckedAppend } from '../history/storeArguments.js';

/** The operations on single streams for concurrent callers. */
export type GatheredStreams = StreamAdapter & Required<Pick<StoreAdapter, 'settle' | 'concurrency'>>;

/** An append that waits for its batch. */
export type AppendCall = {
  /** The stream. */
  readonly stream: StreamId;
  /** The encoded events. */
  readonly texts: readonly string[];
  /** The conditions. */
  readonly how: CheckedAppend;
};

/** An append of more events gains little from a batch, and would keep the others waiting. */
const EVENTS_MAX = 100;

/** The part of a queue's work that is the same for the appends of every store. */
export const appendCalls = {
  keyOf: ({ stream }: AppendCall) => streamKey(stream),
  lengthOf: ({ texts }: AppendCall) => texts.reduce((length, text) => length + text.length, 0),
  runsByItself: ({ texts }: AppendCall) => texts.length === 0 || texts.length > EVENTS_MAX,
  // Versions never decrease. Many writers of one account so learn at once that the first of them has won.
  refusalAfter: ({ version }: Appended, { stream, texts, how: { expectedVersion } }: AppendCall) =>
    texts.length > 0 && expectedVersion !== 'any' && expectedVersion < version
      ? versionConflict(stream, expectedVersion, version)
      : undefined,
};
