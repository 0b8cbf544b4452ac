import type { Actor } from './circumstances.js';

/** A part of a payment that went to one fee, in integer minor units. */
export type PaymentAllocation = {
  /** The fee. */
  readonly feeId: string;
  /** The part that went to it. */
  readonly amount: number;
  /** What of that part was reversed. */
  readonly reversed: number;
};

/** The part of a payment that was above what was owed, in integer minor units. */
export type OverpaidPart = {
  /** The credit that it became. */
  readonly creditId: string;
  /** The part. */
  readonly amount: number;
  /** What of that part was reversed. */
  readonly reversed: number;
};

/** One payment, with where its money went. All amounts are integer minor units; absent details are null. */
export type Payment = {
  /** The payment's id. */
  readonly paymentId: string;
  /** What was paid. */
  readonly amount: number;
  /** The method's code. */
  readonly method: string;
  /** When it was paid. */
  readonly at: string;
  /** Who took it. */
  readonly by: Actor | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** Which part went to which fee. */
  readonly allocations: readonly PaymentAllocation[];
  /** The credit that the part above what was owed became, that part, and what of it was reversed. */
  readonly overpayment: OverpaidPart | null;
  /** The id that the payment provider gave. */
  readonly externalTransactionId: string | null;
  /** The fees that the payer named beside an external transaction; empty if none. */
  readonly feesNamed: readonly string[];
  /** A reference of the caller's choice, e.g. a cheque number. */
  readonly reference: string | null;
};

/** One waiver that reduced what is owed. */
export type Waiver = {
  /** The waiver's id. */
  readonly waiverId: string;
  /** The fee. */
  readonly feeId: string;
  /** What was forgiven, in integer minor units. */
  readonly amount: number;
  /** Whether it was undone. */
  readonly reversed: boolean;
};

/** One transfer of a fee or of a credit. All amounts are integer minor units; absent details are null. */
export type Transfer = {
  /** The transfer's id. */
  readonly transferId: string;
  /** What groups the transfers of one command. */
  readonly batchId: string | null;
  /** The fee, if a fee was handed over. */
  readonly feeId: string | null;
  /** The credit, if a credit was handed over. */
  readonly creditId: string | null;
  /** What was handed over. */
  readonly amount: number;
  /** What the external system reported as paid. */
  readonly settled: number;
  /** What was handed back. */
  readonly recalled: number;
  /** Whether the external system reports payment. */
  readonly expectsSettlement: boolean;
  /** The external system's code. */
  readonly destination: string | null;
  /** The external system's reference. */
  readonly externalReference: string | null;
  /** When it was handed over. */
  readonly at: string;
};

/** One report of an external system that a transfer was paid. All amounts are integer minor units. */
export type Settlement = {
  /** The settlement's id. */
  readonly settlementId: string;
  /** The transfer. */
  readonly transferId: string;
  /** What was pending no more. */
  readonly amount: number;
  /** What of that amount was reversed: it is pending again. */
  readonly reversed: number;
  /** The credit that the part above what was pending became, that part, and what of it was reversed. */
  readonly surplus: OverpaidPart | null;
};

/** A part of a credit that settled a fee, in integer minor units. */
export type AppliedPart = {
  /** The fee. */
  readonly feeId: string;
  /** The part. */
  readonly amount: number;
  /** Whether it was undone. */
  readonly reversed: boolean;
};

/** One use of a credit. */
export type CreditApplication = {
  /** The application's id. */
  readonly applicationId: string;
  /** The credit. */
  readonly creditId: string;
  /** Which part went to which fee, in integer minor units. */
  readonly allocations: readonly AppliedPart[];
};

/** One refund. Absent details are null. */
export type Refund = {
  /** The refund's id. */
  readonly refundId: string;
  /** The credit. */
  readonly creditId: string;
  /** What was paid out, in integer minor units. */
  readonly amount: number;
  /** How: a payment method's code. */
  readonly method: string;
  /** When. */
  readonly at: string;
  /** The id that the payment provider gave. */
  readonly externalTransactionId: string | null;
  /** A reference of the caller's choice. */
  readonly reference: string | null;
  /** Whether it was undone. */
  readonly reversed: boolean;
};

/** What is still pending of a transfer: 0 where no settlement is expected. */
export function transferPendingOf(transfer: Transfer): number {
  return transfer.expectsSettlement ? transfer.amount - transfer.settled - transfer.recalled : 0;
}

/** The parts of a credit's use that were not undone. */
export function standingParts(application: CreditApplication): readonly AppliedPart[] {
  return application.allocations.filter(({ reversed }) => !reversed);
}

/** What of a payment has been reversed, in minor units. */
export function reversedOf(payment: Payment): number {
  const overpayment = payment.overpayment === null ? 0 : payment.overpayment.reversed;
  return payment.allocations.reduce((total, { reversed }) => total + reversed, overpayment);
}

/** What of a settlement has been reversed, its surplus included, in minor units. */
export function settlementReversedOf(settlement: Settlement): number {
  return settlement.reversed + (settlement.surplus?.reversed ?? 0);
}
