/** What the external system reports of one transfer. */
export type SettlementRow = {
  /** The reference that the export wrote; see {@link bursarReference}. */
  readonly reference: string;
  /** What was paid there, a decimal string; negative for a credit that was given there. */
  readonly amount: string;
  /**
   * The external system's own name for this payment. A payment with one is recognised in whatever file and job it
   * comes again; the payment of several transfers may have one name.
   */
  readonly paymentReference?: string;
  /** ISO 4217 code, if the external system says it; must be the policy's then. */
  readonly currency?: string;
};

/** What was wrong: what would have been right, and what was there. */
export type Misread = {
  /** The field, if one is meant. */
  readonly path?: string;
  /** What would have been right, in words. */
  readonly expected: string;
  /** What was there instead. */
  readonly found: string;
};

/**
 * What was read at a place of a file or list: a row, as far as it has what a row needs; a row that cannot be read; or
 * the end of a file that is broken from there on.
 */
export type SettlementReading = {
  /** The line of the file where it ends; null for a list. */
  readonly line: number | null;
} & ({ readonly row: unknown } | { readonly misread: Misread } | { readonly broken: Misread });
