import type { CommandBase, CreditChoice, FeePart } from './commandBase.js';
import type { ShortfallFee } from './paymentCommands.js';

/** The conditions for selecting fees or credits. Disputed fees and fees in a payment plan are never selected. */
export type Eligibility = {
  /**
   * The minimum of what is owed on a fee, or of the unused part of a credit: a decimal string; the policy's if left
   * out.
   */
  readonly minimumAmount?: string;
  /** The minimum age in days of 24 hours, from the assessment or issue to `at`; the policy's if left out. */
  readonly minimumAgeDays?: number;
  /** Select only fees of these types, ignored for credits; all types if left out. */
  readonly feeTypes?: readonly string[];
  /** Select only fees or credits of these libraries; all libraries if left out. */
  readonly owners?: readonly string[];
};

/** What to select: all eligible fees, all eligible credits, or both. */
export type EligibleSelection = {
  /** The conditions for fees; no fees are selected if left out. */
  readonly fees?: Eligibility;
  /** The conditions for credits; no credits are selected if left out. */
  readonly credits?: Eligibility;
};

/**
 * Transfer fees and credits to an external billing system, either named ones or all that are eligible. Credits
 * reserved for a fee are applied first, so that only what is owed is transferred. Disputed fees, fines that still grow
 * and fees in a payment plan are never transferred.
 *
 * Refused: {@link DestinationUnknown}, {@link FeeNotFound}, {@link FeeIsDisputed}, {@link FeeStillAccruing},
 * {@link FeeInPaymentPlan}, {@link NothingOwed}, {@link TransferExceedsOwed}, {@link CreditNotFound},
 * {@link CreditPurposeForbids}, {@link CreditUsedUp}, {@link AmountExceedsCredit}, {@link NothingToTransfer}.
 *
 * @events {@link FeeTransferred}, {@link CreditTransferred}; {@link CreditApplied} for reserved credits.
 */
export type TransferFees = CommandBase & {
  /** The command's name. */
  readonly type: 'TransferFees';
  /** The fees to transfer, each once; none if left out. */
  readonly fees?: readonly FeePart[];
  /** The credits to transfer, each once, of the purpose `refundable` or `external`; none if left out. */
  readonly credits?: readonly CreditChoice[];
  /**
   * Selects all that is eligible. Cannot be combined with `fees` or `credits`.
   *
   * @defaultValue only the named fees and credits
   */
  readonly eligible?: EligibleSelection;
  /** The code of an external billing system of the policy; none is named if left out. */
  readonly destination?: string;
  /** Whether the external system reports payment; the policy's rule if left out. */
  readonly expectsSettlement?: boolean;
  /** The external system's reference; none if left out. */
  readonly externalReference?: string;
};

/**
 * Record that the external billing system reported payment of a transfer. For a fee, the amount above what is pending
 * becomes a refundable credit.
 *
 * Refused: {@link TransferNotFound}, {@link TransferNotPending}, {@link SettlementExceedsPending}.
 *
 * @events {@link TransferSettled}; {@link CreditIssued} for more than was pending.
 */
export type SettleTransfer = CommandBase & {
  /** The command's name. */
  readonly type: 'SettleTransfer';
  /** The transfer that was paid. */
  readonly transferId: string;
  /** The amount paid at the external system, a decimal string. */
  readonly amount: string;
  /** The external system's reference; none if left out. */
  readonly externalReference?: string;
};

/**
 * Undo a settlement, in full or in part, because the payment bounced at the external system or the wrong file was read.
 * Its surplus credit is withdrawn first; the rest is pending again.
 *
 * Refused: {@link SettlementNotFound}, {@link AlreadyUndone}, {@link ReversalExceedsSettlement}, {@link CreditInUse}
 * (the surplus credit is used: undo that first, or name a fee for the shortfall), {@link IdAlreadyUsed},
 * {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeOwnerMissing}.
 *
 * @events {@link SettlementReversed}; {@link FeeAssessed} for a shortfall.
 */
export type ReverseSettlement = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseSettlement';
  /** The settlement to undo. */
  readonly settlementId: string;
  /** The amount to undo, a decimal string; all that was not reversed before if left out. */
  readonly amount?: string;
  /**
   * The new fee for the used part of the surplus credit.
   *
   * @defaultValue a reversal with a shortfall is refused
   */
  readonly shortfallFee?: ShortfallFee;
  /** The external system's reference; none if left out. */
  readonly externalReference?: string;
};

/**
 * Record that the external billing system handed back a transfer, in full or in part. The amount is owed to the library
 * again, less the part that external credits of the fee have reversed. The recall uses up these credits, but not the
 * part of them that reverses an amount paid at the external system.
 *
 * Refused: {@link TransferNotFound}, {@link NothingToRecall}, {@link RecallExceedsTransfer},
 * {@link ReversalAlreadySent}.
 *
 * @events {@link TransferRecalled}.
 */
export type RecallTransfer = CommandBase & {
  /** The command's name. */
  readonly type: 'RecallTransfer';
  /** The transfer that was handed back. */
  readonly transferId: string;
  /** The amount handed back, a decimal string; all that was neither settled nor recalled if left out. */
  readonly amount?: string;
};
