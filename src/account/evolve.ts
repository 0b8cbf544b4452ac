/**
 * Immutable steps, for those who keep every account they see. Of all entry points only this one
 * loads immer, and the one for tests.
 *
 * @module evolve
 */

import { Immer } from 'immer';
import { historyError } from './corruptHistory.js';
import type { AccountEvent } from './events.js';
import type { AccountState, PatronAccount } from './patronAccount.js';
import { assertAccount, readingAccount } from './safeAccount.js';
import { applyToCopies, openWorkingSet } from './workingSet.js';
import { writeBack } from './writeBack.js';

/** An immer of our own, so that settings of the consumer's immer change nothing here. */
const immer = /* @__PURE__ */ new Immer({ autoFreeze: true });

/**
 * The account after one more event: immutable, frozen, sharing everything the event did not touch with the account
 * before it.
 *
 * An account that is not frozen (as {@link index.fold | fold} makes it) is copied first, so that nothing of the caller's is frozen.
 * For many events, {@link index.fold | fold} is faster by orders of magnitude.
 *
 * @param account - the account before the event; stays as it is
 * @param event - what happened next
 * @returns the account after it
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` when the event cannot follow the events before it; `INVALID_ACCOUNT`
 * when the first argument is no account
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
    // Copies, since freezing the result must not freeze what belongs to the caller.
    return Object.isFrozen(account) ? account : plainCopy(account);
  });
  try {
    // Not on the draft itself: what runs on drafts too runs at half the speed on plain objects (see apply.ts).
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
