import { createHmac, randomBytes } from 'node:crypto';
import pMap from 'p-map';
import { PatronFeesError } from '../../errors.js';
import { type StreamId, streamKey, streamName } from '../../history/eventStore.js';
import { batchQueue } from '../batchQueue.js';
import type { KeyOptions } from './keyStore.js';

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
