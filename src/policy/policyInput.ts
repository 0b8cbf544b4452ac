import type { NoticesInput } from './notices.js';
import type { OnlinePaymentsInput } from './onlinePayments.js';
import type { PaymentOrder } from './paymentOrder.js';
import type { Approvals, Duties, Permissions } from './permissions.js';
import type { Backdating, Retention, TransferMinimum, WaiveReasonKind } from './policyRules.js';

/** Input of {@link definePolicy} for a fee type: only the label is required. */
export type FeeTypeInput = {
  /** What a person sees, e.g. `"Overdue fine"`. */
  readonly label: string;
  /**
   * Whether staff at a desk may charge it.
   *
   * @defaultValue `true`
   */
  readonly manual?: boolean;
  /**
   * Whether a fee of this type may be waived.
   *
   * @defaultValue `true`
   */
  readonly waiveable?: boolean;
  /**
   * Whether it is charged for a lost item; a waiver then becomes a credit, and the item can be returned.
   *
   * @defaultValue `false`
   */
  readonly lostItem?: boolean;
  /**
   * How much of a lost-item fee is refunded if the item returns, in percent (0 to 100, decimals are fine). Must be 0
   * for a type that is not for lost items.
   *
   * @defaultValue `0`
   */
  readonly refundPercent?: number;
  /**
   * Whether new fees of this type are refused; existing ones are paid, waived and undone as before.
   *
   * @defaultValue `false`
   */
  readonly retired?: boolean;
  /**
   * The rate of the value-added tax that amounts of this type include, in percent: 0 to 100, at most 3 decimals. New
   * fees record it; existing ones keep theirs.
   *
   * @defaultValue `0`: no tax
   */
  readonly vatPercent?: number;
  /**
   * Whether staff must give a comment when they charge it, or charge it by hand.
   *
   * @defaultValue `false`
   */
  readonly commentRequired?: boolean;
  /**
   * The amount that a screen proposes for a new fee of this type, a decimal string. `AssessFee` always names its own.
   *
   * @defaultValue none
   */
  readonly defaultAmount?: string;
  /**
   * Whether a patron may pay it online.
   *
   * @defaultValue `true`
   */
  readonly payableOnline?: boolean;
};

/** Input of {@link definePolicy} for a waiving reason. */
export type WaiveReasonInput = {
  /** What a person sees, e.g. `"Debt given up"`. */
  readonly label: string;
  /**
   * `writeOff` if the debt is given up as a loss, not forgiven. The journal books write-offs separately.
   *
   * @defaultValue `"waiver"`
   */
  readonly kind?: WaiveReasonKind;
  /**
   * Whether a waiver for this reason needs a comment.
   *
   * @defaultValue `false`
   */
  readonly commentRequired?: boolean;
};

/** Input of {@link definePolicy} for a block limit: only the amount is required. */
export type BlockLimitInput = {
  /** The limit, a decimal string; `"0"` blocks every patron who owes anything. */
  readonly amount: string;
  /**
   * Whether a patron who owes exactly the amount is blocked. If false, only owing more blocks.
   *
   * @defaultValue `false`
   */
  readonly limitItselfBlocks?: boolean;
  /**
   * Fee types of this policy that do not count for the limit.
   *
   * @defaultValue none: every type counts
   */
  readonly excludedFeeTypes?: readonly string[];
  /**
   * Whether fees of a payment plan do not count while the patron is not behind with the plan. `blocks` then needs the
   * day, `on`.
   *
   * @defaultValue `false`
   */
  readonly excusesPaymentPlans?: boolean;
};

/** Input of {@link definePolicy} for transfers. */
export type TransferRuleInput = {
  /**
   * Whether the external system reports payments back; transferred amounts are then pending until it does.
   *
   * @defaultValue `false`
   */
  readonly expectsSettlement?: boolean;
  /**
   * The minimum that makes a fee eligible.
   *
   * @defaultValue no minimum
   */
  readonly fees?: TransferMinimum;
  /**
   * The minimum that makes a credit eligible.
   *
   * @defaultValue no minimum
   */
  readonly credits?: TransferMinimum;
};

/** Input of {@link definePolicy}: only the currency is required. A given table replaces the whole default table. */
export type FeePolicyInput = {
  /** ISO 4217 code of the currency that fees are charged in. */
  readonly currency: string;
  /**
   * Fee types by code.
   *
   * @defaultValue Alma's: {@link almaFeeTypes}
   */
  readonly feeTypes?: Readonly<Record<string, FeeTypeInput>>;
  /**
   * Labels of payment methods by code.
   *
   * @defaultValue Alma's: {@link almaPaymentMethods}
   */
  readonly paymentMethods?: Readonly<Record<string, string>>;
  /**
   * Waiving reasons by code, each a label, or a label and a kind; a waiver needs one of them.
   *
   * @defaultValue Alma's: {@link almaWaiveReasons}
   */
  readonly waiveReasons?: Readonly<Record<string, string | WaiveReasonInput>>;
  /**
   * Labels of reasons for a credit that staff issue, by code.
   *
   * @defaultValue `GOODWILL` and `OTHER`
   */
  readonly creditReasons?: Readonly<Record<string, string>>;
  /**
   * Labels of external billing systems by code.
   *
   * @defaultValue `BURSAR`
   */
  readonly destinations?: Readonly<Record<string, string>>;
  /**
   * Whether a payment above what is owed is refused, or the excess becomes a refundable credit.
   *
   * @defaultValue `"refuse"`
   */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * In which order a payment or a credit without allocations is spread over fees.
   *
   * @defaultValue `"oldest-first"`
   */
  readonly paymentOrder?: PaymentOrder;
  /**
   * How the unpaid part of a fee is treated if the lost item returns: `percent` treats it like the paid part; `all`
   * forgives it and applies the percentage to what was paid or transferred.
   *
   * @defaultValue `"percent"`
   */
  readonly unpaidOnReturn?: 'percent' | 'all';
  /**
   * How fees and credits go to an external billing system.
   *
   * @defaultValue no minimum, and no settlement expected
   */
  readonly transfers?: TransferRuleInput;
  /**
   * Limits on what a patron may owe before being blocked, by user group; `'*'` has the limits of all other groups. An
   * empty list means that the group has no limit.
   *
   * @defaultValue none
   */
  readonly blockLimits?: Readonly<Record<string, readonly BlockLimitInput[]>>;
  /**
   * The amount owed of a fee type at which its fines stop growing, by type, as decimal strings.
   *
   * @defaultValue none
   */
  readonly accrualLimits?: Readonly<Record<string, string>>;
  /**
   * Which roles of staff may give which command, and up to which amount. Once it is defined, staff may give no other
   * command. Patrons may only pay and dispute. Commands that the library system computes need no permission:
   * `AccrueFine`, `ReturnLostItem` and an automatic `AssessFee`.
   *
   * @defaultValue everybody may do everything: the caller decides
   */
  readonly permissions?: Permissions;
  /**
   * Commands of staff that need the approval of a second member of staff (`approvedBy`) above an amount, and the roles
   * that may approve them. The limits of roles apply too.
   *
   * @defaultValue none
   */
  readonly approvals?: Approvals;
  /**
   * Lists of types of commands, such as `[['AssessFee', 'WaiveFees']]`. For the same fee, credit, session of a till,
   * deposit or remittance, one user may give commands of only one type of a list.
   *
   * @defaultValue none: one user may give all, as in a library with one member of staff
   */
  readonly duties?: Duties;
  /**
   * How far back the time of a command may lie. Then it may not lie more than 15 minutes in the future either, and
   * `decide` needs the present time (`now`). The rule does not apply to commands of jobs and imports, which report what
   * happened earlier, nor to payments, refunds and settlements that no member of staff enters at a desk.
   *
   * @defaultValue any time
   */
  readonly backdating?: Backdating;
  /**
   * The least ages at which jobs may purge accounts and erase texts. A form of `runPurge` or `runRetention` with fewer
   * days (`settledForDays`) is refused with `INVALID_ARGUMENT`. A purge removes texts too, so both ages apply to it.
   *
   * @defaultValue any age that the form of the job has
   */
  readonly retention?: Retention;
  /**
   * How many days of 24 hours after its last transaction a refundable or goodwill credit may be forfeited
   * (`CancelCredit` with `forfeit`): 1 or more.
   *
   * @defaultValue no credit may be forfeited
   */
  readonly forfeitAfterDays?: number;
  /**
   * Whether a comment, a note or a reference may contain what looks like the number of a payment card.
   *
   * @defaultValue `"refused"`
   */
  readonly cardNumbers?: 'refused' | 'allowed';
  /**
   * How patrons pay online. If `false`, patrons pay nothing here, because another system collects: a `ReceivePayment`
   * of the channels `online` and `selfCheck` is refused with {@link OnlinePaymentsOff}.
   *
   * @defaultValue patrons can pay, by a program of your own
   */
  readonly onlinePayments?: OnlinePaymentsInput | false;
  /**
   * Which notices patrons get, and from when on: see {@link jobs.runNotices | runNotices}.
   *
   * @defaultValue none
   */
  readonly notices?: NoticesInput;
  /**
   * The payment methods whose takings the closing of a till has to declare: leave out those of a terminal that closes by
   * itself. What a closing does not declare of the others is found
   * ({@link office.TakingsFinding | TakingsFinding}).
   *
   * @defaultValue all
   */
  readonly tillMethods?: readonly string[];
  /**
   * Whether every payment at a desk has to have a numbered receipt: those without one are missing in a month that is
   * closed ({@link closing.MissingInMonth | MissingInMonth}).
   *
   * @defaultValue receipts are given on request
   */
  readonly receipts?: 'always';
  /**
   * Labels of what entries of a bank's own are for, such as fees and interest, and why a person ends money that the bank
   * will never have, such as a counterfeit note; by code. The journal has an account for each.
   *
   * @defaultValue none: no entry can be booked, and what is ended is over or short
   */
  readonly bankReasons?: Readonly<Record<string, string>>;
};
