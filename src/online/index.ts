/**
 * Online payments: what was begun, taken, given back and paid out, and what the accounts have recorded of it.
 *
 * @stability may change
 * @module online
 */

// The payment: begun before the provider is called.

export {
  type FeePayableOnline,
  type NotPayableOnline,
  type PayableOnline,
  payableOnline,
} from '../views/payableOnline.js';
export {
  type OnlineStores,
  type StartForm,
  type StartOptions,
  type StartResult,
  startOnlinePayment,
} from './start/startOnlinePayment.js';
export { type HeldFee, type HeldForm, heldOnline } from './start/heldOnline.js';
export type { ServiceFeeFunction, StartPart } from './start/startRules.js';

// What the provider reports.

export type { OnlineReport, ReportedCapture, ReportedReturn } from './report/onlineReport.js';
export type { AfterSettled, OtherAccountUnreadable, WaitingPart } from './record/recordParts.js';
export {
  type KeptInReport,
  type OnlineReportForm,
  type ReportOptions,
  type ReportResult,
  reportOnlinePayment,
} from './report/reportOnlinePayment.js';

// What a person settles.

export {
  type SettleOptions,
  type SettlePartForm,
  type SettlePartResult,
  settleOnlinePart,
} from './settle/settleOnlinePart.js';
export {
  type SettleReportForm,
  type SettleReportResult,
  settleOnlineReport,
} from './settle/settleOnlineReport.js';
export type {
  KeptNotRecorded,
  KeptRecorded,
  KeptUnknown,
  MayNotSettle,
  PartRecorded,
  PartUnknown,
  SettlePartRejection,
  SettleReportRejection,
} from './settle/settling.js';

// The list for staff, and the receipt for the payer.

export { listOnlinePayments, type OnlineLine } from './list/listOnlinePayments.js';
export type { OnlineListForm, OnlineListState } from './list/onlineListForm.js';
export type { OnlineAction, OpenFinding } from './list/openFindings.js';
export type { OnRecorded, RecordedOnline } from './loadOnlinePayment.js';

// The monitor: finishes what died, and asks the provider.

export type { OnlineFinding } from './onlineFinding.js';
export type { OnlineTotals } from './monitor/onlineTotals.js';
export type { AskProvider } from './monitor/lookAtPayment.js';
export {
  type OnlineCredit,
  type OnlinePaymentsForm,
  type OnlinePaymentsOptions,
  type OnlinePaymentsReport,
  runOnlinePayments,
} from './monitor/runOnlinePayments.js';

// Portals that post a payment to Alma's API, too.

export type { ProviderTransaction, TransactionTotal } from '../patron/payPatron.js';
export { onlineTransactionTotal } from './onlineTransactionTotal.js';

// The state of a payment.

export { foldOnlinePayment } from '../office/onlinePayments/foldOnlinePayment.js';
export type { OnlinePayment, PaidOutRow } from '../office/onlinePayments/onlinePayment.js';
export { type UnrecordedPart, unrecordedParts } from '../office/onlinePayments/onlineParts.js';
export {
  type OnlinePaymentStatus,
  onlinePaymentStatus,
} from '../office/onlinePayments/onlinePaymentStatus.js';
export { loadOnlinePayment, type OnlinePaymentId } from './loadOnlinePayment.js';

// Events

export type {
  CapturedAccount,
  OnlineEndCause,
  OnlinePaymentCaptured,
  OnlinePaymentEnded,
  OnlinePaymentEvent,
  OnlinePaymentEventBase,
  OnlinePaymentPaidOut,
  OnlinePaymentPart,
  OnlinePaymentPending,
  OnlinePaymentRecorded,
  OnlinePaymentReturned,
  OnlinePaymentSettled,
  OnlinePaymentStarted,
  OnlineSettlement,
  ReturnedAccount,
  ReturnedOfOther,
} from '../office/onlinePayments/onlinePaymentEvents.js';

export type {
  KeptCapture,
  KeptPosting,
  KeptReportEvent,
  KeptReturn,
  KeptRow,
  PayoutRow,
  OnlineReportKept,
  OnlineReportSettled,
  ToldAndKept,
} from '../office/onlinePayments/keptReport.js';

export type {
  ProviderRowBase,
  ProviderRowEvent,
  ProviderRowRecorded,
  ProviderRowReversed,
} from '../office/onlinePayments/providerRow.js';

// Rejections

export type {
  AmountChanged,
  BelowMinimumAmount,
  CaptureUnknown,
  FeeNotPayableOnline,
  InvalidOnlinePayment,
  NoOnlinePayments,
  NotExactBalance,
  NothingPayableOnline,
  OnlineAccountInOtherCurrency,
  OnlineAmountExceedsPayable,
  OnlineFeeNotFound,
  OnlinePaymentHasEnded,
  OnlinePaymentIdUsed,
  OnlinePaymentUnknown,
  OnlineRejection,
  PaymentInProgress,
  PerhapsReported,
  ReportDiffers,
  ReportInOtherCurrency,
  ReportRejection,
  ReturnExceedsCapture,
  StartRejection,
  TransactionOfOtherPayment,
} from './onlineRejections.js';

// Payouts: compared with the payments, and read from the provider's reports.

export type { PayoutsForm } from './payouts/payoutsForm.js';
export type { PayoutTotals } from './payouts/payoutTotals.js';
export {
  type PayoutsOptions,
  type PayoutsReport,
  reconcilePayouts,
} from './payouts/reconcilePayouts.js';

export type { DayOrder } from '../job/dayOrder.js';
export type { TextSource } from '../job/csvRows.js';
export type { UnreadableRow } from '../job/unreadableRow.js';
export type { DecimalMark } from '../money/reportedAmount.js';
export type { AdyenPayoutOptions } from './payouts/adyenPayoutRows.js';
export { adyenPayoutRows } from './payouts/adyenPayoutRows.js';
export type { PayoutColumns, PayoutReportForm } from './payouts/payoutRows.js';
export { payoutRows } from './payouts/payoutRows.js';
export type { StripePayoutOptions } from './payouts/stripePayoutRows.js';
export { stripePayoutRows } from './payouts/stripePayoutRows.js';
