import type { Allocation, CreditPart, Recorded } from '../circumstances.js';

/** The part of an overpayment or surplus credit that a reversal withdraws. */
export type WithdrawnCredit = {
  /** The credit. */
  readonly creditId: string;
  /** The unused amount that was withdrawn, a decimal string; zero if only a cancelled amount was withdrawn. */
  readonly amount: string;
  /**
   * The amount that CancelCredit had cancelled before, a decimal string. It was never paid out, and now counts as
   * withdrawn instead of cancelled.
   */
  readonly cancelled?: string;
};

/** The part of an overpayment or surplus credit that was already used at the time of the reversal. */
export type Shortfall = {
  /** The new fee that the shortfall was charged to. */
  readonly feeId: string;
  /** The amount of the shortfall, a decimal string. */
  readonly amount: string;
  /** The overpayment or surplus credit. If its use is undone later, the unused amount is applied to the fee. */
  readonly creditId: string;
};

/** The patron made a payment. The sum of allocations and overpayment equals the amount. */
export type PaymentReceived = Recorded<
  'PaymentReceived',
  {
    /** The payment's id, unique in the account. */
    readonly paymentId: string;
    /** The amount paid, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The code of the payment method, e.g. `CASH`. */
    readonly method: string;
    /** The amount paid towards each fee; each fee appears once. Empty if nothing was owed. */
    readonly allocations: readonly Allocation[];
    /** The amount paid above what was owed, which became a `refundable` credit with this id. */
    readonly overpayment?: CreditPart;
    /** The payment provider's transaction id; the parts of one transaction share it. */
    readonly externalTransactionId?: string;
    /** The fees named by the payer, each once; empty if none. Present only with an external transaction id. */
    readonly feesNamed?: readonly string[];
    /** What the whole transaction pays in this account, as this part said: a decimal string, at least the amount. */
    readonly externalTransactionTotal?: string;
    /** `rest`: the payer said that this is other money than the parts that name fees. It names no fees itself. */
    readonly part?: 'rest';
    /** A reference of the caller's choice, e.g. a cheque number. */
    readonly reference?: string;
  }
>;

/**
 * Part or all of a payment was undone: a bounced cheque, the wrong patron, money handed back. The sum of allocations,
 * overpayment (its unused and its cancelled amount) and shortfall equals the amount.
 */
export type PaymentReversed = Recorded<
  'PaymentReversed',
  {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The payment that was undone. */
    readonly paymentId: string;
    /** The amount undone, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The amount by which each fee is owed again. */
    readonly allocations: readonly Allocation[];
    /** What was withdrawn from the payment's overpayment credit. Its amount leaves out what had been cancelled. */
    readonly overpayment?: WithdrawnCredit;
    /** The used part of the overpayment credit: charged to this new fee, where it counts as given back. */
    readonly shortfall?: Shortfall;
    /** The code of the payment method by which the money went back. */
    readonly method: string;
    /** The payment provider's id of the refund or chargeback. */
    readonly externalTransactionId?: string;
    /** What the provider's whole refund pays back in this account: a decimal string, at least the amount. */
    readonly externalTransactionTotal?: string;
  }
>;
