import type { Circumstances, EventMetadata } from '../circumstances.js';

/**
 * This account was merged into another account of the same patron. It keeps its fees, credits and payments, which are
 * still paid, waived, settled and undone here; new fees, credits and plans go to the other account. Moves no money.
 */
export type AccountMerged = {
  /** The event's name in storage. */
  readonly type: 'AccountMerged';
  /** The recorded facts. */
  readonly data: Circumstances & {
    /** The merge's id, unique in both accounts. */
    readonly mergeId: string;
    /** The patron id of the account that it was merged into, at the same institution. */
    readonly into: string;
  };
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};

/** Another account of the same patron was merged into this one. Moves no money. */
export type AccountJoined = {
  /** The event's name in storage. */
  readonly type: 'AccountJoined';
  /** The recorded facts. */
  readonly data: Circumstances & {
    /** The merge's id, as in `AccountMerged`. */
    readonly mergeId: string;
    /** The patron id of the account that was merged, at the same institution. */
    readonly from: string;
  };
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};

/** A merge was undone. Recorded in both accounts. Moves no money. */
export type AccountSeparated = {
  /** The event's name in storage. */
  readonly type: 'AccountSeparated';
  /** The recorded facts. */
  readonly data: Circumstances & {
    /** The merge that was undone. */
    readonly mergeId: string;
  };
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};
