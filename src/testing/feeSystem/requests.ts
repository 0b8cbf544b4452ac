/** Charges a fee. */
export type AssessRequest = {
  /** The fee's id, which later requests refer to. */
  readonly id: string;
  /** A fee type of the policy. */
  readonly feeType: string;
  /** Whether the fee is charged for a lost item. */
  readonly lostItem: boolean;
  /** The part refunded when the lost item returns, in percent (0 to 100). */
  readonly refundPercent: number;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
};

/** Pays one or several fees. */
export type PayRequest = {
  /** The payment's id. A request with the same id is the same payment, as when a webhook is delivered twice. */
  readonly id: string;
  /** The amount paid, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /**
   * The fees it pays, each once, oldest first, in the policy's payment order. If one of them is disputed, the payment
   * is refused; under a policy that keeps overpayments the other fees are paid and the rest becomes a credit.
   */
  readonly feeIds: readonly string[];
};

/** Waives, transfers or cancels a fee or a part of it. */
export type FeeAmountRequest = {
  /** The id of the waiver, transfer or cancellation. */
  readonly id: string;
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** Disputes or restores a fee, or returns its lost item. */
export type FeeRequest = {
  /** The request's id. */
  readonly id: string;
  /** The fee. */
  readonly feeId: string;
};

/** Pays out refundable credits of all fees and payments, the oldest first. */
export type RefundRequest = {
  /** The refund's id. */
  readonly id: string;
  /** The amount to pay out, a decimal string. */
  readonly amount: string;
};

/**
 * Reverses a whole payment: a bounced cheque, the wrong patron. Refused if its overpayment has been used since. Unused
 * money that its fees already gave back is used first.
 */
export type ReversePaymentRequest = {
  /** The reversal's id. */
  readonly id: string;
  /** The payment. */
  readonly paymentId: string;
};

/** The request type of each function of a fee system. */
export type RequestsByName = {
  /** See {@link AssessRequest}. */
  readonly assess: AssessRequest;
  /** See {@link PayRequest}. */
  readonly pay: PayRequest;
  /** See {@link FeeAmountRequest}. */
  readonly waive: FeeAmountRequest;
  /** See {@link FeeRequest}. */
  readonly dispute: FeeRequest;
  /** See {@link FeeRequest}. */
  readonly restore: FeeRequest;
  /** See {@link FeeAmountRequest}. */
  readonly transfer: FeeAmountRequest;
  /** See {@link FeeRequest}. */
  readonly returnLostItem: FeeRequest;
  /** See {@link FeeAmountRequest}. */
  readonly cancel: FeeAmountRequest;
  /** See {@link RefundRequest}. */
  readonly refund: RefundRequest;
  /** See {@link ReversePaymentRequest}. */
  readonly reversePayment: ReversePaymentRequest;
};

/** The name of a request. */
export type RequestName = keyof RequestsByName;

/** A request with its name. */
export type NamedRequest = {
  [Name in RequestName]: { readonly name: Name; readonly request: RequestsByName[Name] };
}[RequestName];
