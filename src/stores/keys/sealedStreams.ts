// Reads and appends events whose texts are under the keys of their accounts.
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { StreamAdapter } from '../../history/checkedStore.js';
import type { Appended, AppendOptions, ReadAppendStore, StreamId } from '../../history/eventStore.js';
import { untilNoConflict } from '../../history/retry.js';
import { omitUndefined } from '../../input/plainObject.js';
import { type AccountKey, type AccountKeys, currentKey, keyFor, keyOfOne, newKey } from './accountKeys.js';
import { hasTexts, sealEvent, unsealEvent } from './sealedEvent.js';

/** The conditions of an append at a known version: a sealed event is sealed for its version. */
export type AppendAt = Omit<AppendOptions, 'expectedVersion'> & { readonly expectedVersion: number };

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
export function sealedStreams(
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
export function sealingAtOnce(accounts: AccountKeys): AppendSealed {
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
export function sealingBefore(accounts: AccountKeys): AppendSealed {
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
export async function keepForgotten(
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
export function sealedAt(
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
export function isSealed({ event }: { readonly event: AccountEvent }): boolean {
  return event.metadata?.sealed !== undefined;
}

/** Returns whether an event has texts in clear. */
export function isSealable(event: AccountEvent): boolean {
  return !isSealed({ event }) && hasTexts(event);
}

/** Adds a key for new events unless the account has one. */
export function withCurrent(keys: readonly AccountKey[]): readonly AccountKey[] {
  return currentKey(keys) === undefined ? [...keys, newKey()] : keys;
}
