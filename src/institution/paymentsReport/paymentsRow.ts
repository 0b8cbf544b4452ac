/**
 * Money that passed a till. Amounts are decimal strings: `net` is negative where more went out than came in, the others
 * never are.
 */
export type PaymentsFigures = {
  /**
   * How many payments came in. Each counts once: where owner or fee type tell the parts of a payment apart, in the row of
   * the first fee that it was allocated to. So the rows of any grouping add up to the number of payments. Reversals and
   * refunds are not taken off.
   */
  readonly payments: number;
  /** What was paid. */
  readonly gross: string;
  /** What was reversed of payments, of that day or of earlier ones. */
  readonly reversed: string;
  /** What was refunded of credits. */
  readonly refunded: string;
  /** What came back of refunds. */
  readonly refundsReversed: string;
  /** What is left of it: gross - reversed - refunded + refundsReversed. */
  readonly net: string;
};

/** One line of a payments report: the columns that were asked for, and the figures. */
export type PaymentsRow = PaymentsFigures & {
  /** The library's calendar day, `YYYY-MM-DD`. */
  readonly day?: string;
  /** The library where it was taken or given back; null where no library was told. */
  readonly library?: string | null;
  /** The desk; null where it was at none, as online. */
  readonly desk?: string | null;
  /** The channel it came through; null where none was told. */
  readonly channel?: string | null;
  /** The user who took it or gave it back; null where none was told. */
  readonly user?: string | null;
  /** The payment method's code. */
  readonly method?: string;
  /** The library that owns the fee or owes the credit; null for none in particular. */
  readonly owner?: string | null;
  /** The type of the fee; null for what was paid above what was owed, and for credits of no fee. */
  readonly feeType?: string | null;
};
