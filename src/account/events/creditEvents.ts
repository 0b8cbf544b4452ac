import type { Allocation, Circumstances, CreditPurpose, EventMetadata, Item } from '../circumstances.js';

/**
 * A lost-item fee brought the patron a credit: it was waived (what remains is not reduced, the waived amount shows as
 * a credit), or the item came back.
 */
export type LostItemCreditIssued = {
  /** The event's name in storage. */
  readonly type: 'LostItemCreditIssued';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The credit's id, unique in the account. */
    readonly creditId: string;
    /** The lost-item fee. */
    readonly feeId: string;
    /** The credit's amount, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** Why: the fee was waived, or the item came back. */
    readonly cause: 'waived' | 'returned';
    /** What the credit may be used for; a waiver is never `refundable`. */
    readonly purpose: 'setOff' | 'refundable' | 'external';
    /** The percentage that was applied when the item came back, for people to read. */
    readonly refundPercent?: number;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/**
 * The patron got a credit for another reason. Only these combinations exist: `manual` with `goodwill`; `imported`
 * with `refundable` or `goodwill`; `cancelled` (of a fee) with `refundable` or `external`; `waived` (of a fee) with
 * `external`; `settlement` with `refundable`.
 */
export type CreditIssued = {
  /** The event's name in storage. */
  readonly type: 'CreditIssued';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The credit's id, unique in the account. */
    readonly creditId: string;
    /** The credit's amount, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** Why. */
    readonly cause: 'manual' | 'imported' | 'cancelled' | 'waived' | 'settlement';
    /** What the credit may be used for. */
    readonly purpose: 'refundable' | 'external' | 'goodwill';
    /** The fee it comes from: always with `cancelled` and `waived`, never otherwise. */
    readonly feeId?: string;
    /** The library that owes it. */
    readonly owner?: string;
    /** The item it is about. */
    readonly item?: Item;
    /** True for money back because a fine came down; only `refundable`, of the cause `cancelled`. */
    readonly accrual?: boolean;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** A credit was used to settle fees. */
export type CreditApplied = {
  /** The event's name in storage. */
  readonly type: 'CreditApplied';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The application's id, unique in the account. */
    readonly applicationId: string;
    /** The credit. */
    readonly creditId: string;
    /** Which part went to which fee, each fee once. */
    readonly allocations: readonly Allocation[];
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/**
 * The use of a credit was undone, whole or for some of its fees: these are owed again, the credit is unused again. Each
 * fee's part is undone whole.
 */
export type CreditApplicationReversed = {
  /** The event's name in storage. */
  readonly type: 'CreditApplicationReversed';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The application that was undone. */
    readonly applicationId: string;
    /** The credit. */
    readonly creditId: string;
    /** By how much each fee is owed again. */
    readonly allocations: readonly Allocation[];
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** A refundable credit was paid out. */
export type CreditRefunded = {
  /** The event's name in storage. */
  readonly type: 'CreditRefunded';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The refund's id, unique in the account. */
    readonly refundId: string;
    /** The credit. */
    readonly creditId: string;
    /** What was paid out, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** How it was paid out: a payment method's code. */
    readonly method: string;
    /** The id that the payment provider gave. */
    readonly externalTransactionId?: string;
    /** A free reference. */
    readonly reference?: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** A refund was undone, whole: the money came back, the credit is unused again. */
export type RefundReversed = {
  /** The event's name in storage. */
  readonly type: 'RefundReversed';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The refund that was undone. */
    readonly refundId: string;
    /** The credit. */
    readonly creditId: string;
    /** What came back, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** What was unused of a credit was withdrawn. A waiver that had become a credit is undone by this. */
export type CreditCancelled = {
  /** The event's name in storage. */
  readonly type: 'CreditCancelled';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The cancellation's id, unique in the account. */
    readonly cancellationId: string;
    /** The credit. */
    readonly creditId: string;
    /** What was withdrawn, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** The purposes a {@link LostItemCreditIssued} may have, by cause: nothing else folds. A waiver is never money. */
export const lostItemPurposesByCause: Readonly<
  Record<LostItemCreditIssued['data']['cause'], readonly CreditPurpose[]>
> = {
  waived: ['setOff', 'external'],
  returned: ['setOff', 'external', 'refundable'],
};

/** The purposes a {@link CreditIssued} may have, by cause: nothing else folds. */
export const purposesByCause: Readonly<Record<CreditIssued['data']['cause'], readonly CreditPurpose[]>> = {
  manual: ['goodwill'],
  imported: ['refundable', 'goodwill'],
  cancelled: ['refundable', 'external'],
  waived: ['external'],
  settlement: ['refundable'],
};
