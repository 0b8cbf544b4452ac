import type { AccrualEndCause } from '../accrual.js';
import type { Item, Recorded } from '../circumstances.js';

/** A fee was charged to the patron. Later events refer to it by `feeId`. */
export type FeeAssessed = Recorded<
  'FeeAssessed',
  {
    /** The fee's id, unique in the account. */
    readonly feeId: string;
    /** The code of the fee type, e.g. `OVERDUEFINE`. */
    readonly feeType: string;
    /** The amount charged, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The library that owns the fee. */
    readonly owner: string;
    /** True if charged for a lost item. Recorded here so that later changes of the policy do not affect it. */
    readonly lostItem?: boolean;
    /** True for a fine that grows until {@link AccrualEnded}; never combined with `lostItem`. */
    readonly accruing?: boolean;
    /**
     * The reported total of a fine that grows, a decimal string; above `amount` where a limit allowed less. Present
     * exactly if `accruing` is true.
     */
    readonly total?: string;
    /**
     * The rate of the value-added tax that the amount includes, in percent, above 0. Absent without tax. It applies to
     * every increase of the fee too.
     */
    readonly vatPercent?: number;
    /** The item that the fee was charged for. */
    readonly item?: Item;
    /** The loan that the fee was charged for. */
    readonly loanId?: string;
    /** Groups the fees of one incident, e.g. the replacement fee and the processing fee of one lost book. */
    readonly incidentId?: string;
  }
>;

/** Part or all of a fee was forgiven. Waiving a lost-item fee records {@link LostItemCreditIssued} instead. */
export type FeeWaived = Recorded<
  'FeeWaived',
  {
    /** The waiver's id, unique in the account. */
    readonly waiverId: string;
    /** The fee that was waived. */
    readonly feeId: string;
    /** The amount forgiven, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** True if the reason of the waiver is a write-off in the policy: the debt is given up, not forgiven. */
    readonly writeOff?: boolean;
  }
>;

/** A waiver was undone, so the waived amount is owed again. */
export type WaiverReversed = Recorded<
  'WaiverReversed',
  {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The waiver that was undone, always in full. */
    readonly waiverId: string;
    /** The fee. */
    readonly feeId: string;
    /** The amount that is owed again, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  }
>;

/** The patron disputed a fee. The whole fee counts as disputed until {@link DisputeResolved}. */
export type FeeDisputed = Recorded<
  'FeeDisputed',
  {
    /** The dispute's id, unique in the account. */
    readonly disputeId: string;
    /** The disputed fee. */
    readonly feeId: string;
  }
>;

/** The possible outcomes of a dispute. */
export const disputeOutcomes = ['feeStands', 'withdrawn', 'patronUpheld'] as const;

/**
 * How a dispute ended.
 *
 * - `feeStands`: the fee remains owed.
 * - `withdrawn`: the patron withdrew the dispute; the fee remains owed.
 * - `patronUpheld`: the patron was right; what is owed is waived, or the fee is cancelled.
 */
export type DisputeOutcome = (typeof disputeOutcomes)[number];

/**
 * A dispute about a fee ended. If the patron was right, separate events record the remedy (a waiver or a cancellation).
 */
export type DisputeResolved = Recorded<
  'DisputeResolved',
  {
    /** The dispute that ended. */
    readonly disputeId: string;
    /** The disputed fee. */
    readonly feeId: string;
    /** The outcome of the dispute. */
    readonly outcome: DisputeOutcome;
  }
>;

/** How the return of a lost item can treat the unpaid part of its fee. */
export const unpaidOnReturn = ['percent', 'all'] as const satisfies readonly UnpaidOnReturn[];

/**
 * How the return of a lost item treats the unpaid part of its fee: `percent` reduces it by the percentage that is
 * refunded of the paid part, `all` forgives it.
 */
export type UnpaidOnReturn = 'percent' | 'all';

/**
 * A lost item was returned. Happens at most once per fee and before the credits that the return causes. Records the
 * terms of the return, so that undoing a waiver, a transfer or a payment later leaves the patron owing the same as if
 * it had been undone before the return.
 */
export type LostItemReturned = Recorded<
  'LostItemReturned',
  {
    /** The return's id, unique in the account. */
    readonly returnId: string;
    /** The fee charged for the lost item. */
    readonly feeId: string;
    /** The percentage of the fee that the patron gets back, from 0 to 100. */
    readonly refundPercent: number;
    /** Whether the unpaid part is treated like the paid part (`percent`) or forgiven (`all`). */
    readonly unpaid: UnpaidOnReturn;
  }
>;

/**
 * Part or all of a fee was cancelled because it was charged in error. Amounts already paid or transferred come back as
 * credits ({@link CreditIssued} of the cause `cancelled`).
 */
export type FeeCancelled = Recorded<
  'FeeCancelled',
  {
    /** The cancellation's id, unique in the account. */
    readonly cancellationId: string;
    /** The cancelled fee. */
    readonly feeId: string;
    /**
     * The decrease of what is owed, a decimal string; zero if the cancelled part was already paid or transferred.
     */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /**
     * True if a growing fine decreased: caused by {@link AccrueFine}, or by the closing rule after the end of growth.
     */
    readonly accrual?: boolean;
    /**
     * The reported total of the fine, a decimal string; below what is charged after this event where waivers and
     * payments left less to take back. Present exactly if `accrual` is true.
     */
    readonly total?: string;
  }
>;

/**
 * The fine for an overdue loan increased. Caused by {@link AccrueFine}. To undo it, send `AccrueFine` with the earlier
 * total, which records a {@link FeeCancelled} with `accrual`.
 */
export type FeeIncreased = Recorded<
  'FeeIncreased',
  {
    /** The increase's id, unique in the account. */
    readonly increaseId: string;
    /** The fee, assessed with `accruing` and not ended by {@link AccrualEnded}. */
    readonly feeId: string;
    /**
     * The amount of the increase, a decimal string; zero if only the total changed: an earlier, lower total could not
     * be taken back, or a limit allows no increase.
     */
    readonly amount: string;
    /** The reported total, a decimal string; above what is charged after this event where a limit allowed less. */
    readonly total: string;
    /** ISO 4217 code. */
    readonly currency: string;
  }
>;

/** The fine for a loan stopped growing. Happens at most once per fee and cannot be undone. */
export type AccrualEnded = Recorded<
  'AccrualEnded',
  {
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
  }
>;
