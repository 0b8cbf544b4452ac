import type { Circumstances, EventMetadata, Item } from '../circumstances.js';

/** A fee was charged. Later events speak of it by `feeId`. */
export type FeeAssessed = {
  /** The event's name in storage. */
  readonly type: 'FeeAssessed';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The fee's id, unique in the account. */
    readonly feeId: string;
    /** The type's code, e.g. `OVERDUEFINE`. */
    readonly feeType: string;
    /** The amount charged, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The library that owns the fee. */
    readonly owner: string;
    /** True when it was charged for a lost item; it stays so whatever the policy says later. */
    readonly lostItem?: boolean;
    /** True for a fine that grows until {@link AccrualEnded}; never beside `lostItem`. */
    readonly accruing?: boolean;
    /** The item it was charged for. */
    readonly item?: Item;
    /** The loan it was charged for. */
    readonly loanId?: string;
    /** What groups the fees of one incident, e.g. the replacement fee and the processing fee of one lost book. */
    readonly incidentId?: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** Part or all of a fee was forgiven. Lost-item fees get {@link LostItemCreditIssued} instead. */
export type FeeWaived = {
  /** The event's name in storage. */
  readonly type: 'FeeWaived';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The waiver's id, unique in the account. */
    readonly waiverId: string;
    /** The fee. */
    readonly feeId: string;
    /** What was forgiven, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** A waiver was undone: the amount is owed again. */
export type WaiverReversed = {
  /** The event's name in storage. */
  readonly type: 'WaiverReversed';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The waiver that was undone, whole. */
    readonly waiverId: string;
    /** The fee. */
    readonly feeId: string;
    /** What is owed again, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** The patron disputes a fee: it counts as disputed, as a whole, until {@link DisputeResolved}. */
export type FeeDisputed = {
  /** The event's name in storage. */
  readonly type: 'FeeDisputed';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The dispute's id, unique in the account. */
    readonly disputeId: string;
    /** The fee. */
    readonly feeId: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** How a dispute can end. */
export const disputeOutcomes = ['feeStands', 'withdrawn', 'patronUpheld'] as const;

/** How a dispute ended: the fee stands, the patron withdrew, or the patron was right. */
export type DisputeOutcome = (typeof disputeOutcomes)[number];

/** A dispute ended. What the patron gets when upheld (a waiver, a cancellation) is in events of its own. */
export type DisputeResolved = {
  /** The event's name in storage. */
  readonly type: 'DisputeResolved';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The dispute. */
    readonly disputeId: string;
    /** The fee. */
    readonly feeId: string;
    /** How it ended. */
    readonly outcome: DisputeOutcome;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** What the return of a lost item can do to the part still unpaid. */
export const unpaidOnReturn = ['percent', 'all'] as const satisfies readonly UnpaidOnReturn[];

/** What the return of a lost item does to the part still unpaid: `percent` treats it like the paid part, `all` forgives it. */
export type UnpaidOnReturn = 'percent' | 'all';

/**
 * A lost item came back; at most once per fee, and before the credits this brings. Records the terms, so that what is
 * undone later (a waiver, a transfer, a payment) costs what it would have cost before the return.
 */
export type LostItemReturned = {
  /** The event's name in storage. */
  readonly type: 'LostItemReturned';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The return's id, unique in the account. */
    readonly returnId: string;
    /** The fee that had been charged for the lost item. */
    readonly feeId: string;
    /** The percentage of the fee that the return brings, from 0 to 100. */
    readonly refundPercent: number;
    /** Whether the part still unpaid is treated like the paid one (`percent`) or forgiven (`all`). */
    readonly unpaid: UnpaidOnReturn;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/**
 * Part or all of a fee had been assessed in error. What of it had been paid or transferred comes back as credits
 * ({@link CreditIssued}, cause `cancelled`).
 */
export type FeeCancelled = {
  /** The event's name in storage. */
  readonly type: 'FeeCancelled';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The cancellation's id, unique in the account. */
    readonly cancellationId: string;
    /** The fee. */
    readonly feeId: string;
    /** By how much less is owed, a decimal string; zero when all of it had been paid or transferred. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** True where a fine that grows came down: caused by {@link AccrueFine}, or by the rule that closes an accrual. */
    readonly accrual?: boolean;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};
