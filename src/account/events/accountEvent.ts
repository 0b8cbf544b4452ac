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
import type { AccountJoined, AccountMerged, AccountSeparated } from './mergeEvents.js';
import type { PaymentReceived, PaymentReversed } from './paymentEvents.js';
import type { PaymentPlanAgreed, PaymentPlanEnded } from './planEvents.js';
import type { AccountPurged } from './purgeEvents.js';
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
