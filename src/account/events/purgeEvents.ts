import type { Recorded } from '../circumstances.js';

/** What the removed events of a month posted to one ledger account, netted. */
export type PurgedTotal = {
  /** The month in which they were recorded, `YYYY-MM`, in the library's time zone. */
  readonly month: string;
  /** The ledger account: its kind, such as `cash`, followed by its codes. */
  readonly account: readonly string[];
  /** The side of the amount. */
  readonly side: 'debit' | 'credit';
  /** The amount, a decimal string above 0. */
  readonly amount: string;
  /** The desk at which money was taken or paid out; only of the kind `cash`, and if the removed events had one. */
  readonly desk?: string;
  /** The tax rate of the fees, in percent; left out without tax. */
  readonly vatPercent?: number;
};

/**
 * The events of the account were removed for ever, because it was settled and the legal period is over. The account is
 * empty after it, and what was posted to the ledger stays as totals. It is the first event that is left of a stream, at
 * the version after the last removed one.
 */
export type AccountPurged = Recorded<
  'AccountPurged',
  {
    /** The purge's id. */
    readonly purgeId: string;
    /** The number of removed events: the version of the last one. */
    readonly events: number;
    /** The age that was applied: for how many days everything had been settled; events of early versions lack it. */
    readonly afterDays?: number;
    /** ISO 4217 code of all amounts. */
    readonly currency: string;
    /** The totals of each month and ledger account. Debits and credits of a month have the same sum. */
    readonly totals: readonly PurgedTotal[];
  }
>;
