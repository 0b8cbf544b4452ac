/**
 * Immutable steps, for callers who keep every version of an account. Only this entry point and the one for tests load
 * immer.
 *
 * @stability stable
 * @module evolve
 */

import { Immer } from 'immer';
import { apply } from './apply.js';
import { historyError } from './corruptHistory.js';
import type { AccountEvent } from './events/accountEvent.js';
import { mutableCopy } from './fold.js';
import { type AccountState, assertAccount, type PatronAccount, readingAccount } from './patronAccount.js';
import {
  type AccountPatch,
  applyToCopies,
  openWorkingSet,
  patchesOf,
  type WorkingSet,
  writeBack,
} from './workingSet.js';

// Patches: what a step changed, for screens that follow an account.
export type { AccountPatch };

/** A separate instance of immer, so that the consumer's immer settings change nothing here. */
const immer = /* @__PURE__ */ new Immer();

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
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` when the event cannot follow the events
 * before it; `INVALID_ACCOUNT` when the first argument is not an account
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, emptyAccount } from 'patron-fees';
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
 * balancesInMinorUnits(account).active; //=> 250
 * ```
 */
export function evolve(account: PatronAccount, event: AccountEvent): PatronAccount {
  return stepFrom(account, event, written, (_, after) => after);
}

/** Returns the account with the changes of a working set. */
function written(before: PatronAccount, set: WorkingSet): PatronAccount {
  return immer.produce(before, (draft) => writeBack(set, draft as AccountState));
}

/** The result of {@link evolveWithPatches}. */
export type EvolvedWithPatches = {
  /** The account after the event, as {@link evolve} returns it. */
  readonly account: PatronAccount;
  /** The patches that turn the account before the event into the account after it. */
  readonly patches: readonly AccountPatch[];
  /** The patches that turn the account after the event into the account before it. */
  readonly inversePatches: readonly AccountPatch[];
};

/**
 * Returns the account after one more event, and its changes as patches. Patches are plain JSON; they update a copy of
 * the account that is elsewhere, such as on a screen. `applyPatches` of immer applies them.
 *
 * The patches name the changed fields of a fee, credit or other row, the new lines of its history, and new rows as a
 * whole. Their size and the time they take depend on the event, not on the account.
 *
 * @param account - the account before the event; never changed
 * @param event - the next event
 * @returns the account after it, and the patches in both directions
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link evolve}
 *
 * @example
 * ```ts
 * import { applyPatches, enablePatches } from 'immer';
 * import { emptyAccount, type PatronAccount } from 'patron-fees';
 * import { evolve, evolveWithPatches } from 'patron-fees/evolve';
 *
 * enablePatches();
 * const money = { amount: '2.50', currency: 'USD', at: '2026-03-02T09:00:00Z' };
 * const before = evolve(emptyAccount(), {
 *   type: 'FeeAssessed',
 *   data: { feeId: 'f1', feeType: 'OVERDUEFINE', owner: 'MAIN', ...money },
 * });
 * const { account, patches } = evolveWithPatches(before, {
 *   type: 'FeeWaived',
 *   data: { waiverId: 'w1', feeId: 'f1', ...money },
 * });
 * patches.find(({ path }) => path.at(-1) === 'waived'); //=> { op: 'replace', path: ['fees', 0, 'waived'], value: 250 }
 *
 * const copy = applyPatches(before, JSON.parse(JSON.stringify(patches))) as PatronAccount;
 * copy.fees[0]?.waived; //=> account.fees[0]?.waived
 * ```
 */
export function evolveWithPatches(account: PatronAccount, event: AccountEvent): EvolvedWithPatches {
  const changed = (before: PatronAccount, set: WorkingSet) => {
    const { patches, inversePatches } = patchesOf(set);
    return { account: written(before, set), patches, inversePatches };
  };
  return stepFrom(account, event, changed, replaced);
}

/**
 * Applies an event to private copies of the rows that it touches, and returns `result` of them. A purge leaves no row,
 * so `replacement` is called with the whole account after it.
 */
function stepFrom<Result>(
  account: PatronAccount,
  event: AccountEvent,
  result: (before: PatronAccount, set: WorkingSet) => Result,
  replacement: (before: PatronAccount, after: PatronAccount) => Result,
): Result {
  const before = readingAccount(account, () => {
    assertAccount(account);
    // Copies, because freezing the result must not freeze the caller's data.
    return Object.isFrozen(account) ? account : plainCopy(account);
  });
  try {
    const own = plainCopy(event);
    if (own?.type === 'AccountPurged') {
      const after = mutableCopy(before);
      apply(after, own);
      return replacement(before, frozen(after));
    }
    // Not on the draft itself: the reducer would run at half the speed on plain objects if it also ran on drafts (see
    // apply.ts).
    const set = openWorkingSet(before);
    applyToCopies(set, own);
    return result(before, set);
  } catch (error) {
    throw historyError(error, before.eventCount, event);
  }
}

function frozen(account: PatronAccount): PatronAccount {
  return immer.produce(account, () => undefined);
}

/** Returns the patches that replace one account by another. */
function replaced(account: PatronAccount, after: PatronAccount): EvolvedWithPatches {
  const before = frozen(account);
  const patches: AccountPatch[] = [];
  const inversePatches: AccountPatch[] = [];
  for (const name of Object.keys(after) as (keyof PatronAccount)[]) {
    if (after[name] === before[name]) continue;
    patches.push({ op: 'replace', path: [name], value: after[name] });
    inversePatches.unshift({ op: 'replace', path: [name], value: before[name] });
  }
  return { account: after, patches, inversePatches };
}

/** Copies plain data. */
function plainCopy<Data>(data: Data): Data {
  if (Array.isArray(data)) return data.map(plainCopy) as Data;
  if (typeof data !== 'object' || data === null) return data;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(data)) copy[key] = plainCopy((data as Record<string, unknown>)[key]);
  return copy as Data;
}
