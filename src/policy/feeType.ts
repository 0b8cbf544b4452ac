/** An institution's rule for one fee type. */
export type FeeTypeRule = {
  /** What a person sees, e.g. `"Overdue fine"`. */
  readonly label: string;
  /** Whether staff at a desk may charge it by hand. */
  readonly manual: boolean;
  /** Whether a fee of this type may be waived. */
  readonly waiveable: boolean;
  /** Whether it is charged for a lost item; a waiver then becomes a credit, and the item can be returned. */
  readonly lostItem: boolean;
  /** How much of a lost-item fee is refunded if the item returns, in percent (0 to 100, decimals are fine). */
  readonly refundPercent: number;
  /** Whether new fees of this type are refused; existing ones are paid, waived and undone as before. */
  readonly retired?: boolean;
};
