import type { AccrualEndCause } from '../accrual.js';
import type { Circumstances, EventMetadata } from '../circumstances.js';

/**
 * The fine for an overdue loan increased. Caused by {@link AccrueFine}. To undo it, send `AccrueFine` with the earlier
 * total, which records a {@link FeeCancelled} with `accrual`.
 */
export type FeeIncreased = {
  /** The event's name in storage. */
  readonly type: 'FeeIncreased';
  /** The recorded facts. */
  readonly data: Circumstances & {
    /** The increase's id, unique in the account. */
    readonly increaseId: string;
    /** The fee, assessed with `accruing` and not ended by {@link AccrualEnded}. */
    readonly feeId: string;
    /** The amount of the increase, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};

/** The fine for a loan stopped growing. Happens at most once per fee and cannot be undone. */
export type AccrualEnded = {
  /** The event's name in storage. */
  readonly type: 'AccrualEnded';
  /** The recorded facts. */
  readonly data: Circumstances & {
    /** The id of this end of growth, unique in the account. */
    readonly endId: string;
    /** The fee. */
    readonly feeId: string;
    /** Why the fine stopped growing. */
    readonly cause: AccrualEndCause;
    /** The fine's final total, a decimal string; zero for a fine that should not have been charged. */
    readonly total: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};
