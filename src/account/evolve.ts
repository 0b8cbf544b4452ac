/**
 * Immutable steps, for callers who keep every version of an account. Only this entry point and the one for tests load
 * immer.
 *
 * @module evolve
 */

import { Immer } from 'immer';
import { historyError } from './corruptHistory.js';
import type { AccountEvent } from './events/accountEvent.js';
import type { AccountState, PatronAccount } from './patronAccount.js';
import { assertAccount, readingAccount } from './safeAccount.js';
import { applyToCopies, openWorkingSet } from './workingSet.js';
import { writeBack } from './writeBack.js';

/** An own instance of immer, so that the consumer's immer settings change nothing here. */
const immer = /* @__PURE__ */ new Immer({ autoFreeze: true });

/**
 * Returns the account after one more event: immutable, frozen, and sharing all unchanged parts with the account before
 * it.
 *
 * An account that is not frozen (such as one made by {@link index.fold | fold}) is copied first, so that the caller's
 * data is not frozen. For many events, {@link index.fold | fold} is faster by orders of magnitude.
 *
 * @param account - the account before the event; never changed
 * @param event - the next event
 * @returns the account after it
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` when the event cannot follow the events before it; `INVALID_ACCOUNT`
 * when the first argument is not an account
 *
 * @example
 * ```ts
 * import { balances, emptyAccount } from 'patron-fees';
 * import { evolve } from 'patron-fees/evolve';
 *
 * const account = evolve(emptyAccount(), {
 *   type: 'FeeAssessed',
 *   data: {
 *     feeId: 'f1',
 *     feeType: 'OVERDUEFINE',
 *     amount: '2.50',
 *     currency: 'USD',
 *     owner: 'MAIN',
 *     at: '2026-03-02T09:00:00Z',
 *   },
 * });
 * balances(account).active; //=> 250
 * ```
 */
export function evolve(account: PatronAccount, event: AccountEvent): PatronAccount {
  const before = readingAccount(() => {
    assertAccount(account);
    // Copies, because freezing the result must not freeze the caller's data.
    return Object.isFrozen(account) ? account : plainCopy(account);
  });
  try {
    // Not on the draft itself: the reducer would run at half the speed on plain objects if it also ran on drafts (see
    // apply.ts).
    const set = openWorkingSet(before);
    applyToCopies(set, plainCopy(event));
    return immer.produce(before, (draft) => writeBack(set, draft as AccountState));
  } catch (error) {
    throw historyError(error, before.eventCount, event);
  }
}

/** Copies plain data. */
function plainCopy<Data>(data: Data): Data {
  if (Array.isArray(data)) return data.map(plainCopy) as Data;
  if (typeof data !== 'object' || data === null) return data;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(data)) copy[key] = plainCopy((data as Record<string, unknown>)[key]);
  return copy as Data;
}
