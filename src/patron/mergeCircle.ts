import type { PatronAccount } from '../account/patronAccount.js';
import type { Merge } from '../account/records.js';
import type { ReadAppendStore, StreamId } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { loadAccount } from '../history/loadAccount.js';
import { mergeOf, otherSideOf } from './accountsOf.js';

/**
 * Returns the patron ids from the account that another one is merged into, along its merges, back to the other one;
 * undefined if they do not lead back. Counts merges that only one account has recorded.
 *
 * @param into - the account of `form.into`
 */
export async function pathBack(
  store: ReadAppendStore,
  form: { readonly from: StreamId; readonly into: StreamId },
  into: PatronAccount,
): Promise<readonly string[] | undefined> {
  const { institution } = form.into;
  const path = [form.into.patronId];
  for (let next = into.mergedInto; next !== null && !path.includes(next); ) {
    path.push(next);
    if (next === form.from.patronId) return path;
    next = (await loadAccount(store, { institution, patronId: next })).account.mergedInto;
  }
  return undefined;
}

/** A merge in a circle that only the merged account has recorded. */
type Unjoined = {
  readonly stream: StreamId;
  readonly mergeId: string;
  readonly expectedVersion: number;
};

/**
 * Returns the merge in a circle that was recorded last, of those that only one account has recorded: the one to undo.
 * Every call that meets the circle finds the same one, by the times at which the store recorded the merges. Returns
 * undefined if others broke the circle meanwhile.
 *
 * @param from - an account in the circle, whose own merge only this account has recorded
 * @param path - the patron ids of the circle, from the account after it back to it
 */
export async function lastUnjoined(
  store: ReadAppendStore,
  from: StreamId,
  path: readonly string[],
): Promise<Unjoined | undefined> {
  const { institution } = from;
  const circle = [from.patronId, ...path];
  let last: (Unjoined & { readonly recordedAt: string }) | undefined;
  for (const [index, patronId] of circle.slice(0, -1).entries()) {
    const stream = { institution, patronId };
    const { account } = await loadAccount(store, stream);
    const merge = mergeOf(account);
    if (merge === undefined || merge.patronId !== circle[index + 1]) return undefined;
    if (await isJoined(store, stream, merge)) continue;
    const { mergeId } = merge;
    const recordedAt = await recordingTime(store, stream, mergeId);
    const found = { stream, mergeId, expectedVersion: account.eventCount, recordedAt };
    if (last === undefined || isLater(found, last)) last = found;
  }
  return last;
}

async function isJoined(
  store: ReadAppendStore,
  { institution, patronId }: StreamId,
  merge: Merge,
): Promise<boolean> {
  const { account } = await loadAccount(store, { institution, patronId: merge.patronId });
  return otherSideOf(merge, patronId, account) !== undefined;
}

async function recordingTime(store: ReadAppendStore, stream: StreamId, mergeId: string): Promise<string> {
  const { events } = await store.read(stream);
  const merged = events.find(({ event }) => event.type === 'AccountMerged' && event.data.mergeId === mergeId);
  return (merged as (typeof events)[number]).recordedAt;
}

type Recorded = { readonly recordedAt: string; readonly stream: StreamId };

function isLater(one: Recorded, other: Recorded): boolean {
  const order = compareInstants(one.recordedAt, other.recordedAt);
  return order === 0 ? one.stream.patronId > other.stream.patronId : order > 0;
}
