import type { Actor } from './circumstances.js';

/** The kinds of transactions on a fee or a credit. */
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
  /** The code of the payment method; null if no money moved. */
  readonly method: string | null;
  /**
   * A related id or code: the applied or issued credit, the external system's reference, a dispute's outcome, or why a
   * fine stopped growing.
   */
  readonly reference: string | null;
};
