import type { RecordedActor } from './circumstances.js';

/** A part of a payment that went to one fee, in integer minor units. */
export type PaymentAllocation = {
  /** The fee that was paid. */
  readonly feeId: string;
  /** The amount paid towards it. */
  readonly amount: number;
  /** The part of that amount that was reversed. */
  readonly reversed: number;
};

/** The part of a payment above what was owed, in integer minor units. */
export type OverpaidPart = {
  /** The credit that it became. */
  readonly creditId: string;
  /** The amount above what was owed. */
  readonly amount: number;
  /** The part of that amount that was reversed. */
  readonly reversed: number;
};

/** One reversal of a payment, in full or in part. All amounts are integer minor units; absent details are null. */
export type PaymentReversal = {
  /** The reversal's id. */
  readonly reversalId: string;
  /** The amount reversed. */
  readonly amount: number;
  /** The code of the payment method by which the money went back. */
  readonly method: string;
  /** The payment provider's id of the refund or chargeback. */
  readonly externalTransactionId: string | null;
  /** What the provider's whole refund pays back in this account. */
  readonly externalTransactionTotal: number | null;
};

/** One payment and its allocations. All amounts are integer minor units; absent details are null. */
export type Payment = {
  /** The payment's id. */
  readonly paymentId: string;
  /** The amount paid. */
  readonly amount: number;
  /** The code of the payment method. */
  readonly method: string;
  /** When it was paid: ISO 8601 with a zone. */
  readonly at: string;
  /** Who recorded it. */
  readonly by: RecordedActor | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** The amount paid towards each fee. */
  readonly allocations: readonly PaymentAllocation[];
  /** The credit for the amount above what was owed, and the part of it that was reversed. */
  readonly overpayment: OverpaidPart | null;
  /** The payment provider's transaction id. */
  readonly externalTransactionId: string | null;
  /** The fees that the payer named with an external transaction id; empty if none. */
  readonly feesNamed: readonly string[];
  /** What the whole transaction pays in this account, as this part said; null if it did not say. */
  readonly externalTransactionTotal: number | null;
  /** `rest`: the payer said that this is other money than the parts that name fees; null if it did not say. */
  readonly part: 'rest' | null;
  /** A reference of the caller's choice, e.g. a cheque number. */
  readonly reference: string | null;
  /** Its reversals, in stream order. */
  readonly reversals: readonly PaymentReversal[];
};

/** One waiver that reduced what is owed. */
export type Waiver = {
  /** The waiver's id. */
  readonly waiverId: string;
  /** The waived fee. */
  readonly feeId: string;
  /** The amount forgiven, in integer minor units. */
  readonly amount: number;
  /** Whether it is a write-off: the debt was given up, not forgiven. */
  readonly writeOff: boolean;
  /** Whether it was undone. */
  readonly reversed: boolean;
};

/** One transfer of a fee or of a credit. All amounts are integer minor units; absent details are null. */
export type Transfer = {
  /** The transfer's id. */
  readonly transferId: string;
  /** Groups the transfers of one command. */
  readonly batchId: string | null;
  /** The transferred fee; null for a credit. */
  readonly feeId: string | null;
  /** The transferred credit; null for a fee. */
  readonly creditId: string | null;
  /** The amount transferred. */
  readonly amount: number;
  /** The amount that the external system reported as paid. */
  readonly settled: number;
  /** The amount that the external system handed back. */
  readonly recalled: number;
  /** Whether the external system reports payment. */
  readonly expectsSettlement: boolean;
  /** The code of the external billing system. */
  readonly destination: string | null;
  /** The external system's reference. */
  readonly externalReference: string | null;
  /** When it was transferred: ISO 8601 with a zone. */
  readonly at: string;
};

/** One settlement: an external system's report that a transfer was paid. All amounts are integer minor units. */
export type Settlement = {
  /** The settlement's id. */
  readonly settlementId: string;
  /** The transfer that was paid. */
  readonly transferId: string;
  /** The amount that was no longer pending. */
  readonly amount: number;
  /** The part of that amount that was reversed and is pending again. */
  readonly reversed: number;
  /** The credit for the amount above what was pending, and the part of it that was reversed. */
  readonly surplus: OverpaidPart | null;
};

/** A part of a credit that paid a fee, in integer minor units. */
export type AppliedPart = {
  /** The fee that was paid. */
  readonly feeId: string;
  /** The amount. */
  readonly amount: number;
  /** Whether it was undone. */
  readonly reversed: boolean;
};

/** One use of a credit to pay fees. */
export type CreditApplication = {
  /** The application's id. */
  readonly applicationId: string;
  /** The credit. */
  readonly creditId: string;
  /** The amount applied to each fee, in integer minor units. */
  readonly allocations: readonly AppliedPart[];
};

/** One refund of a credit. Absent details are null. */
export type Refund = {
  /** The refund's id. */
  readonly refundId: string;
  /** The credit. */
  readonly creditId: string;
  /** The amount paid out, in integer minor units. */
  readonly amount: number;
  /** The code of the payment method. */
  readonly method: string;
  /** When it was paid out: ISO 8601 with a zone. */
  readonly at: string;
  /** The payment provider's id of the refund. */
  readonly externalTransactionId: string | null;
  /** What the provider's whole refund pays back in this account. */
  readonly externalTransactionTotal: number | null;
  /** A reference of the caller's choice. */
  readonly reference: string | null;
  /** Whether it was undone. */
  readonly reversed: boolean;
};

/** The reasons why a payment plan ended before everything was paid. */
export const planEndCauses = ['cancelled', 'defaulted'] as const;

/**
 * Why a payment plan ended before everything was paid.
 *
 * - `cancelled`: it was called off; what is owed on its fees is unchanged.
 * - `defaulted`: the patron did not pay as agreed.
 */
export type PlanEndCause = (typeof planEndCauses)[number];

/** One instalment of a payment plan, in integer minor units. */
export type PlanInstalment = {
  /** The last day for paying it, a local date of the library, `YYYY-MM-DD`. */
  readonly dueOn: string;
  /** The amount. */
  readonly amount: number;
};

/**
 * An agreement to pay fees in instalments. It moves no money: what was paid for it is the decrease of what is owed on
 * its fees. Absent details are null.
 */
export type PaymentPlan = {
  /** The plan's id. */
  readonly planId: string;
  /** The fees that it is about. */
  readonly feeIds: readonly string[];
  /** The instalments, by date; their sum was owed on the fees when the plan was agreed. */
  readonly instalments: readonly PlanInstalment[];
  /** When it was agreed: ISO 8601 with a zone. */
  readonly agreedAt: string;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** When a person ended it, ISO 8601 with a zone; null if nobody did. */
  readonly endedAt: string | null;
  /** Why it was ended. */
  readonly endCause: PlanEndCause | null;
};

/** Returns the pending amount of a transfer: 0 if no settlement is expected. */
export function transferPendingOf(transfer: Transfer): number {
  return transfer.expectsSettlement ? transfer.amount - transfer.settled - transfer.recalled : 0;
}

/** Returns the parts of a credit's use that were not undone. */
export function unreversedParts({
  allocations,
}: Pick<CreditApplication, 'allocations'>): readonly AppliedPart[] {
  return allocations.filter(({ reversed }) => !reversed);
}

/** Returns the reversed amount of a payment, in minor units. */
export function reversedOf(payment: Payment): number {
  const overpayment = payment.overpayment === null ? 0 : payment.overpayment.reversed;
  return payment.allocations.reduce((total, { reversed }) => total + reversed, overpayment);
}

/** Returns the reversed amount of a settlement including its surplus, in minor units. */
export function settlementReversedOf(settlement: Settlement): number {
  return settlement.reversed + (settlement.surplus?.reversed ?? 0);
}

/** One side of a merge of two accounts of one patron. */
export type Merge = {
  /** The merge's id, the same in both accounts. */
  readonly mergeId: string;
  /** `into`: this account was merged into the other one. `from`: the other account was merged into this one. */
  readonly direction: 'into' | 'from';
  /** The patron id of the other account. */
  readonly patronId: string;
  /** When the accounts were merged: ISO 8601 with a zone. */
  readonly mergedAt: string;
  /** When the merge was undone, ISO 8601 with a zone; null while it is in force. */
  readonly separatedAt: string | null;
};
