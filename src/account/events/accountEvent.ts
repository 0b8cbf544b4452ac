import type { Recorded } from '../circumstances.js';
import type { Instalment } from '../paymentPlan.js';
import type { PlanEndCause } from '../records.js';
import type {
  CreditApplicationReversed,
  CreditApplied,
  CreditCancelled,
  CreditIssued,
  CreditRefunded,
  LostItemCreditIssued,
  RefundReversed,
} from './creditEvents.js';
import type {
  AccrualEnded,
  DisputeResolved,
  FeeAssessed,
  FeeCancelled,
  FeeDisputed,
  FeeIncreased,
  FeeWaived,
  LostItemReturned,
  WaiverReversed,
} from './feeEvents.js';
import type { PaymentReceived, PaymentReversed } from './paymentEvents.js';
import type {
  CreditTransferred,
  FeeTransferred,
  SettlementReversed,
  TransferRecalled,
  TransferSettled,
} from './transferEvents.js';

/**
 * Anything that can happen in a patron account.
 *
 * These shapes are the storage format. Every later release must be able to fold the events of every earlier one.
 */
export type AccountEvent =
  | FeeAssessed
  | FeeIncreased
  | AccrualEnded
  | PaymentReceived
  | FeeWaived
  | LostItemCreditIssued
  | LostItemReturned
  | FeeTransferred
  | FeeDisputed
  | DisputeResolved
  | CreditIssued
  | CreditApplied
  | CreditRefunded
  | CreditTransferred
  | TransferSettled
  | SettlementReversed
  | TransferRecalled
  | FeeCancelled
  | PaymentReversed
  | WaiverReversed
  | CreditApplicationReversed
  | RefundReversed
  | CreditCancelled
  | PaymentPlanAgreed
  | PaymentPlanEnded
  | AccountMerged
  | AccountJoined
  | AccountSeparated
  | AccountPurged;

/** The name of an event: see {@link AccountEvent} for what each one records. */
export type AccountEventType = AccountEvent['type'];

/** The event type with the given name. */
export type EventOf<Type extends AccountEventType> = Extract<AccountEvent, { type: Type }>;

/** The ids of rows and records in the data of an event of any type. */
export type EventIds = {
  readonly [Key in
    | 'feeId'
    | 'creditId'
    | 'paymentId'
    | 'waiverId'
    | 'transferId'
    | 'settlementId'
    | 'applicationId'
    | 'refundId'
    | 'planId'
    | 'mergeId'
    | 'disputeId']?: string;
} & {
  readonly feeIds?: readonly string[];
  readonly allocations?: readonly { readonly feeId: string }[];
  readonly setOff?: readonly { readonly creditId: string }[];
  readonly overpayment?: { readonly creditId: string };
  readonly surplus?: { readonly creditId: string };
  readonly shortfall?: { readonly feeId: string; readonly creditId?: string };
};

/**
 * This account was merged into another account of the same patron. It keeps its fees, credits and payments, which are
 * still paid, waived, settled and undone here; new fees, credits and plans go to the other account. Moves no money.
 */
export type AccountMerged = Recorded<
  'AccountMerged',
  {
    /** The merge's id, unique in both accounts. */
    readonly mergeId: string;
    /** The patron id of the account that it was merged into, at the same institution. */
    readonly into: string;
  }
>;

/** Another account of the same patron was merged into this one. Moves no money. */
export type AccountJoined = Recorded<
  'AccountJoined',
  {
    /** The merge's id, as in `AccountMerged`. */
    readonly mergeId: string;
    /** The patron id of the account that was merged, at the same institution. */
    readonly from: string;
  }
>;

/** A merge was undone. Recorded in both accounts. Moves no money. */
export type AccountSeparated = Recorded<
  'AccountSeparated',
  {
    /** The merge that was undone. */
    readonly mergeId: string;
  }
>;

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

/**
 * The patron and the library agreed that fees are paid in instalments. Moves no money: the paid amount of a plan is the
 * decrease of what is owed on its fees since then.
 */
export type PaymentPlanAgreed = Recorded<
  'PaymentPlanAgreed',
  {
    /** The plan's id, unique in the account. */
    readonly planId: string;
    /** The fees that it is about, each once. */
    readonly feeIds: readonly string[];
    /** ISO 4217 code of the instalments. */
    readonly currency: string;
    /** The instalments, by date; they add up to what was owed on the fees. */
    readonly instalments: readonly Instalment[];
  }
>;

/** A person ended a payment plan on which something was still owed. Its fees can be transferred again. */
export type PaymentPlanEnded = Recorded<
  'PaymentPlanEnded',
  {
    /** The plan. */
    readonly planId: string;
    /** Why it ended. */
    readonly cause: PlanEndCause;
  }
>;
