/** A fee is charged. */
export type AssessRequest = {
  /** The fee's id: what later requests call it. */
  readonly id: string;
  /** A fee type of the policy. */
  readonly feeType: string;
  /** Whether it is charged for a lost item. */
  readonly lostItem: boolean;
  /** What of it is given back when the lost item returns, in percent. */
  readonly refundPercent: number;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
};

/** Money comes in for one or several fees. */
export type PayRequest = {
  /** The payment's id. The same id again is the same payment, as when a webhook is delivered twice. */
  readonly id: string;
  /** What was paid, a decimal string. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /**
   * The fees it is for, each once, oldest first; spread over them by the policy's payment order. Where one of them is
   * disputed, all of it is refused; a policy that keeps overpayments pays the others, and the rest is the patron's.
   */
  readonly feeIds: readonly string[];
};

/** A part of a fee, or all of it, is waived, transferred, or cancelled as charged in error. */
export type FeeAmountRequest = {
  /** The id of the waiver, the transfer or the cancellation. */
  readonly id: string;
  /** The fee. */
  readonly feeId: string;
  /** The part, a decimal string. */
  readonly amount: string;
};

/** A fee is disputed or restored, or the lost item it was charged for comes back. */
export type FeeRequest = {
  /** The request's id. */
  readonly id: string;
  /** The fee. */
  readonly feeId: string;
};

/** Money that is the patron's is paid out: of what became the patron's first, whichever fee or payment it came from. */
export type RefundRequest = {
  /** The refund's id. */
  readonly id: string;
  /** How much, a decimal string. */
  readonly amount: string;
};

/**
 * A payment is undone, all of it: a bounced cheque, the wrong patron. Refused where what was paid too much with it has
 * been used since. Money that its fees gave back already is taken in again as far as it is unused.
 */
export type ReversePaymentRequest = {
  /** The reversal's id. */
  readonly id: string;
  /** The payment. */
  readonly paymentId: string;
};

/** Every request by the name of the function that takes it. */
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

/** A request and which one it is. */
export type NamedRequest = {
  [Name in RequestName]: { readonly name: Name; readonly request: RequestsByName[Name] };
}[RequestName];
