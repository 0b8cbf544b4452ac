import type { CommandBase, CreditChoice, FeePart } from './commandBase.js';
import type { ShortfallFee } from './paymentCommands.js';

/** Which fees or credits "all that is eligible" takes; what is left out comes from the policy. */
export type Eligibility = {
  /** The least amount still open, a decimal string. */
  readonly minimumAmount?: string;
  /** The least age in days of 24 hours, from the assessment or issue to the command's `at`. */
  readonly minimumAgeDays?: number;
  /** Only fees of these types; no meaning for credits. */
  readonly feeTypes?: readonly string[];
  /** Only those of these libraries. */
  readonly owners?: readonly string[];
};

/** What "all that is eligible" covers: fees, credits, or both. */
export type EligibleSelection = {
  /** The conditions for fees; no fee is taken if left out. */
  readonly fees?: Eligibility;
  /** The conditions for credits; no credit is taken if left out. */
  readonly credits?: Eligibility;
};

/**
 * Hand fees and credits to an external billing system: named ones, or all that are eligible. Credits reserved for a
 * fee are applied first, so that only what is owed goes out. Disputed fees never do.
 *
 * Refused: {@link DestinationUnknown}, {@link FeeNotFound}, {@link FeeIsDisputed}, {@link NothingOwed},
 * {@link TransferExceedsOwed}, {@link CreditNotFound}, {@link CreditPurposeForbids}, {@link CreditUsedUp},
 * {@link AmountExceedsCredit}, {@link NothingToTransfer}.
 *
 * @events {@link FeeTransferred}, {@link CreditTransferred}; {@link CreditApplied} for reserved credits.
 */
export type TransferFees = CommandBase & {
  /** The command's name. */
  readonly type: 'TransferFees';
  /** The fees, each once. */
  readonly fees?: readonly FeePart[];
  /** The credits, each once; their purpose must be `refundable` or `external`. */
  readonly credits?: readonly CreditChoice[];
  /** All that is eligible; excludes `fees` and `credits`. */
  readonly eligible?: EligibleSelection;
  /** An external system of the policy. */
  readonly destination?: string;
  /** Whether the external system reports payment; the policy's rule if left out. */
  readonly expectsSettlement?: boolean;
  /** The external system's reference. */
  readonly externalReference?: string;
};

/**
 * The external system reports payment of a transfer. On a fee, more than is pending becomes a refundable credit.
 *
 * Refused: {@link TransferNotFound}, {@link TransferNotPending}, {@link SettlementExceedsPending}.
 *
 * @events {@link TransferSettled}; {@link CreditIssued} for more than was pending.
 */
export type SettleTransfer = CommandBase & {
  /** The command's name. */
  readonly type: 'SettleTransfer';
  /** The transfer. */
  readonly transferId: string;
  /** What was paid there, a decimal string. */
  readonly amount: string;
  /** The external system's reference. */
  readonly externalReference?: string;
};

/**
 * Undo a settlement, whole or in part: the payment bounced there, or the wrong file was read. Its surplus credit is
 * withdrawn first; the rest is pending again.
 *
 * Refused: {@link SettlementNotFound}, {@link AlreadyUndone}, {@link ReversalExceedsSettlement}, {@link CreditInUse} (the
 * surplus credit is used: undo that first, or name a fee for the shortfall), {@link IdAlreadyUsed},
 * {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeOwnerMissing}.
 *
 * @events {@link SettlementReversed}; {@link FeeAssessed} for a shortfall.
 */
export type ReverseSettlement = CommandBase & {
  /** The command's name. */
  readonly type: 'ReverseSettlement';
  /** The settlement. */
  readonly settlementId: string;
  /** The part, a decimal string; all that was not reversed yet if left out. */
  readonly amount?: string;
  /** Where to charge what was used of the surplus credit; without it such a reversal is refused. */
  readonly shortfallFee?: ShortfallFee;
  /** The external system's reference. */
  readonly externalReference?: string;
};

/**
 * The external system hands a transfer back, whole or a part: it is owed here again, less what external credits of the
 * fee had reversed already; these are used up by it.
 *
 * Refused: {@link TransferNotFound}, {@link NothingToRecall}, {@link RecallExceedsTransfer},
 * {@link ReversalAlreadySent}.
 *
 * @events {@link TransferRecalled}.
 */
export type RecallTransfer = CommandBase & {
  /** The command's name. */
  readonly type: 'RecallTransfer';
  /** The transfer. */
  readonly transferId: string;
  /** The part, a decimal string; all that was neither settled nor recalled if left out. */
  readonly amount?: string;
};
