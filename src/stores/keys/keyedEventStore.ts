import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { AccountEvent, AccountPurged } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import {
  type ErasingStoreAdapter,
  openStore,
  type StreamAdapter,
  type StreamAdapterNow,
} from '../../history/checkedStore.js';
import { decodeEvent } from '../../history/codec.js';
import { isUnreadable, notingOutages } from '../../history/consecutive.js';
import {
  type Appended,
  type AppendOptions,
  assertStore,
  type EventStore,
  type ReadAppendStore,
  type RecordedEvent,
  type StoredAccountEvent,
  type StreamId,
  streamKey,
  streamName,
  type UnreadableEvent,
} from '../../history/eventStore.js';
import { checkedTransaction, type StoreTransaction, storeTransaction } from '../../history/execute.js';
import {
  type ErasingEventStore,
  type Redacted,
  type RedactingEventStore,
  redactEvent,
} from '../../history/redaction.js';
import { untilNoConflict } from '../../history/retry.js';
import type { CheckedRedact } from '../../history/storeArguments.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { omitUndefined } from '../../input/plainObject.js';
import {
  type AccountKey,
  type AccountKeys,
  accountKeys,
  currentKey,
  type KeyOptions,
  type KeyStore,
  keyFor,
  keyOfOne,
  keysAfter,
  type MasterKey,
  newKey,
  secretOf,
} from './keyStore.js';

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

/** The streams of a transaction in which nothing can be awaited, and what is done after its commit. */
type KeyedTransaction = {
  /** Returns the operations of a store with keys on the streams of the transaction. */
  readonly streams: (transaction: StoreTransaction) => StreamAdapterNow;
  /** Keeps the keys of what the transaction has stored, if others have deleted them meanwhile. */
  readonly looksAfter: () => Promise<void>;
};

/** Reads the keys of the accounts of a transaction, and creates those that are missing. */
async function keyedTransaction(
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

// Reads and appends events whose texts are under the keys of their accounts.

/** The conditions of an append at a known version: a sealed event is sealed for its version. */
type AppendAt = Omit<AppendOptions, 'expectedVersion'> & { readonly expectedVersion: number };

/**
 * Seals the events of an append, and appends them to the store behind, so that their texts stay readable if others forget
 * the account meanwhile.
 */
type AppendSealed = (
  stream: StreamId,
  events: readonly AccountEvent[],
  how: AppendAt,
  append: (sealed: readonly AccountEvent[]) => Promise<Appended>,
) => Promise<Appended>;

/** Returns the operations on single streams of a store with keys, over those of the store behind it. */
function sealedStreams(
  accounts: AccountKeys,
  target: ReadAppendStore,
  appendSealed: AppendSealed,
): StreamAdapter {
  return {
    read: async (stream, part) => {
      const { version, events } = await target.read(stream, omitUndefined(part));
      if (!events.some(isSealed)) return { version, events };
      const keys = await accounts.of(stream);
      return { version, events: events.map((event) => unsealEvent(event, stream, keys)) };
    },
    append: async (stream, texts, { expectedVersion, ...how }) => {
      const events = texts.map((text) => JSON.parse(text) as AccountEvent);
      const others = { ...omitUndefined(how), underKeys: true };
      if (!events.some(isSealable)) return target.append(stream, events, { expectedVersion, ...others });
      const appendAt = (version: number) => {
        const at = { expectedVersion: version, ...others };
        return appendSealed(stream, events, at, (sealed) => target.append(stream, sealed, at));
      };
      if (expectedVersion !== 'any') return appendAt(expectedVersion);
      return untilNoConflict(async (write) => {
        const { version } = await target.append(stream, [], { expectedVersion });
        return write(() => appendAt(version), events);
      });
    },
  };
}

/** Looks after the append whether others have deleted the key. */
function sealingAtOnce(accounts: AccountKeys): AppendSealed {
  return async (stream, events, how, append) => {
    const key = currentKey(await accounts.change(stream, withCurrent)) as AccountKey;
    const { sealed, versions } = sealedAt(stream, events, how, key);
    const appended = await append(sealed);
    await keepForgotten(accounts, stream, key, versions);
    return appended;
  };
}

/**
 * For an append in an open transaction, which is stored much later, or never: notes the version with the key first, for
 * those who forget the account until then.
 */
function sealingBefore(accounts: AccountKeys): AppendSealed {
  return async (stream, events, how, append) => {
    const last = how.expectedVersion + events.length;
    const keys = await accounts.change(stream, (found) => withThrough(withCurrent(found), last));
    return append(sealedAt(stream, events, how, currentKey(keys) as AccountKey).sealed);
  };
}

function withThrough(keys: readonly AccountKey[], through: number): readonly AccountKey[] {
  const current = currentKey(keys) as AccountKey;
  if ((current.through ?? 0) >= through) return keys;
  return keys.map((key) => (key === current ? { ...key, through } : key));
}

/** Keeps the keys of events that are stored, if others have forgotten the account in between: the events before these. */
async function keepForgotten(
  accounts: AccountKeys,
  stream: StreamId,
  key: AccountKey,
  versions: readonly number[],
): Promise<void> {
  await accounts.change(stream, (keys) => {
    const lost = versions.filter((version) => keyFor(keys, key.id, version) === undefined);
    return lost.length === 0 ? keys : [...lost.map((version) => keyOfOne(key, version)), ...keys];
  });
}

/** Seals events for their versions. Returns them all, and the versions of those that it sealed. */
function sealedAt(
  stream: StreamId,
  events: readonly AccountEvent[],
  how: AppendAt,
  key: AccountKey,
): { readonly sealed: readonly AccountEvent[]; readonly versions: readonly number[] } {
  const first = how.expectedVersion + 1;
  const sealed = events.map((event, index) => sealEvent(event, { stream, version: first + index, key }));
  const versions = sealed.flatMap((event, index) => (event === events[index] ? [] : [first + index]));
  return { sealed, versions };
}

/** Returns whether an event is sealed. */
function isSealed({ event }: { readonly event: AccountEvent }): boolean {
  return event.metadata?.sealed !== undefined;
}

/** Returns whether an event has texts in clear. */
function isSealable(event: AccountEvent): boolean {
  return !isSealed({ event }) && hasTexts(event);
}

/** Adds a key for new events unless the account has one. */
function withCurrent(keys: readonly AccountKey[]): readonly AccountKey[] {
  return currentKey(keys) === undefined ? [...keys, newKey()] : keys;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Returns whether an event has texts in clear that a redaction erases. */
export function hasTexts(event: AccountEvent): boolean {
  const clear = event.metadata?.sealed === undefined ? event : withoutSealed(event);
  return redactEvent(clear) !== clear;
}

/**
 * Returns an event as a redaction leaves it, with all of it encrypted in its metadata: AES-256-GCM with a new nonce,
 * under the key of this version. The stream and the version are authenticated, so a sealed text in another event is
 * refused. An event without texts, or one that is sealed already, is returned unchanged.
 *
 * STORAGE FORMAT of `metadata.sealed`: the id of the key, a dot, and base64url of nonce, encrypted event as JSON, and
 * tag.
 */
export function sealEvent(
  event: AccountEvent,
  { stream, version, key }: { readonly stream: StreamId; readonly version: number; readonly key: AccountKey },
): AccountEvent {
  if (event.metadata?.sealed !== undefined || !hasTexts(event)) return event;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secretOf(key, version), nonce).setAAD(
    placeOf(stream, version),
  );
  const parts = [nonce, cipher.update(JSON.stringify(event), 'utf8'), cipher.final(), cipher.getAuthTag()];
  const left = redactEvent(event);
  const sealed = `${key.id}.${Buffer.concat(parts).toString('base64url')}`;
  return { ...left, metadata: { ...left.metadata, sealed } };
}

/** Returns the key with which an event is sealed; undefined if it is not sealed, or the key was deleted. */
export function sealingKey(
  { version, event }: RecordedEvent,
  keys: readonly AccountKey[],
): AccountKey | undefined {
  const [id] = event.metadata?.sealed?.split('.') ?? [];
  return id === undefined ? undefined : keyFor(keys, id, version);
}

/** Returns an event as it was before it was sealed; as a redaction leaves it if the key was deleted. */
export function unsealEvent<Recorded extends RecordedEvent>(
  recorded: Recorded,
  stream: StreamId,
  keys: readonly AccountKey[],
): Recorded {
  const { version, event } = recorded;
  const sealed = event.metadata?.sealed;
  if (sealed === undefined) return recorded;
  const key = sealingKey(recorded, keys);
  if (key === undefined) return { ...recorded, event: redactEvent(event) };
  return { ...recorded, event: decodeEvent(opened(sealed, key, stream, version)) };
}

function opened(sealed: string, key: AccountKey, stream: StreamId, version: number): string {
  const bytes = Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64url');
  try {
    const secret = secretOf(key, version);
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: TAG_BYTES })
      .setAAD(placeOf(stream, version))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    const name = streamName(stream);
    throw new PatronFeesError(
      'CORRUPT_HISTORY',
      `${name}: the encrypted texts of version ${version} were changed, or are those of another event`,
      { stream: name, version },
    );
  }
}

function placeOf({ institution, patronId }: StreamId, version: number): Buffer {
  return Buffer.from(JSON.stringify([institution, patronId, version]));
}

function withoutSealed(event: AccountEvent): AccountEvent {
  const { sealed: _, ...metadata } = event.metadata ?? {};
  return { ...event, metadata } as AccountEvent;
}
