import type { AccrualEndCause } from '../accrual.js';
import type { Circumstances, EventMetadata } from '../circumstances.js';

/**
 * A fine that still grows went up: caused by {@link AccrueFine}. Undone by telling the earlier total, which records a
 * {@link FeeCancelled} with `accrual`.
 */
export type FeeIncreased = {
  /** The event's name in storage. */
  readonly type: 'FeeIncreased';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The increase's id, unique in the account. */
    readonly increaseId: string;
    /** The fee: assessed as accruing, its accrual not ended. */
    readonly feeId: string;
    /** By how much more is owed, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** A fine grows no more; at most once per fee. Cannot be undone. */
export type AccrualEnded = {
  /** The event's name in storage. */
  readonly type: 'AccrualEnded';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The end's id, unique in the account. */
    readonly endId: string;
    /** The fee. */
    readonly feeId: string;
    /** Why it grows no more. */
    readonly cause: AccrualEndCause;
    /** What the fine came to in the end, a decimal string; zero for a fine that should not have been. */
    readonly total: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};
