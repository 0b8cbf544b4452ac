/**
 * A limit on what a patron may owe before being blocked, for one user group.
 *
 * Systems differ in whether owing exactly the limit blocks (in Evergreen it does; in FOLIO, Koha and Alma only more
 * does), so the policy states it.
 */
export type BlockLimit = {
  /** The amount owed at which or above which the patron is blocked, a decimal string; `"0.00"` blocks every patron who owes anything. */
  readonly amount: string;
  /** Whether owing exactly the amount blocks. */
  readonly limitItselfBlocks: boolean;
  /** Fee types that do not count for this limit. */
  readonly excludedFeeTypes: readonly string[];
};
