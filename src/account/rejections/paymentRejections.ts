/**
 * The payment provider's id was recorded before, and this is neither a repeat of a recorded part nor a further part: its
 * fees overlap with those of a recorded part, its amount differs, or that part was reversed since.
 */
export type ExternalTransactionAlreadyUsed = {
  /** The rejection's name. */
  readonly type: 'ExternalTransactionAlreadyUsed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The payment method. */
  readonly method: string;
  /** The provider's id. */
  readonly externalTransactionId: string;
  /** The recorded payment that stands in the way. */
  readonly paymentId: string;
  /** That payment's amount, a decimal string. */
  readonly recordedAmount: string;
  /** The amount that was refused, a decimal string. */
  readonly amount: string;
  /** The fees that the recorded payment named; empty if none. */
  readonly feesNamed: readonly string[];
  /** Whether the recorded payment was reversed whole since. To enter it again, give another external transaction id. */
  readonly reversed: boolean;
};

/** The payment does not exist in this account. */
export type PaymentNotFound = {
  /** The rejection's name. */
  readonly type: 'PaymentNotFound';
  /** What sort of refusal it is. */
  readonly kind: 'notFound';
  /** The id that was named. */
  readonly paymentId: string;
};

/** The policy has no such payment method. */
export type PaymentMethodUnknown = {
  /** The rejection's name. */
  readonly type: 'PaymentMethodUnknown';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** The method. */
  readonly method: string;
};

/** More was paid than is owed, and an overpayment is not to become a credit. */
export type PaymentExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'PaymentExceedsOwed';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The fee that cannot take its part; null when all that is meant cannot take the payment. */
  readonly feeId: string | null;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed, a decimal string. */
  readonly owed: string;
};

/** The allocations are more than the amount, or (where no overpayment is taken) less. */
export type AllocationsDoNotAddUp = {
  /** The rejection's name. */
  readonly type: 'AllocationsDoNotAddUp';
  /** What sort of refusal it is. */
  readonly kind: 'invalid';
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The sum of the allocations, a decimal string. */
  readonly allocated: string;
};

/** The reversal is more than what is left of the payment. */
export type ReversalExceedsPayment = {
  /** The rejection's name. */
  readonly type: 'ReversalExceedsPayment';
  /** What sort of refusal it is. */
  readonly kind: 'conflict';
  /** The payment. */
  readonly paymentId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What was not reversed yet, a decimal string. */
  readonly reversible: string;
};
