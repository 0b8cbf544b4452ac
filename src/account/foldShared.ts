import type { AccountEvent } from './events/accountEvent.js';
import { applyAll, type FoldOptions, mutableCopy } from './fold.js';
import { idsWith } from './ids.js';
import type { AccountState, PatronAccount } from './patronAccount.js';
import { applyToCopies, openWorkingSet } from './workingSet.js';
import { frozen, writeBack } from './writeBack.js';

/**
 * Returns the account after more events, as `fold` does, without a copy of what they do not change: frozen, and sharing
 * all unchanged rows with the account before. The time depends on the rows that change; only lists are copied as a whole.
 *
 * @param account - the account before the events, made by `frozenAccount` or by this function; never changed
 * @throws {@link PatronFeesError} as {@link fold} does
 */
export function foldShared(
  account: PatronAccount,
  events: readonly AccountEvent[],
  options: FoldOptions,
): PatronAccount {
  if (events.length === 0) return account;
  // A purge leaves no row.
  if (events.some(({ type }) => type === 'AccountPurged')) {
    const state = mutableCopy(account);
    applyAll(state, events, options);
    return frozenAccount(state);
  }
  const set = openWorkingSet(account);
  for (const event of events) applyToCopies(set, event, options.stream);
  const after = { ...account } as AccountState;
  writeBack(set, after);
  return Object.freeze(after);
}

/** Freezes an account that only the caller uses. Its list of ids keeps its index. */
export function frozenAccount(state: AccountState): PatronAccount {
  state.ids = idsWith(state.ids, []) as AccountState['ids'];
  return frozen(state);
}
