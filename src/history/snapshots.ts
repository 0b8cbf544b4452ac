import { digestOf } from '../account/digest.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { assertAccount } from '../account/safeAccount.js';
import { PatronFeesError } from '../errors.js';
import type { StreamId } from './eventStore.js';

/**
 * The version of the reducer. Raise it whenever the reducer folds events differently, or the shape of
 * {@link index.PatronAccount | PatronAccount} changes: snapshots of other versions are discarded, and the account is
 * folded from its events.
 */
const REDUCER_VERSION = 6;

/** Stores snapshots: a table or a cache of one text per stream. It may be emptied at any time. */
export type SnapshotStore = {
  /** Returns the text that was saved last for a stream; null or undefined without one. */
  readonly load: (stream: StreamId) => Promise<string | null | undefined>;
  /** Saves a text for a stream, and replaces the one before. */
  readonly save: (stream: StreamId, snapshot: string) => Promise<void>;
};

/**
 * Writes an account as JSON text, so that later only the events after it need to be folded.
 *
 * @param account - an account
 * @returns the text, which {@link decodeSnapshot} reads
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` if the account is invalid
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
 * @param text - the result of {@link encodeSnapshot}
 * @returns the account; undefined if another version of the reducer wrote the snapshot: then fold the events
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_SNAPSHOT` if the text is damaged, which a digest of its content detects
 *
 * @example
 * ```ts
 * import { emptyAccount } from 'patron-fees';
 * import { decodeSnapshot, encodeSnapshot } from 'patron-fees/history';
 *
 * const text = encodeSnapshot(emptyAccount());
 * decodeSnapshot(text)?.eventCount; //=> 0
 * decodeSnapshot(text.slice(0, -1)); //=> throws INVALID_SNAPSHOT
 * ```
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
    // Not JSON, or not a snapshot: damaged, like a snapshot with another digest.
  }
  throw new PatronFeesError(
    'INVALID_SNAPSHOT',
    'the snapshot is damaged; delete it, and the events will be folded',
  );
}

/**
 * Saves a snapshot of an account.
 *
 * @param snapshots - the snapshot store
 * @param stream - the stream of the account
 * @param account - the account to save
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` if the account is invalid; errors of the store
 *
 * @example
 * ```ts
 * import { emptyAccount } from 'patron-fees';
 * import { loadSnapshot, type SnapshotStore, saveSnapshot } from 'patron-fees/history';
 *
 * const texts = new Map<string, string>();
 * const snapshots: SnapshotStore = {
 *   load: async ({ patronId }) => texts.get(patronId),
 *   save: async ({ patronId }, text) => void texts.set(patronId, text),
 * };
 * const stream = { institution: 'north', patronId: 'p1' };
 * await saveSnapshot(snapshots, stream, emptyAccount());
 * (await loadSnapshot(snapshots, stream))?.eventCount; //=> 0
 * ```
 */
export async function saveSnapshot(
  snapshots: SnapshotStore,
  stream: StreamId,
  account: PatronAccount,
): Promise<void> {
  await snapshots.save(stream, encodeSnapshot(account));
}

/**
 * Reads the snapshot of an account.
 *
 * @param snapshots - the snapshot store
 * @param stream - the stream of the account
 * @returns the account; undefined if none was saved, or another version of the reducer wrote it: then fold the events
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_SNAPSHOT` if the text is damaged; errors of the store
 *
 * @example
 * ```ts
 * import { loadSnapshot } from 'patron-fees/history';
 *
 * const snapshots = { load: async () => null, save: async () => undefined };
 * await loadSnapshot(snapshots, { institution: 'north', patronId: 'p1' }); //=> undefined
 * ```
 */
export async function loadSnapshot(
  snapshots: SnapshotStore,
  stream: StreamId,
): Promise<PatronAccount | undefined> {
  const text = await snapshots.load(stream);
  return text === null || text === undefined ? undefined : decodeSnapshot(text);
}
