import type { Recorded } from '../circumstances.js';

/**
 * This account was merged into another account of the same patron. It keeps its fees, credits and payments, which are
 * still paid, waived, settled and undone here; new fees, credits and plans go to the other account. Moves no money.
 */
export type AccountMerged = Recorded<
  'AccountMerged',
  {
    /** The merge's id, unique in both accounts. */
    readonly mergeId: string;
    /** The patron id of the account that it was merged into, at the same institution. */
    readonly into: string;
  }
>;

/** Another account of the same patron was merged into this one. Moves no money. */
export type AccountJoined = Recorded<
  'AccountJoined',
  {
    /** The merge's id, as in `AccountMerged`. */
    readonly mergeId: string;
    /** The patron id of the account that was merged, at the same institution. */
    readonly from: string;
  }
>;

/** A merge was undone. Recorded in both accounts. Moves no money. */
export type AccountSeparated = Recorded<
  'AccountSeparated',
  {
    /** The merge that was undone. */
    readonly mergeId: string;
  }
>;
