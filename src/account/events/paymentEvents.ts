import type { Allocation, Circumstances, CreditPart, EventMetadata } from '../circumstances.js';

/** What a reversed payment withdraws from its overpayment credit. */
export type WithdrawnCredit = {
  /** The credit. */
  readonly creditId: string;
  /** What was unused, a decimal string; zero when only a cancelled part was withdrawn. */
  readonly amount: string;
  /** What CancelCredit had taken before and nobody ever got, a decimal string: now withdrawn, no longer cancelled. */
  readonly cancelled?: string;
};

/** What of an overpayment credit had been used when its payment was reversed. */
export type Shortfall = {
  /** The new fee that it was charged to. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The overpayment credit. What becomes unused of it again is applied to the fee. */
  readonly creditId: string;
};

/** Money came in. Allocations and overpayment add up to the amount. */
export type PaymentReceived = {
  /** The event's name in storage. */
  readonly type: 'PaymentReceived';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The payment's id, unique in the account. */
    readonly paymentId: string;
    /** What was paid, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The method's code, e.g. `CASH`. */
    readonly method: string;
    /** Which part went to which fee, each fee once; empty when nothing was owed. */
    readonly allocations: readonly Allocation[];
    /** What was paid above what is owed: it became a `refundable` credit with this id. */
    readonly overpayment?: CreditPart;
    /** The id that the payment provider gave; unique per method in the account. */
    readonly externalTransactionId?: string;
    /** A free reference, e.g. a cheque number. */
    readonly reference?: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/**
 * Part or all of a payment was undone: a bounced cheque, the wrong patron, money handed back. Allocations, overpayment
 * and shortfall add up to the amount.
 */
export type PaymentReversed = {
  /** The event's name in storage. */
  readonly type: 'PaymentReversed';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The payment. */
    readonly paymentId: string;
    /** What was undone, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** By how much each fee is owed again. */
    readonly allocations: readonly Allocation[];
    /** What was withdrawn from the payment's overpayment credit. */
    readonly overpayment?: CreditPart;
    /** What of the overpayment credit had been used: charged to this new fee, and counted there as given back. */
    readonly shortfall?: Allocation;
    /** How the money went back. */
    readonly method: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};
