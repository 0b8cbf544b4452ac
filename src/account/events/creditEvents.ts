import type { Allocation, CreditPurpose, Item, Recorded } from '../circumstances.js';

/**
 * The patron received a credit for a lost-item fee. Either the fee was waived (the remaining amount is not reduced; the
 * waived amount becomes a credit), or the item was returned.
 */
export type LostItemCreditIssued = Recorded<
  'LostItemCreditIssued',
  {
    /** The credit's id, unique in the account. */
    readonly creditId: string;
    /** The lost-item fee. */
    readonly feeId: string;
    /** The credit's amount, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** Why the credit was issued: the fee was waived, or the item was returned. */
    readonly cause: 'waived' | 'returned';
    /** What the credit may be used for; the credit of a waiver is never `refundable`. */
    readonly purpose: 'setOff' | 'refundable' | 'external';
    /** The percentage applied when the item was returned, for display only. */
    readonly refundPercent?: number;
    /** True if the reason of the waiver is a write-off in the policy: the debt is given up, not forgiven. */
    readonly writeOff?: boolean;
  }
>;

/**
 * The patron received a credit that does not come from waiving or returning a lost item. Allowed combinations: `manual`
 * with `goodwill`; `imported` with `refundable` or `goodwill`; `cancelled` (of a fee) with `refundable` or `external`;
 * `waived` (of a fee) with `external`; `settlement` with `refundable`.
 */
export type CreditIssued = Recorded<
  'CreditIssued',
  {
    /** The credit's id, unique in the account. */
    readonly creditId: string;
    /** The credit's amount, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** Why the credit was issued. */
    readonly cause: 'manual' | 'imported' | 'cancelled' | 'waived' | 'settlement';
    /** What the credit may be used for. */
    readonly purpose: 'refundable' | 'external' | 'goodwill';
    /** The fee that the credit comes from: present with `cancelled` and `waived`, absent otherwise. */
    readonly feeId?: string;
    /** The library that owes the credit. */
    readonly owner?: string;
    /** The item that the credit is about. */
    readonly item?: Item;
    /** True for money given back because a fine decreased; only on `refundable` credits of the cause `cancelled`. */
    readonly accrual?: boolean;
    /** True if the reason of the waiver is a write-off in the policy: the debt is given up, not forgiven. */
    readonly writeOff?: boolean;
  }
>;

/** A credit was used to pay fees. */
export type CreditApplied = Recorded<
  'CreditApplied',
  {
    /** The application's id, unique in the account. */
    readonly applicationId: string;
    /** The credit. */
    readonly creditId: string;
    /** The amount applied to each fee; each fee appears once. */
    readonly allocations: readonly Allocation[];
    /** ISO 4217 code. */
    readonly currency: string;
  }
>;

/**
 * The use of a credit was undone, for all or some of its fees. These fees are owed again and the credit is unused
 * again. The amount applied to a fee is always undone in full.
 */
export type CreditApplicationReversed = Recorded<
  'CreditApplicationReversed',
  {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The application that was undone. */
    readonly applicationId: string;
    /** The credit. */
    readonly creditId: string;
    /** The amount by which each fee is owed again. */
    readonly allocations: readonly Allocation[];
    /** ISO 4217 code. */
    readonly currency: string;
  }
>;

/** A refundable credit was paid out. */
export type CreditRefunded = Recorded<
  'CreditRefunded',
  {
    /** The refund's id, unique in the account. */
    readonly refundId: string;
    /** The credit. */
    readonly creditId: string;
    /** The amount paid out, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The code of the payment method used to pay it out. */
    readonly method: string;
    /** The payment provider's id of the refund. */
    readonly externalTransactionId?: string;
    /** What the provider's whole refund pays back in this account: a decimal string, at least the amount. */
    readonly externalTransactionTotal?: string;
    /** A reference of the caller's choice. */
    readonly reference?: string;
  }
>;

/** A refund was undone in full: the money came back and the credit is unused again. */
export type RefundReversed = Recorded<
  'RefundReversed',
  {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The refund that was undone. */
    readonly refundId: string;
    /** The credit. */
    readonly creditId: string;
    /** The amount that came back, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  }
>;

/** The unused part of a credit was withdrawn. A waiver that became a credit is undone by this event. */
export type CreditCancelled = Recorded<
  'CreditCancelled',
  {
    /** The cancellation's id, unique in the account. */
    readonly cancellationId: string;
    /** The credit. */
    readonly creditId: string;
    /** The amount withdrawn, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** True if the patron never fetched it, and it is income now; only of `refundable` and `goodwill` credits. */
    readonly forfeited?: boolean;
  }
>;

/**
 * The purposes allowed for a {@link LostItemCreditIssued}, by cause. Folding any other combination throws. The credit
 * of a waiver never becomes money.
 */
export const lostItemPurposesByCause: Readonly<
  Record<LostItemCreditIssued['data']['cause'], readonly CreditPurpose[]>
> = {
  waived: ['setOff', 'external'],
  returned: ['setOff', 'external', 'refundable'],
};

/** The purposes allowed for a {@link CreditIssued}, by cause. Folding any other combination throws. */
export const purposesByCause: Readonly<Record<CreditIssued['data']['cause'], readonly CreditPurpose[]>> = {
  manual: ['goodwill'],
  imported: ['refundable', 'goodwill'],
  cancelled: ['refundable', 'external'],
  waived: ['external'],
  settlement: ['refundable'],
};
