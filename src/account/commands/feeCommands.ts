import type { Item } from '../circumstances.js';
import type { DisputeOutcome } from '../events/feeEvents.js';
import type { CommandBase, FeePart } from './commandBase.js';

/**
 * Charge a fee. The command's id becomes the fee's id.
 *
 * Refused: {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeTypeNotManual} (a person charges a type that only
 * the system charges), {@link FeeOwnerMissing}.
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
  /** The item it is charged for. */
  readonly item?: Item;
  /** The loan it is charged for. */
  readonly loanId?: string;
  /** What groups the fees of one incident. */
  readonly incidentId?: string;
  /**
   * Whether a system computed the fee rather than a person typing it in: a fine that falls due while a clerk checks an
   * item in is automatic. Only automatic fees may be of a type that is not manual.
   *
   * @defaultValue `false` at a desk (`by.channel`), else `true`
   */
  readonly automatic?: boolean;
};

/**
 * Forgive one or many fees, each whole or an amount. A disputed fee may be waived.
 *
 * On a lost-item type what remains is not reduced: the waived amount shows as a credit (Alma guide, "Waiving Fines and
 * Fees", note). Where nothing is owed, what was transferred gets a credit for the external system.
 *
 * Refused: {@link ReasonUnknown}, {@link FeeNotFound}, {@link FeeTypeUnknown}, {@link FeeTypeNotWaiveable},
 * {@link WaiverExceedsOwed}, {@link NothingOwed}.
 *
 * @events {@link FeeWaived}; {@link LostItemCreditIssued} on a lost-item type; {@link CreditIssued}
 * where all was transferred.
 */
export type WaiveFees = CommandBase & {
  /** The command's name. */
  readonly type: 'WaiveFees';
  /** The fees, each once. */
  readonly fees: readonly FeePart[];
  /** One of the policy's waiving reasons. */
  readonly reason: string;
};

/**
 * Undo a waiver, whole, also one that became a credit.
 *
 * Refused: {@link WaiverNotFound}, {@link AlreadyUndone}, {@link CreditInUse}.
 *
 * @events {@link WaiverReversed}; {@link CreditCancelled} if the waiver became a credit.
 */
export type ReverseWaiver = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseWaiver';
  /** The waiver: a `waiverId`, or the `creditId` of a waiver that became a credit. */
  readonly waiverId: string;
};

/**
 * Flag a fee as disputed, as a whole.
 *
 * Refused: {@link FeeNotFound}, {@link FeeAlreadyDisputed}, {@link NothingOwed}.
 *
 * @events {@link FeeDisputed}.
 */
export type DisputeFee = CommandBase & {
  /** The command's name. */
  readonly type: 'DisputeFee';
  /** The fee. */
  readonly feeId: string;
};

/**
 * End a dispute. When the patron was right, what is owed is waived, or the fee is cancelled, in the same decision.
 *
 * Refused: {@link FeeNotFound}, {@link FeeNotDisputed}; with the remedy `waive` as {@link WaiveFees} is.
 *
 * @events {@link DisputeResolved}; with a remedy also those of {@link WaiveFees} or {@link CancelFee}:
 * {@link FeeWaived}, {@link LostItemCreditIssued}, {@link FeeCancelled}, {@link CreditIssued},
 * {@link CreditApplicationReversed}; {@link AccrualEnded} where a fine that still grows is upheld.
 */
export type ResolveDispute = CommandBase & {
  /** The command's name. */
  readonly type: 'ResolveDispute';
  /** The fee. */
  readonly feeId: string;
} & DisputeEnd;

/** How a dispute ends: with `patronUpheld`, and only then, with a remedy. */
export type DisputeEnd =
  | {
      /** The fee stands, or the patron withdraws the dispute. */
      readonly outcome: Exclude<DisputeOutcome, 'patronUpheld'>;
      /** No remedy. */
      readonly remedy?: never;
    }
  | {
      /** The patron was right. */
      readonly outcome: 'patronUpheld';
      /** The fee is cancelled: all of it comes back. */
      readonly remedy: 'cancel';
    }
  | {
      /** The patron was right. */
      readonly outcome: 'patronUpheld';
      /** What is owed is waived; what was paid or transferred stays. */
      readonly remedy: 'waive';
      /** One of the policy's waiving reasons. */
      readonly reason: string;
    };

/**
 * A lost item came back: the patron gets the policy's percentage of the fee, as a reduction of what is owed, then as a
 * credit for the external system, then as money owed back.
 *
 * Refused: {@link FeeNotFound}, {@link FeeNotLostItem}, {@link LostItemAlreadyReturned}, {@link FeeTypeUnknown},
 * {@link LostItemFeeNotFound}.
 *
 * @events {@link LostItemReturned}, {@link LostItemCreditIssued}; {@link CreditApplied} where nothing stays owed.
 */
export type ReturnLostItem = CommandBase & {
  /** The command's name. */
  readonly type: 'ReturnLostItem';
  /** The lost-item fees, each once; either these or `loanId`. */
  readonly feeIds?: readonly string[];
  /** The loan whose lost-item fees are meant, all that are not returned yet. */
  readonly loanId?: string;
};

/**
 * A fee was assessed in error, whole or in part. What is owed goes first; what was paid comes back as a refundable
 * credit, what was transferred as one for the external system.
 *
 * Refused: {@link FeeNotFound}, {@link NothingToCancel}, {@link CancellationExceedsFee}.
 *
 * @events {@link FeeCancelled}; {@link CreditIssued} for what was paid or transferred;
 * {@link CreditApplied} for reserved credits; {@link CreditApplicationReversed} for goodwill that was used on a fee
 * cancelled whole.
 */
export type CancelFee = CommandBase & {
  /** The command's name. */
  readonly type: 'CancelFee';
  /** The fee. */
  readonly feeId: string;
  /** The part, a decimal string; all that can be cancelled if left out. */
  readonly amount?: string;
};
