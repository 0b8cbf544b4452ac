import type { AccrualEndCause } from '../accrual.js';
import type { Item } from '../circumstances.js';
import type { DisputeOutcome } from '../events/feeEvents.js';
import type { Instalment } from '../paymentPlan.js';
import type { PlanEndCause } from '../records.js';
import type { CommandBase, FeePart } from './commandBase.js';

/**
 * Charge a fee to the patron. The command's id becomes the fee's id.
 *
 * Refused: {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeTypeNotManual} (a person charges a type reserved
 * for the system), {@link CommentRequired}, {@link FeeOwnerMissing}, {@link AccountMergedRejection | AccountMerged}.
 *
 * @events {@link FeeAssessed}.
 */
export type AssessFee = CommandBase & {
  /** The command's name. */
  readonly type: 'AssessFee';
  /** A fee type of the policy. */
  readonly feeType: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The library that owns the fee; `by.library` if left out. */
  readonly owner?: string;
  /** The item that the fee is charged for; none if left out. */
  readonly item?: Item;
  /** The loan that the fee is charged for; none if left out. */
  readonly loanId?: string;
  /** An id that groups the fees of one incident; none if left out. */
  readonly incidentId?: string;
  /**
   * Whether a system computed the fee, rather than a person entering it. For example, a fine that falls due while a
   * clerk checks an item in is automatic. A fee whose type is not manual must be automatic.
   *
   * @defaultValue `false` at a desk (`by.channel`), else `true`
   */
  readonly automatic?: boolean;
};

/**
 * Forgive one or several fees, each in full or in part. Disputed fees may be waived.
 *
 * For a lost-item type the remaining amount is not reduced: the waived amount becomes a credit (Alma guide, "Waiving
 * Fines and Fees", note). If nothing is owed but the fee was transferred, the waived amount becomes a credit for the
 * external system: at most what is neither paid there nor reversed by such a credit.
 *
 * Refused: {@link ReasonUnknown}, {@link CommentRequired}, {@link FeeNotFound}, {@link FeeTypeUnknown},
 * {@link FeeTypeNotWaiveable}, {@link WaiverExceedsOwed}, {@link NothingOwed}.
 *
 * @events {@link FeeWaived}; {@link LostItemCreditIssued} on a lost-item type; {@link CreditIssued} if nothing is owed
 * but the fee was transferred.
 */
export type WaiveFees = CommandBase & {
  /** The command's name. */
  readonly type: 'WaiveFees';
  /** The fees to waive, each once. */
  readonly fees: readonly FeePart[];
  /** One of the policy's waiving reasons. */
  readonly reason: string;
};

/**
 * Undo a waiver in full, including one that became a credit.
 *
 * Refused: {@link WaiverNotFound}, {@link AlreadyUndone}, {@link CreditInUse}.
 *
 * @events {@link WaiverReversed}; {@link CreditCancelled} if the waiver became a credit.
 */
export type ReverseWaiver = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseWaiver';
  /** The waiver to undo: a `waiverId`, or the `creditId` of a waiver that became a credit. */
  readonly waiverId: string;
};

/**
 * Mark a whole fee as disputed by the patron.
 *
 * Refused: {@link FeeNotFound}, {@link FeeAlreadyDisputed}, {@link NothingOwed}.
 *
 * @events {@link FeeDisputed}.
 */
export type DisputeFee = CommandBase & {
  /** The command's name. */
  readonly type: 'DisputeFee';
  /** The fee that the patron disputes. */
  readonly feeId: string;
};

/**
 * End a dispute about a fee. If the patron was right, the same decision waives what is owed or cancels the fee.
 *
 * Refused: {@link FeeNotFound}, {@link FeeNotDisputed}; with the remedy `waive`, also for the reasons of
 * {@link WaiveFees}; with the remedy `cancel`, {@link NothingToCancel} if all that is owed is money that was handed out
 * (a payment was refunded in cash, and then its cheque bounced): waive it instead.
 *
 * @events {@link DisputeResolved}; with a remedy also those of {@link WaiveFees} or {@link CancelFee}:
 * {@link FeeWaived}, {@link LostItemCreditIssued}, {@link FeeCancelled}, {@link CreditIssued},
 * {@link CreditApplicationReversed}, {@link WaiverReversed}, {@link CreditCancelled}; {@link AccrualEnded} if the fine
 * still grows and the patron was right.
 */
export type ResolveDispute = CommandBase & {
  /** The command's name. */
  readonly type: 'ResolveDispute';
  /** The disputed fee. */
  readonly feeId: string;
} & DisputeEnd;

/** The outcome of a dispute. A remedy is required with `patronUpheld` and not allowed otherwise. */
export type DisputeEnd =
  | {
      /** The fee remains owed, or the patron withdraws the dispute. */
      readonly outcome: Exclude<DisputeOutcome, 'patronUpheld'>;
      /** No remedy. */
      readonly remedy?: never;
    }
  | {
      /** The patron was right. */
      readonly outcome: 'patronUpheld';
      /** Cancels the fee: everything paid comes back. */
      readonly remedy: 'cancel';
    }
  | {
      /** The patron was right. */
      readonly outcome: 'patronUpheld';
      /** Waives what is owed; what was paid or transferred is unchanged. */
      readonly remedy: 'waive';
      /** One of the policy's waiving reasons. */
      readonly reason: string;
    };

/**
 * Record the return of a lost item. The patron gets the policy's percentage of the fee: first what is owed is reduced,
 * then a credit is issued for the external system, then a refundable credit.
 *
 * Refused: {@link FeeNotFound}, {@link FeeNotLostItem}, {@link LostItemAlreadyReturned}, {@link FeeTypeUnknown},
 * {@link LostItemFeeNotFound}.
 *
 * @events {@link LostItemReturned}, {@link LostItemCreditIssued}; {@link CreditApplied} where nothing stays owed.
 */
export type ReturnLostItem = CommandBase & {
  /** The command's name. */
  readonly type: 'ReturnLostItem';
  /** The lost-item fees, each once. Exactly one of `feeIds` and `loanId` is given; the fees of the loan if left out. */
  readonly feeIds?: readonly string[];
  /**
   * The loan whose item is returned: the command is about all its lost-item fees of items not returned before; `feeIds`
   * if left out.
   */
  readonly loanId?: string;
};

/**
 * Cancel a fee that was charged in error, in full or in part. What is owed is reduced first. What was paid comes back
 * as a refundable credit, what was transferred as a credit for the external system. Without an amount the whole fee is
 * cancelled: its waivers become cancellations, and goodwill that was used on it comes back. An amount that is owed only
 * because money was handed out (a payment was refunded in cash, and then its cheque bounced) is no charge: it stays
 * owed, and can be paid or waived.
 *
 * Refused: {@link FeeNotFound}, {@link NothingToCancel}, {@link CancellationExceedsFee}.
 *
 * @events {@link FeeCancelled}; {@link CreditIssued} for what was paid or transferred;
 * {@link CreditApplied} for reserved credits; for a fee cancelled in full also {@link CreditApplicationReversed} for
 * goodwill that was used on it, and {@link WaiverReversed} or {@link CreditCancelled} for its waivers.
 */
export type CancelFee = CommandBase & {
  /** The command's name. */
  readonly type: 'CancelFee';
  /** The fee to cancel. */
  readonly feeId: string;
  /** The amount to cancel, a decimal string; the whole fee if left out. */
  readonly amount?: string;
};

/**
 * Report the current total of the fine for an overdue loan. The first report charges the fee, a higher total increases
 * it, a lower total reduces what is owed and gives back what was paid. The same total changes nothing.
 *
 * Made for a nightly run: every run sends a new `id` and the total as of `at`, and needs no record of what it sent
 * before. A report without `ends` whose `at` is earlier than the fine's last change is outdated and changes nothing; so
 * is a second end from before the first one, if `by.channel` is `job` or `import`. A person who reports such an end
 * with another total is refused with {@link AccrualHasEnded}. A total that changes the amount of the fine is recorded
 * even if nothing can be charged or taken back.
 *
 * Refused: {@link FeeNotAccruing}, {@link AccruingFeeDiffers}, {@link AccrualHasEnded}; if something would be charged
 * also {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeTypeIsLostItem} and, for a new fee,
 * {@link FeeOwnerMissing} and {@link AccountMergedRejection | AccountMerged}.
 *
 * @events {@link FeeAssessed} or {@link FeeIncreased}; {@link FeeCancelled} and {@link CreditIssued} where the fine
 * shrank; {@link AccrualEnded} with `ends`.
 */
export type AccrueFine = CommandBase & {
  /** The command's name. */
  readonly type: 'AccrueFine';
  /** The id of the fine's fee, one per loan; not the command's own id. The first report creates the fee. */
  readonly feeId: string;
  /** A fee type of the policy that is not for lost items. */
  readonly feeType: string;
  /**
   * The fine's current total, a decimal string; may be zero. Required without `ends`.
   *
   * @defaultValue with `ends`, the fine's last total, or what was charged if that is less
   */
  readonly total?: string;
  /** The library that owns the fee; `by.library` if left out. */
  readonly owner?: string;
  /** The overdue loan; none if left out. */
  readonly loanId?: string;
  /** The overdue item, recorded with the first report; none if left out. */
  readonly item?: Item;
  /** Why the fine stops growing with this report; it goes on growing if left out. */
  readonly ends?: AccrualEndCause;
};

/**
 * Agree with the patron that fees are paid in instalments. The command's id becomes the plan's id.
 * {@link instalmentsOf} divides an amount.
 *
 * While the plan runs, its fees are not transferred to an external billing system. Payments name the plan's fees.
 *
 * Refused: {@link FeeNotFound}, {@link FeeIsDisputed}, {@link FeeStillAccruing}, {@link NothingOwed},
 * {@link FeeInPaymentPlan}, {@link InstalmentsDoNotAddUp}, {@link AccountMergedRejection | AccountMerged}.
 *
 * @events {@link PaymentPlanAgreed}.
 */
export type AgreePaymentPlan = CommandBase & {
  /** The command's name. */
  readonly type: 'AgreePaymentPlan';
  /** The fees, each once. Something is owed on each. */
  readonly feeIds: readonly string[];
  /** The instalments, each on a later day than the one before. They add up to what is owed on the fees. */
  readonly instalments: readonly Instalment[];
};

/**
 * End a payment plan before everything is paid.
 *
 * Refused: {@link PaymentPlanNotFound}, {@link PaymentPlanNotRunning}.
 *
 * @events {@link PaymentPlanEnded}.
 */
export type EndPaymentPlan = CommandBase & {
  /** The command's name. */
  readonly type: 'EndPaymentPlan';
  /** The plan. */
  readonly planId: string;
  /** Why it ends. */
  readonly cause: PlanEndCause;
};
