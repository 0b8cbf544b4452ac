import { digestOf } from '../account/digest.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { assertAccount } from '../account/safeAccount.js';
import { PatronFeesError } from '../errors.js';
import type { StreamId } from './eventStore.js';

/**
 * Which reducer made a snapshot. To be raised with every change of what the reducer makes of events, or of the shape
 * of {@link index.PatronAccount | PatronAccount}: snapshots of other reducers are discarded, and the account is folded from its events.
 */
const REDUCER_VERSION = 1;

/** Where snapshots are kept: a table or a cache of one text per stream. Nothing is lost when it is emptied. */
export type SnapshotStore = {
  /** Gives the text that was saved last for a stream; nothing where there is none. */
  readonly load: (stream: StreamId) => Promise<string | null | undefined>;
  /** Keeps a text for a stream, in place of the one before. */
  readonly save: (stream: StreamId, snapshot: string) => Promise<void>;
};

/**
 * Writes an account as JSON text, so that later only the events after it need to be folded.
 *
 * @param account - an account
 * @returns the text, which {@link decodeSnapshot} reads
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` when it is none
 *
 * @example
 * ```ts
 * import { emptyAccount } from 'patron-fees';
 * import { decodeSnapshot, encodeSnapshot } from 'patron-fees/history';
 *
 * decodeSnapshot(encodeSnapshot(emptyAccount()))?.eventCount; //=> 0
 * ```
 */
export function encodeSnapshot(account: PatronAccount): string {
  assertAccount(account);
  return JSON.stringify({ reducerVersion: REDUCER_VERSION, digest: digestOf(account), account });
}

/**
 * Reads an account from a snapshot.
 *
 * @param text - what {@link encodeSnapshot} wrote
 * @returns the account, or undefined when another reducer made it: then fold the events
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_SNAPSHOT` when it is damaged; a digest of its content tells
 */
export function decodeSnapshot(text: string): PatronAccount | undefined {
  try {
    const { reducerVersion, digest, account } = JSON.parse(text);
    if (Number.isSafeInteger(reducerVersion) && reducerVersion !== REDUCER_VERSION) return undefined;
    if (reducerVersion === REDUCER_VERSION && digest === digestOf(account)) {
      assertAccount(account);
      return account;
    }
  } catch {
    // Not JSON, or of a shape that no snapshot has: damaged like one whose digest does not fit.
  }
  throw new PatronFeesError(
    'INVALID_SNAPSHOT',
    'the snapshot is damaged; delete it, and the events will be folded',
  );
}

/**
 * Saves a snapshot of an account.
 *
 * @param snapshots - where to
 * @param stream - whose account
 * @param account - the account as it stands
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` when it is none
 */
export async function saveSnapshot(
  snapshots: SnapshotStore,
  stream: StreamId,
  account: PatronAccount,
): Promise<void> {
  await snapshots.save(stream, encodeSnapshot(account));
}

/** Reads the snapshot of an account; undefined when there is none that is of use. */
export async function loadSnapshot(
  snapshots: SnapshotStore,
  stream: StreamId,
): Promise<PatronAccount | undefined> {
  const text = await snapshots.load(stream);
  return text === null || text === undefined ? undefined : decodeSnapshot(text);
}
