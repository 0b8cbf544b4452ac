/**
 * A limit on what a patron may owe before being blocked, for one user group.
 *
 * Peers differ in whether the limit itself blocks (FOLIO, Koha and Alma: only more than it; Evergreen: the limit too),
 * so it is said explicitly.
 */
export type BlockLimit = {
  /** The amount owed at which or above which the patron is blocked, a decimal string; `"0.00"` blocks whoever owes anything. */
  readonly amount: string;
  /** Whether owing exactly the amount blocks. */
  readonly limitItselfBlocks: boolean;
  /** Fee types that do not count. */
  readonly excludedFeeTypes: readonly string[];
};
