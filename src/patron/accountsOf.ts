import type { PatronAccount } from '../account/patronAccount.js';
import type { Merge } from '../account/records.js';
import type { ReadAppendStore, StreamId } from '../history/eventStore.js';
import { type LoadedAccount, loadAccount } from '../history/loadAccount.js';

/** One account of a patron who has several. */
export type JoinedAccount = StreamId & LoadedAccount;

/**
 * Reads all accounts of a patron: the given one, those merged into it, and those that it is merged into. The result
 * and its order are the same for each of these accounts: first the one that the others are merged into, then the
 * others, in the order in which they were merged.
 *
 * A merge counts once both accounts have recorded it. An account without merges is returned alone, even if it has no
 * events. The result can be passed to {@link views.household | household}, and its accounts to
 * {@link views.blocks | blocks}.
 *
 * @param store - the store with the events
 * @param stream - any account of the patron
 * @returns the accounts with their versions
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link history.loadAccount | loadAccount} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { accountsOf, mergeAccounts } from 'patron-fees/patrons';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const from = { institution: 'north', patronId: 'dverma-2' };
 * const into = { institution: 'north', patronId: 'dverma' };
 * await mergeAccounts(store, definePolicy({ currency: 'USD' }), { from, into, id: 'm1', at });
 * (await accountsOf(store, from)).map(({ patronId }) => patronId); //=> ['dverma', 'dverma-2']
 * ```
 */
export async function accountsOf(
  store: ReadAppendStore,
  stream: StreamId,
): Promise<readonly JoinedAccount[]> {
  // Reading the account checks them.
  const { institution, patronId: given } = stream ?? {};
  return groupAround(given, async (patronId) => {
    const account = await loadAccount(store, { institution, patronId });
    return { institution, patronId, ...account };
  });
}

/**
 * Reads the accounts that are merged with one, as `accountsOf` does.
 *
 * @param read - reads an account
 */
export async function groupAround<Member extends Pick<JoinedAccount, 'patronId' | 'account'>>(
  patronId: string,
  read: (patronId: string) => Promise<Member>,
): Promise<readonly Member[]> {
  const loaded = new Map<string, Member>();
  const load = async (id: string): Promise<Member> => {
    const known = loaded.get(id) ?? (await read(id));
    loaded.set(id, known);
    return known;
  };
  let top = await load(patronId);
  const passed = new Set([top.patronId]);
  for (let merge = mergeOf(top.account); merge !== undefined; merge = mergeOf(top.account)) {
    const parent = await load(merge.patronId);
    if (passed.has(parent.patronId) || !isInForce(merge, top.patronId, parent.account)) break;
    passed.add(parent.patronId);
    top = parent;
  }
  const group = new Set<Member>();
  const add = async (member: Member): Promise<void> => {
    group.add(member);
    for (const merge of member.account.merges) {
      if (merge.direction === 'into' || merge.separatedAt !== null) continue;
      const child = await load(merge.patronId);
      if (isInForce(merge, member.patronId, child.account) && !group.has(child)) await add(child);
    }
  };
  await add(top);
  return [...group];
}

/** Reads the other accounts of a patron: those that {@link accountsOf} returns besides the given one. */
export async function othersOf(store: ReadAppendStore, stream: StreamId): Promise<readonly PatronAccount[]> {
  const accounts = await accountsOf(store, stream);
  return accounts.filter(({ patronId }) => patronId !== stream.patronId).map(({ account }) => account);
}

/** Returns the merge by which an account is merged into another one; undefined if it is not merged. */
export function mergeOf({ mergedInto, merges }: PatronAccount): Merge | undefined {
  if (mergedInto === null) return undefined;
  return merges.find(({ direction, separatedAt }) => direction === 'into' && separatedAt === null);
}

/** Returns an account's side of a merge; undefined if it has not recorded it. */
export function sideOf(account: PatronAccount, mergeId: string): Merge | undefined {
  return account.merges.find((merge) => merge.mergeId === mergeId);
}

/**
 * Returns the other account's side of a merge; undefined if it has not recorded it. It may have another merge with the
 * same id.
 *
 * @param merge - one side of the merge
 * @param patronId - the patron of the account with that side
 * @param other - the other account
 */
export function otherSideOf(
  { mergeId, direction }: Merge,
  patronId: string,
  other: PatronAccount,
): Merge | undefined {
  const side = sideOf(other, mergeId);
  return side?.patronId === patronId && side.direction !== direction ? side : undefined;
}

function isInForce(merge: Merge, patronId: string, other: PatronAccount): boolean {
  return otherSideOf(merge, patronId, other)?.separatedAt === null;
}
