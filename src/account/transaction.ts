import type { AccrualEndCause } from './accrual.js';
import type { CreditCause, RecordedActor } from './circumstances.js';
import type { DisputeOutcome } from './events/feeEvents.js';
import type { PlanEndCause } from './records.js';

/**
 * The kind of a transaction on a fee or a credit.
 *
 * - `assessed`: the fee was charged.
 * - `increased`, `decreased`: a growing fine was raised or lowered.
 * - `accrualEnded`: a fine stopped growing.
 * - `payment`, `paymentReversed`: money was paid for the fee; a payment was undone.
 * - `waiver`, `waiverReversed`: an amount was waived; a waiver was undone.
 * - `creditIssued`: a credit was given.
 * - `creditApplied`, `creditApplicationReversed`: a credit paid a fee; that was undone.
 * - `creditCancelled`: the unused amount of a credit was withdrawn by a person.
 * - `creditForfeited`: the same, because nobody fetched it.
 * - `creditWithdrawn`: the payment or the settlement that the credit came from was reversed.
 * - `cancelledCreditWithdrawn`: the same, for an amount that a cancellation had withdrawn before.
 * - `refund`, `refundReversed`: a credit was paid out; a refund was undone.
 * - `transfer`: it was sent to an external billing system.
 * - `settlement`, `settlementReversed`: the external system reported a payment; it was undone.
 * - `recall`: it came back from the external system.
 * - `cancellation`: the fee was cancelled, in whole or in part.
 * - `disputed`, `disputeResolved`: a dispute began; it ended.
 * - `returned`: the lost item was returned.
 * - `planAgreed`, `planEnded`: a payment plan began; it ended.
 */
export type TransactionKind =
  | 'assessed'
  | 'increased'
  | 'decreased'
  | 'accrualEnded'
  | 'payment'
  | 'paymentReversed'
  | 'waiver'
  | 'waiverReversed'
  | 'creditIssued'
  | 'creditApplied'
  | 'creditApplicationReversed'
  | 'creditCancelled'
  | 'creditForfeited'
  | 'creditWithdrawn'
  | 'cancelledCreditWithdrawn'
  | 'refund'
  | 'refundReversed'
  | 'transfer'
  | 'settlement'
  | 'settlementReversed'
  | 'recall'
  | 'cancellation'
  | 'disputed'
  | 'disputeResolved'
  | 'returned'
  | 'planAgreed'
  | 'planEnded';

/** One transaction on a fee or a credit: a line behind Alma's "Remaining Balance" link. Absent details are null. */
export type Transaction = {
  /** What happened. */
  readonly kind: TransactionKind;
  /** The id of the payment, the waiver, the transfer or the like. */
  readonly id: string;
  /** The amount in integer minor units; 0 if no amount is involved. */
  readonly amount: number;
  /** When it happened: ISO 8601 with a zone. */
  readonly at: string;
  /** Who did it. */
  readonly by: RecordedActor | null;
  /** The reason's code. */
  readonly reason: string | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** The note that is never shown to patrons. */
  readonly staffNote: string | null;
  /** The code of the payment method; null if no money moved. */
  readonly method: string | null;
  /** The ids and codes that it refers to. */
  readonly references: TransactionReferences;
};

/** Ids and codes that a transaction refers to. Those that do not apply are absent. */
export type TransactionReferences = {
  /** The fee that a credit was used for or comes from. */
  readonly feeId?: string;
  /** The credit that was issued, used or cancelled. */
  readonly creditId?: string;
  /** The payment that was reversed, or that an overpayment credit comes from. */
  readonly paymentId?: string;
  /** The waiver that was reversed. */
  readonly waiverId?: string;
  /** The refund that was reversed. */
  readonly refundId?: string;
  /** The settlement that was reversed. */
  readonly settlementId?: string;
  /** The transfer that was recalled. */
  readonly transferId?: string;
  /** The id shared by the transfers of one command. */
  readonly batchId?: string;
  /** The external billing system's code. */
  readonly destination?: string;
  /** The external billing system's reference. */
  readonly externalReference?: string;
  /** The payment provider's id. */
  readonly externalTransactionId?: string;
  /** A free reference, e.g. a cheque number. */
  readonly reference?: string;
  /** Why a credit was issued. */
  readonly cause?: CreditCause;
  /** Why a fine stopped growing. */
  readonly endCause?: AccrualEndCause;
  /** How a dispute ended. */
  readonly outcome?: DisputeOutcome;
  /** Why a payment plan was ended. */
  readonly planEndCause?: PlanEndCause;
};
