import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { StreamAdapterNow } from '../../history/checkedStore.js';
import { type StreamId, streamKey } from '../../history/eventStore.js';
import type { StoreTransaction } from '../../history/storeTransaction.js';
import { omitUndefined } from '../../input/plainObject.js';
import { type AccountKeys, currentKey } from './accountKeys.js';
import { unsealEvent } from './sealedEvent.js';
import { isSealable, keepForgotten, sealedAt, withCurrent } from './sealedStreams.js';

/** The streams of a transaction in which nothing can be awaited, and what is done after its commit. */
export type KeyedTransaction = {
  /** Returns the operations of a store with keys on the streams of the transaction. */
  readonly streams: (transaction: StoreTransaction) => StreamAdapterNow;
  /** Keeps the keys of what the transaction has stored, if others have deleted them meanwhile. */
  readonly looksAfter: () => Promise<void>;
};

/** Reads the keys of the accounts of a transaction, and creates those that are missing. */
export async function keyedTransaction(
  accounts: AccountKeys,
  named: readonly StreamId[],
): Promise<KeyedTransaction> {
  const lists = await Promise.all(named.map((stream) => accounts.change(stream, withCurrent)));
  const found = new Map(named.map((stream, index) => [streamKey(stream), lists[index] ?? []]));
  const keysOf = (stream: StreamId) => found.get(streamKey(stream)) ?? [];
  const stored: (() => Promise<void>)[] = [];
  return {
    streams: ({ read, append }) => ({
      read: (stream, part) => {
        const { version, events } = read(stream, omitUndefined(part));
        return { version, events: events.map((event) => unsealEvent(event, stream, keysOf(stream))) };
      },
      append: (stream, texts, { expectedVersion: expected, ...how }) => {
        const expectedVersion =
          expected === 'any' ? append(stream, [], { expectedVersion: expected }).version : expected;
        const at = { expectedVersion, ...omitUndefined(how), underKeys: true };
        const events = texts.map((text) => JSON.parse(text) as AccountEvent);
        const key = currentKey(keysOf(stream));
        // An account that the transaction does not name has none here: the store behind refuses it.
        if (key === undefined || !events.some(isSealable)) return append(stream, events, at);
        const { sealed, versions } = sealedAt(stream, events, at, key);
        const appended = append(stream, sealed, at);
        stored.push(() => keepForgotten(accounts, stream, key, versions));
        return appended;
      },
    }),
    looksAfter: async () => {
      for (const keep of stored) await keep();
    },
  };
}
