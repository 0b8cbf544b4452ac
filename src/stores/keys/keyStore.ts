import { createHmac, randomBytes } from 'node:crypto';
import pMap from 'p-map';
import { PatronFeesError } from '../../errors.js';
import { type StreamId, streamKey, streamName } from '../../history/eventStore.js';
import type { Swept } from '../../history/redaction.js';
import { batchQueue } from '../batchQueue.js';

/**
 * Stores the keys of accounts: the port of {@link keyedEventStore}. The keys of an account are one text, which
 * the store keeps without reading it.
 *
 * Keep it apart from backups of the events: old backups of both together show what was erased since.
 */
export type KeyStore = {
  /** Returns the keys of accounts, in their order; null for an account without keys. */
  readonly read: (accounts: readonly StreamId[]) => Promise<readonly (string | null)[]>;
  /**
   * Replaces the keys of an account if they still are `before`, in one step; null means no keys. Returns whether it
   * did. Once it resolves with true, the new keys must survive a power failure, because an event may be stored with
   * them next.
   */
  readonly replace: (account: StreamId, before: string | null, after: string | null) => Promise<boolean>;
  /**
   * Lists the accounts that have keys, in an order of the store's own: some of those after an account, from the first
   * one if it is left out. None means that there are no more. The account itself may have lost its keys meanwhile.
   */
  readonly accounts: (after?: StreamId) => Promise<readonly StreamId[]>;
  /**
   * Overwrites keys that were replaced in the store's own files, as far as it can.
   *
   * @defaultValue nothing of them is left
   */
  readonly sweep?: () => Promise<Swept>;
};

/**
 * Wraps the keys of accounts under a master key, such as one in a key management service, so that the key store alone
 * cannot read a text. Its errors are passed on, even by `readAll` with `onUnreadable: 'list'`: only a missing key means
 * that a text was erased, not a service that is down. So name the account in the error.
 */
export type MasterKey = {
  /** Encrypts the keys of an account under the newest master key. */
  readonly wrap: (keys: string, account: StreamId) => string | Promise<string>;
  /** Decrypts the keys of an account, under the master key that encrypted them. */
  readonly unwrap: (wrapped: string, account: StreamId) => string | Promise<string>;
};

/** Where the keys of accounts are, and what protects them. */
export type KeyOptions = {
  /** The store of the keys. */
  readonly keys: KeyStore;
  /**
   * The master key that wraps them.
   *
   * @defaultValue the key store has them as they are
   */
  readonly master?: MasterKey;
};

/**
 * A key of an account. STORAGE FORMAT: a key store has a JSON list of them, which every later release must read. The
 * last one without a version is for new events.
 */
export type AccountKey = {
  /** Its name in the events. */
  readonly id: string;
  /** 32 random bytes in base64url; of a key for one event, the bytes that {@link secretOf} derives. */
  readonly secret: string;
  /** The version of the only event that it is for; left out if it is for all events with its name. */
  readonly version?: number;
  /**
   * The highest version of an event that was sealed with it in a transaction of the caller, and may not be stored yet;
   * left out if there was none.
   */
  readonly through?: number;
};

/** The keys of accounts, in a key store. */
export type AccountKeys = {
  /** Returns the keys of an account; empty before the first text, and after the account was forgotten. */
  readonly of: (account: StreamId) => Promise<readonly AccountKey[]>;
  /** Returns the keys of several accounts, in their order, or why those of an account cannot be read. */
  readonly ofEach: (
    accounts: readonly StreamId[],
  ) => Promise<readonly PromiseSettledResult<readonly AccountKey[]>[]>;
  /**
   * Changes the keys of an account, and returns the new ones. If others change them meanwhile, `change` is called
   * again; it returns the same list for no change.
   */
  readonly change: (
    account: StreamId,
    change: (found: readonly AccountKey[]) => readonly AccountKey[] | Promise<readonly AccountKey[]>,
  ) => Promise<readonly AccountKey[]>;
  /** Wraps the keys of an account anew. */
  readonly rewrap: (account: StreamId) => Promise<void>;
};

/** The most keys of a page that are unwrapped at the same time: a key service refuses more than it can bear. */
const UNWRAPS_MAX = 32;

/** The number of accounts whose keys stay unwrapped in memory. */
const UNWRAPPED_MAX = 1_000;

/**
 * Returns the keys of accounts. They are read from the key store each time, since others delete them; only unwrapping
 * is saved.
 */
export function accountKeys({ keys, master }: KeyOptions): AccountKeys {
  const unwrapped = new Map<string, { readonly text: string; readonly list: readonly AccountKey[] }>();
  const listOf = async (account: StreamId, text: string | null): Promise<readonly AccountKey[]> => {
    const name = streamKey(account);
    const known = unwrapped.get(name);
    unwrapped.delete(name);
    if (text === null) return [];
    const list =
      known?.text === text
        ? known.list
        : parsedKeys(account, master === undefined ? text : await master.unwrap(text, account));
    unwrapped.set(name, { text, list });
    for (const oldest of unwrapped.keys()) {
      if (unwrapped.size <= UNWRAPPED_MAX) break;
      unwrapped.delete(oldest);
    }
    return list;
  };
  const reads = batchQueue<StreamId, string | null>({
    one: async (account) => (await keys.read([account]))[0] ?? null,
    many: (accounts) => keys.read(accounts),
    overlaps: true,
  });
  const replace = async (account: StreamId, before: string | null, list: readonly AccountKey[]) => {
    const text = JSON.stringify(list);
    const after = list.length === 0 ? null : master === undefined ? text : await master.wrap(text, account);
    return keys.replace(account, before, after);
  };
  return {
    of: async (account) => listOf(account, await reads.run(account)),
    ofEach: async (accounts) => {
      const texts = await keys.read(accounts);
      const settled = async (account: StreamId, index: number) =>
        (await Promise.allSettled([listOf(account, texts[index] ?? null)]))[0];
      return pMap(accounts, settled, { concurrency: UNWRAPS_MAX });
    },
    change: async (account, change) => {
      for (;;) {
        const before = await reads.run(account);
        const found = await listOf(account, before);
        const changed = await change(found);
        if (changed === found || (await replace(account, before, changed))) return changed;
      }
    },
    rewrap: async (account) => {
      for (;;) {
        const before = await reads.run(account);
        if (before === null || (await replace(account, before, await listOf(account, before)))) return;
      }
    },
  };
}

/** Returns the key for new events, if the account has one. */
export function currentKey(list: readonly AccountKey[]): AccountKey | undefined {
  return list.filter(({ version }) => version === undefined).at(-1);
}

/** Returns a new key for all events. */
export function newKey(): AccountKey {
  return { id: randomBytes(9).toString('base64url'), secret: randomBytes(32).toString('base64url') };
}

/** Returns the secret of one event: every event has its own, so that all but some of an account can be forgotten. */
export function secretOf({ secret, version }: AccountKey, eventVersion: number): Buffer {
  const bytes = Buffer.from(secret, 'base64url');
  return version === undefined ? createHmac('sha256', bytes).update(String(eventVersion)).digest() : bytes;
}

/** Returns the key of an event; undefined if it was deleted. */
export function keyFor(list: readonly AccountKey[], id: string, version: number): AccountKey | undefined {
  return list.find((key) => key.id === id && (key.version ?? version) === version);
}

/** Returns a key for one event only. */
export function keyOfOne(key: AccountKey, version: number): AccountKey {
  return { id: key.id, secret: secretOf(key, version).toString('base64url'), version };
}

/** Returns the keys of events that are sealed, but not stored yet: those after a version. */
export function keysAfter(list: readonly AccountKey[], stored: number): readonly AccountKey[] {
  return list.flatMap((key) => {
    if (key.version !== undefined) return key.version > stored ? [key] : [];
    const count = Math.max(0, (key.through ?? 0) - stored);
    return Array.from({ length: count }, (_, index) => keyOfOne(key, stored + index + 1));
  });
}

function parsedKeys(account: StreamId, text: string): readonly AccountKey[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    // Reported below.
  }
  if (Array.isArray(list) && list.every(isKey)) return list;
  const name = streamName(account);
  throw new PatronFeesError('CORRUPT_HISTORY', `the keys of ${name} are not a list of keys`, {
    stream: name,
  });
}

function isKey(value: unknown): value is AccountKey {
  const { id, secret, version } = Object(value) as Partial<AccountKey>;
  const isForOne = version === undefined || Number.isSafeInteger(version);
  return typeof id === 'string' && typeof secret === 'string' && isForOne;
}

/**
 * Creates a key store in memory: for tests, and as the reference for other adapters.
 *
 * @returns an empty key store
 *
 * @example
 * ```ts
 * import { memoryKeys } from 'patron-fees/keys';
 *
 * const keys = memoryKeys();
 * const account = { institution: 'north', patronId: 'p1' };
 * await keys.replace(account, null, 'a key'); //=> true
 * await keys.replace(account, null, 'another'); //=> false
 * await keys.read([account, { ...account, patronId: 'p2' }]); //=> ['a key', null]
 * ```
 */
export function memoryKeys(): KeyStore {
  const known = new Map<string, { readonly account: StreamId; readonly text: string }>();
  return {
    read: async (accounts) => accounts.map((account) => known.get(streamKey(account))?.text ?? null),
    replace: async (account, before, after) => {
      const name = streamKey(account);
      if ((known.get(name)?.text ?? null) !== before) return false;
      if (after === null) known.delete(name);
      else known.set(name, { account, text: after });
      return true;
    },
    accounts: async (after) => {
      const last = after === undefined ? '' : streamKey(after);
      const names = [...known.keys()].filter((name) => name > last).sort();
      return names.flatMap((name) => known.get(name)?.account ?? []);
    },
  };
}
