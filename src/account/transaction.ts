import type { Actor } from './circumstances.js';

/** What happened to a fee or a credit. */
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
  | 'returned';

/** One line of what happened to a fee or a credit: what the "Remaining Balance" link shows. Absent details are null. */
export type Transaction = {
  /** What happened. */
  readonly kind: TransactionKind;
  /** The id of what happened: the payment, the waiver, the transfer. */
  readonly id: string;
  /** The amount in integer minor units; 0 where no amount is involved. */
  readonly amount: number;
  /** When it happened. */
  readonly at: string;
  /** Who did it. */
  readonly by: Actor | null;
  /** The reason's code. */
  readonly reason: string | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** The note that is never shown to patrons. */
  readonly staffNote: string | null;
  /** How money came or went, where money did: a payment method's code. */
  readonly method: string | null;
  /** What else is involved: the credit that was applied or issued, the external system's reference, a dispute's outcome, why a fine grows no more. */
  readonly reference: string | null;
};
