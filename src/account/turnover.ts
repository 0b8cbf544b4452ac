import type { AccountEventType, EventOf } from './events/accountEvent.js';

/** Whether an event adds to the account's turnover; null if it has no amount. */
export const addsToTurnover: {
  readonly [Type in AccountEventType]: EventOf<Type>['data'] extends { readonly currency: string }
    ? boolean
    : null;
} = {
  FeeAssessed: true,
  FeeIncreased: true,
  AccrualEnded: false,
  PaymentReceived: true,
  FeeWaived: false,
  LostItemCreditIssued: true,
  LostItemReturned: null,
  FeeTransferred: false,
  FeeDisputed: null,
  PaymentPlanAgreed: false,
  PaymentPlanEnded: null,
  AccountMerged: null,
  AccountJoined: null,
  AccountSeparated: null,
  AccountPurged: false,
  DisputeResolved: null,
  CreditIssued: true,
  CreditApplied: false,
  CreditRefunded: false,
  CreditTransferred: false,
  TransferSettled: false,
  SettlementReversed: false,
  TransferRecalled: false,
  FeeCancelled: false,
  PaymentReversed: false,
  WaiverReversed: false,
  CreditApplicationReversed: false,
  RefundReversed: false,
  CreditCancelled: false,
};

/** The amounts of an event that can add to the turnover, as decimal strings. */
export type Inflow = { readonly amount: string; readonly overpayment?: { readonly amount: string } };

/** Returns what an event adds to the account's turnover, in minor units. */
export function inflowOf({ amount, overpayment }: Inflow, minor: (amount: string) => number): number {
  return minor(amount) + (overpayment === undefined ? 0 : minor(overpayment.amount));
}
