import * as v from 'valibot';
import type { AccountPurged } from '../../account/events/purgeEvents.js';
import { PatronFeesError } from '../../errors.js';
import { type ErasingStoreAdapter, openStore } from '../../history/checkedStore.js';
import { isUnreadable } from '../../history/consecutive.js';
import {
  assertStore,
  type EventStore,
  type ReadAppendStore,
  type StoredAccountEvent,
  type StreamId,
  streamKey,
  streamName,
  type UnreadableEvent,
} from '../../history/eventStore.js';
import { notingOutages } from '../../history/outages.js';
import type { ErasingEventStore, Redacted, RedactingEventStore } from '../../history/redaction.js';
import type { CheckedRedact } from '../../history/storeArguments.js';
import {
  checkedTransaction,
  type StoreTransaction,
  storeTransaction,
} from '../../history/storeTransaction.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { omitUndefined } from '../../input/plainObject.js';
import { accountKeys, currentKey, keyOfOne, keysAfter } from './accountKeys.js';
import { keyedTransaction } from './keyedTransaction.js';
import type { KeyOptions, KeyStore, MasterKey } from './keyStore.js';
import { hasTexts, sealEvent, sealingKey, unsealEvent } from './sealedEvent.js';
import { isSealed, sealedStreams, sealingAtOnce, sealingBefore, withCurrent } from './sealedStreams.js';

const optionsSchema = v.strictObject({
  keys: v.custom<KeyStore>((input) => {
    const { read, replace, accounts } = Object(input) as Partial<KeyStore>;
    return [read, replace, accounts].every((each) => typeof each === 'function');
  }, 'a key store'),
  master: v.optional(
    v.custom<MasterKey>((input) => {
      const { wrap, unwrap } = Object(input) as Partial<MasterKey>;
      return typeof wrap === 'function' && typeof unwrap === 'function';
    }, 'wrap and unwrap'),
  ),
});

/** Checks where keys are. */
export function checkedKeyOptions(options: KeyOptions): KeyOptions {
  const { keys, master } = checkedArgument(optionsSchema, options, 'options');
  return { keys, ...(master && { master }) };
}

/** The functions that some stores have besides those of the port. */
type Extended = Partial<ErasingEventStore> & {
  readonly within?: (connection: never) => ReadAppendStore;
  readonly transaction?: (
    accounts: readonly StreamId[],
    task: (transaction: StoreTransaction) => unknown,
  ) => Promise<unknown>;
};

/**
 * Encrypts the texts of the events of a store under a key for each account, so that deleting the key erases them
 * everywhere: in the store, in its log, in backups and in copies. What is encrypted is what
 * {@link history.redactEvent | redactEvent} erases, and the store behind it has the redacted event and the encrypted
 * one. So the tables of accounts, and every program that reads that store without keys, see the account as it is after
 * a redaction.
 *
 * The first text of an account creates its key. `redact` deletes it, and keeps those of single events whose texts
 * stay; it changes no event, so it also works on a store that cannot change events, such as NATS. A text whose key is
 * deleted or lost reads as erased. Events that were stored before they had keys are redacted by the store behind it.
 *
 * An append with texts reads the key again, so that it never uses a key that another process has deleted. A text that
 * is appended while the account's key is being deleted is kept. A text that was changed or moved to another event
 * rejects with `CORRUPT_HISTORY`.
 *
 * @param store - the store of the events
 * @param options - the store of the keys, and the master key that wraps them
 * @returns the store, with every function that it had, and with `redact` and `sweep`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { keyedEventStore, memoryKeys } from 'patron-fees/keys';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const plain = memoryEventStore({ now: () => at });
 * const store = keyedEventStore(plain, { keys: memoryKeys() });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, comment: 'The dog' };
 * await store.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * (await store.read(stream)).events[0]?.event.data.comment; //=> 'The dog'
 * (await plain.read(stream)).events[0]?.event.data.comment; //=> undefined
 * (await store.redact(stream)).events; //=> 1
 * (await store.read(stream)).events[0]?.event.data.comment; //=> undefined
 * ```
 */
export function keyedEventStore<Store extends EventStore>(
  store: Store,
  options: KeyOptions,
): Store & RedactingEventStore {
  assertStore(store, 'append');
  const checked = checkedKeyOptions(options);
  const accounts = accountKeys(checked);
  const behind = store as EventStore & Extended;

  const readAll: EventStore['readAll'] = async (options) => {
    opened.assertOpen();
    return notingOutages(() => readPage(options));
  };

  const readPage: EventStore['readAll'] = async (options) => {
    const { events: stored, unreadable = [], ...page } = await behind.readAll(options);
    const streams = new Map(stored.filter(isSealed).map((event) => [streamKey(event), event] as const));
    if (streams.size === 0) return { ...page, events: stored, ...(unreadable.length > 0 && { unreadable }) };
    const found = await accounts.ofEach(
      [...streams.values()].map(({ institution, patronId }) => ({ institution, patronId })),
    );
    const results = new Map([...streams.keys()].map((name, index) => [name, found[index]]));
    const keysOf = (stream: StreamId) => {
      const result = results.get(streamKey(stream));
      if (result?.status === 'rejected') throw result.reason;
      return result?.value ?? [];
    };
    const events: StoredAccountEvent[] = [];
    const failed: UnreadableEvent[] = [...unreadable];
    for (const one of stored) {
      try {
        events.push(isSealed(one) ? unsealEvent(one, one, keysOf(one)) : one);
      } catch (error) {
        if (options?.onUnreadable !== 'list' || !isUnreadable(error)) throw error;
        const { event: _, ...place } = one;
        failed.push({ ...place, error });
      }
    }
    return { ...page, events, ...(failed.length > 0 && { unreadable: failed }) };
  };

  const sweep = async () => ({ ...(await checked.keys.sweep?.()), ...(await behind.sweep?.()) });

  /** Deletes the keys of an account but for those of the events to keep; returns the number of erased events. */
  const forget = async (stream: StreamId, isKept: (version: number) => boolean): Promise<number> => {
    let erased = 0;
    await accounts.change(stream, async (keys) => {
      const { version: stored, events } =
        keys.length === 0 ? { version: 0, events: [] } : await behind.read(stream);
      const readable = events.flatMap((recorded) => {
        const key = sealingKey(recorded, keys);
        return key === undefined ? [] : [{ key, version: recorded.version }];
      });
      const kept = readable.filter(({ version }) => isKept(version));
      erased = readable.length - kept.length;
      const isUnchanged = keys.length === 0 || (erased === 0 && kept.length > 0);
      const own = kept.map(({ key, version }) => keyOfOne(key, version));
      return isUnchanged ? keys : [...keysAfter(keys, stored), ...own];
    });
    return erased;
  };

  const redact = async (stream: StreamId, { versions, sweep: sweeps }: CheckedRedact): Promise<Redacted> => {
    const { events } = await behind.read(stream);
    const chosen = events.filter(({ version }) => versions?.has(version) ?? true);
    const clear = chosen.filter(({ event }) => hasTexts(event)).map(({ version }) => version);
    let count = 0;
    if (clear.length > 0) {
      if (behind.redact === undefined) throw storedInClear(stream);
      count += (await behind.redact(stream, { versions: clear, sweep: false })).events;
    }
    if (chosen.some(isSealed)) {
      const erased = new Set(chosen.map(({ version }) => version));
      count += await forget(stream, (version) => !erased.has(version));
    }
    return { events: count, ...(sweeps && (await sweep())) };
  };

  const purge: ErasingStoreAdapter['purge'] = async (stream, { text, events, recordedAt, sweep: sweeps }) => {
    const { version } = await behind.append(stream, [], { expectedVersion: 'any' });
    // Before the purge: a job that is killed after it finds no events, and would leave the keys.
    if (version <= events) await forget(stream, (each) => each > events);
    const left = JSON.parse(text) as AccountPurged;
    const key = hasTexts(left) ? currentKey(await accounts.change(stream, withCurrent)) : undefined;
    const sealed = key === undefined ? left : sealEvent(left, { stream, version: events + 1, key });
    const how = { ...omitUndefined({ recordedAt }), sweep: false, underKeys: true };
    const purged = await (behind as ErasingEventStore).purge(stream, sealed as AccountPurged, how);
    return { ...purged, ...(sweeps && (await sweep())) };
  };

  const opened = openStore({
    ...sealedStreams(accounts, behind, sealingAtOnce(accounts)),
    ...omitUndefined({ concurrency: behind.concurrency }),
    // Replaced below: it need not decode what the store behind it has decoded.
    readAll: behind.readAll as never,
    accounts: (page) => behind.accounts(omitUndefined(page)),
    settle: () => behind.close(),
    redact,
    ...(behind.purge && { purge }),
    sweep,
  });
  const { within, transaction } = behind;
  const inTransactions: Pick<Extended, 'within' | 'transaction'> = {
    ...(within && {
      within: (connection) =>
        opened.streams(sealedStreams(accounts, within(connection), sealingBefore(accounts))),
    }),
    ...(transaction && {
      transaction: async (streams, task) => {
        opened.assertOpen();
        const named = checkedTransaction(streams, task);
        const keyed = await keyedTransaction(accounts, named);
        const result = await transaction(named, (behindIt) =>
          task(storeTransaction(opened.streamsNow(keyed.streams(behindIt)))),
        );
        await keyed.looksAfter();
        return result;
      },
    }),
  };
  return { ...store, ...opened.store, readAll, ...inTransactions } as Store & RedactingEventStore;
}

function storedInClear(stream: StreamId): PatronFeesError {
  const name = streamName(stream);
  return new PatronFeesError(
    'INVALID_ARGUMENT',
    `${name} has texts that were stored before it had a key, in a store that cannot change them: copy the events to a new ` +
      'one by copyEvents, with this store over it',
    { stream: name },
  );
}
