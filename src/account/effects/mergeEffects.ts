import { corrupt } from '../corruptHistory.js';
import type { EventOf } from '../events/accountEvent.js';
import { extended } from '../lists.js';
import type { AccountState } from '../patronAccount.js';
import type { Merge } from '../records.js';
import { lookUp, newUse, record, wellFormedId } from './guards.js';

/** Records that the account was merged into another one. Its rules are in patron/mergeAccounts.ts. */
export function accountMerged(state: AccountState, event: EventOf<'AccountMerged'>): void {
  const { into, mergeId, at } = event.data;
  if (state.mergedInto !== null) corrupt('AlreadyMerged', 'an account that is not merged', state.mergedInto);
  wellFormedId(into);
  addMerge(state, event, { mergeId, direction: 'into', patronId: into, mergedAt: at, separatedAt: null });
  state.mergedInto = into;
}

/** Records that another account was merged into this one. */
export function accountJoined(state: AccountState, event: EventOf<'AccountJoined'>): void {
  const { from, mergeId, at } = event.data;
  wellFormedId(from);
  addMerge(state, event, { mergeId, direction: 'from', patronId: from, mergedAt: at, separatedAt: null });
}

function addMerge(
  state: AccountState,
  event: EventOf<'AccountMerged' | 'AccountJoined'>,
  merge: Merge,
): void {
  record(state, event, newUse('merge', merge.mergeId, state.merges.length), 0);
  state.merges = extended(state.merges, merge);
}

/** Ends a merge on this side of it. */
export function accountSeparated(state: AccountState, event: EventOf<'AccountSeparated'>): void {
  const { mergeId, at } = event.data;
  const merge = state.merges[lookUp(state, 'merge', mergeId)];
  if (merge === undefined) return corrupt('UnknownMerge', 'a merge of this account', mergeId);
  if (merge.separatedAt !== null) corrupt('AlreadySeparated', 'a merge that was not undone', mergeId);
  record(state, event, null, 0);
  merge.separatedAt = at;
  if (merge.direction === 'into') state.mergedInto = null;
}
