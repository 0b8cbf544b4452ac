/** The payment of one transfer, as the external system reports it. */
export type SettlementRow = {
  /** The reference that the export wrote; see {@link bursarReference}. */
  readonly reference: string;
  /** The paid amount, a decimal string; negative for a credit given out. */
  readonly amount: string;
  /**
   * The external system's reference for this payment. With it, the payment is recognized in any file and job. One
   * payment of several transfers may use the same reference for each.
   */
  readonly paymentReference?: string;
  /** ISO 4217 code, if the external system sends one. It must then be the policy's currency. */
  readonly currency?: string;
};

/** A fault: the expected and the actual value. */
export type Misread = {
  /** The field, if the fault is in one. */
  readonly path?: string;
  /** The expected value, in words. */
  readonly expected: string;
  /** The value found. */
  readonly found: string;
};

/**
 * One reading of a file or list: a row with its required fields, a row that cannot be read, or the point from which on
 * the file is broken.
 */
export type SettlementReading = {
  /** The line of the file where the row ends; null for a list. */
  readonly line: number | null;
} & ({ readonly row: unknown } | { readonly misread: Misread } | { readonly broken: Misread });
