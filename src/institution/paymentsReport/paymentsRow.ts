/**
 * Money that passed a till. Amounts are decimal strings: `net` is negative if more was paid out than received; the
 * others are never negative.
 */
export type PaymentsFigures = {
  /**
   * The number of payments received. Each counts once: if the payment is split by owner or fee type, in the row of the
   * first fee it was allocated to. So the rows of any grouping sum to the number of payments. Reversals and refunds are
   * not subtracted.
   */
  readonly payments: number;
  /** The sum of the payments. */
  readonly gross: string;
  /** The sum of reversed payments, of the same day or of earlier ones. */
  readonly reversed: string;
  /** The sum of refunded credits. */
  readonly refunded: string;
  /** The sum of reversed refunds. */
  readonly refundsReversed: string;
  /** The net amount: gross - reversed - refunded + refundsReversed. */
  readonly net: string;
};

/** One row of a payments report: its columns and figures. */
export type PaymentsRow = PaymentsFigures & {
  /** The library's calendar day, `YYYY-MM-DD`. */
  readonly day?: string;
  /** The library where the money was received or paid out; null if unknown. */
  readonly library?: string | null;
  /** The desk; null without one, as online. */
  readonly desk?: string | null;
  /** The channel; null if unknown. */
  readonly channel?: string | null;
  /** The user who received it or paid it out; null if unknown. */
  readonly user?: string | null;
  /** The payment method's code. */
  readonly method?: string;
  /** The library that owns the fee or owes the credit; null without one. */
  readonly owner?: string | null;
  /** The type of the fee; null for overpayments, and for credits without a fee. */
  readonly feeType?: string | null;
};
