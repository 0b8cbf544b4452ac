/** An institution's rule for one fee type. */
export type FeeTypeRule = {
  /** What a person sees, e.g. `"Overdue fine"`. */
  readonly label: string;
  /** Whether staff at a desk may charge it. */
  readonly manual: boolean;
  /** Whether a fee of this type may be waived. */
  readonly waiveable: boolean;
  /** Whether it is charged for a lost item; a waiver then becomes a credit, and the item can be returned. */
  readonly lostItem: boolean;
  /** How much of a lost-item fee is refunded if the item returns, in percent (0 to 100, decimals are fine). */
  readonly refundPercent: number;
  /** Whether new fees of this type are refused; existing ones are paid, waived and undone as before. */
  readonly retired?: boolean;
  /** The rate of the value-added tax that amounts of this type include, in percent; absent or 0 without tax. */
  readonly vatPercent?: number;
  /** Whether staff must give a comment when they charge it. */
  readonly commentRequired?: boolean;
  /** The amount that a screen proposes for a new fee of this type, a decimal string; absent for none. */
  readonly defaultAmount?: string;
  /** Whether a patron may pay it online; absent if the patron may. */
  readonly payableOnline?: boolean;
};

/** The kind of a waiving reason: the debt is forgiven (`waiver`) or given up as a loss (`writeOff`). */
export type WaiveReasonKind = 'waiver' | 'writeOff';

/** A reason for waiving fees. */
export type WaiveReason = {
  /** What a person sees, e.g. `"Grace period"`. */
  readonly label: string;
  /** Whether waivers for this reason are waivers or write-offs. Their events record it, and the journal shows it. */
  readonly kind: WaiveReasonKind;
  /** Whether a waiver for this reason needs a comment. */
  readonly commentRequired?: boolean;
};

/**
 * How far the time of a command (`at`) may be from the present time, which the caller gives as `now`. An earlier time
 * is refused with {@link TooFarBack}, a time more than 15 minutes ahead with {@link InTheFuture}. The rule does not
 * apply to commands of the channels `job` and `import`, to payments, refunds and settlements that no member of staff
 * enters at a desk, and to what is recorded in the office without a desk: commands to tills and about remittances and
 * bank accounts, receipts and policies.
 */
export type Backdating = {
  /** How many days of 24 hours a command may lie in the past: 0 or more. */
  readonly days: number;
};

/** The least ages at which jobs may erase what is settled: see {@link jobs.runPurge | runPurge}. */
export type Retention = {
  /**
   * For how many days of 24 hours everything in an account must have been settled before it may be purged: 1 or more.
   */
  readonly purgeAfterDays?: number;
  /** For how many days of 24 hours a fee or credit must have been settled before its texts may be erased: 1 or more. */
  readonly eraseTextsAfterDays?: number;
};

/**
 * A limit on what a patron may owe before being blocked, for one user group.
 *
 * Systems differ in whether owing exactly the limit blocks (in Evergreen it does; in FOLIO, Koha and Alma only more
 * does), so the policy states it.
 */
export type BlockLimit = {
  /**
   * The amount owed at which or above which the patron is blocked, a decimal string; `"0.00"` blocks every patron who
   * owes anything.
   */
  readonly amount: string;
  /** Whether owing exactly the amount blocks. */
  readonly limitItselfBlocks: boolean;
  /** Fee types that do not count for this limit. */
  readonly excludedFeeTypes: readonly string[];
  /** Whether fees of a payment plan do not count while the patron is not behind with the plan. */
  readonly excusesPaymentPlans: boolean;
};

/** The minimum that makes a fee or credit eligible for transfer. */
export type TransferMinimum = {
  /**
   * The smallest amount that is transferred: what is owed on a fee, or the unused part of a credit. A decimal string;
   * no minimum if left out.
   */
  readonly minimumAmount?: string;
  /**
   * The minimum age in days of 24 hours, to the command's `at`: of a fee from its assessment, of a growing fine from
   * the end of its growth, of a credit from its issue. 0 if left out.
   */
  readonly minimumAgeDays?: number;
};

/** How fees and credits go to an external billing system. */
export type TransferRule = {
  /** Whether the external system reports payments back; transferred amounts are then pending until it does. */
  readonly expectsSettlement: boolean;
  /** The minimum for fees. */
  readonly fees: TransferMinimum;
  /** The minimum for credits. */
  readonly credits: TransferMinimum;
};
