/**
 * Fines and fees of library patrons, decided by pure functions and kept as events.
 *
 * @module index
 */

// Errors
export type { ErrorCode, Fault } from './errors.js';
export { PatronFeesError, isPatronFeesError } from './errors.js';

// Money
export { minorDigits } from './money/currency.js';
export { formatAmount, parseAmount, parseLooseAmount } from './money/money.js';
export { amountFromNumber } from './money/amountFromNumber.js';
export { percentOf } from './money/rounding.js';
export { fillInOrder, splitEvenly, splitProportionally } from './money/split.js';

// Policy
export type {
  BlockLimitInput,
  FeePolicy,
  FeePolicyInput,
  FeeTypeInput,
  TransferMinimum,
  TransferRule,
} from './policy/feePolicy.js';
export { definePolicy, feeTypeRule } from './policy/feePolicy.js';
export { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from './policy/codeTables.js';
export type { PaymentOrder } from './policy/paymentOrder.js';
export { paymentOrders, spread } from './policy/paymentOrder.js';
export type { BlockLimit } from './policy/blockLimits.js';

// Account: commands
export type { Command, CommandOf, CommandType } from './account/commands.js';
export type { CommandBase, CommandMetadata, CreditChoice, FeePart } from './account/commands/commandBase.js';
export type {
  AssessFee,
  CancelFee,
  DisputeFee,
  ResolveDispute,
  ReturnLostItem,
  ReverseWaiver,
  WaiveFees,
} from './account/commands/feeCommands.js';
export type { ReceivePayment, ReversePayment, ShortfallFee } from './account/commands/paymentCommands.js';
export type {
  ApplyCredit,
  CancelCredit,
  IssueCredit,
  RefundCredit,
  ReverseCreditApplication,
  ReverseRefund,
} from './account/commands/creditCommands.js';
export type {
  Eligibility,
  EligibleSelection,
  RecallTransfer,
  SettleTransfer,
  TransferFees,
} from './account/commands/transferCommands.js';

// Account: decisions
export { decide } from './account/decide.js';
export type { Accepted, Decision, Refused } from './account/decision.js';
export type { Rejection, RejectionType } from './account/rejections.js';
export type {
  AccountInOtherCurrency,
  AccountTotalTooLarge,
  AlreadyUndone,
  IdAlreadyUsed,
  InvalidCommand,
  ReasonUnknown,
} from './account/rejections/commandRejections.js';
export type {
  CancellationExceedsFee,
  FeeAlreadyDisputed,
  FeeIsDisputed,
  FeeNotDisputed,
  FeeNotFound,
  FeeNotLostItem,
  FeeOwnerMissing,
  FeeTypeNotManual,
  FeeTypeNotWaiveable,
  FeeTypeRetired,
  FeeTypeUnknown,
  LostItemAlreadyReturned,
  LostItemFeeNotFound,
  NothingOwed,
  NothingToCancel,
  WaiverExceedsOwed,
  WaiverNotFound,
} from './account/rejections/feeRejections.js';
export type {
  AllocationsDoNotAddUp,
  ExternalTransactionAlreadyUsed,
  PaymentExceedsOwed,
  PaymentMethodUnknown,
  PaymentNotFound,
  ReversalExceedsPayment,
} from './account/rejections/paymentRejections.js';
export type {
  AmountExceedsCredit,
  ApplicationExceedsOwed,
  CreditApplicationNotFound,
  CreditInUse,
  CreditNotFound,
  CreditPurposeForbids,
  CreditUsedUp,
  RefundNotFound,
} from './account/rejections/creditRejections.js';
export type {
  DestinationUnknown,
  NothingToRecall,
  NothingToTransfer,
  RecallExceedsTransfer,
  ReversalAlreadySent,
  SettlementExceedsPending,
  TransferExceedsOwed,
  TransferNotFound,
  TransferNotPending,
} from './account/rejections/transferRejections.js';

// Account: events
export type { AccountEvent, AccountEventType } from './account/events.js';
export type {
  Actor,
  Allocation,
  Channel,
  Circumstances,
  CreditCause,
  CreditPart,
  CreditPurpose,
  EventMetadata,
  Item,
} from './account/circumstances.js';
export { channels, creditPurposes } from './account/circumstances.js';
export type {
  DisputeOutcome,
  DisputeResolved,
  FeeAssessed,
  FeeCancelled,
  FeeDisputed,
  FeeWaived,
  LostItemReturned,
  WaiverReversed,
} from './account/events/feeEvents.js';
export { disputeOutcomes } from './account/events/feeEvents.js';
export type { PaymentReceived, PaymentReversed } from './account/events/paymentEvents.js';
export type {
  CreditApplicationReversed,
  CreditApplied,
  CreditCancelled,
  CreditIssued,
  CreditRefunded,
  LostItemCreditIssued,
  RefundReversed,
} from './account/events/creditEvents.js';
export { lostItemPurposesByCause } from './account/events/creditEvents.js';
export type {
  CreditTransferred,
  FeeTransferred,
  TransferRecalled,
  TransferSettled,
} from './account/events/transferEvents.js';

// Account: projection
export type { FoldOptions } from './account/evolve.js';
export { applyAll, evolve, fold } from './account/evolve.js';
export type { Balances, PatronAccount } from './account/patronAccount.js';
export {
  balances,
  creditStatus,
  emptyAccount,
  findCredit,
  findFee,
  findPayment,
  findTransfer,
} from './account/patronAccount.js';
export type { Fee, FeeFigures, Status } from './account/fee.js';
export {
  feeStatus,
  moneyIn,
  owed,
  refundableMoney,
  remaining,
  transferredAndNotReversed,
} from './account/fee.js';
export type { Credit } from './account/credit.js';
export { unused } from './account/credit.js';
export type {
  CreditApplication,
  Payment,
  PaymentAllocation,
  Refund,
  Transfer,
  Waiver,
} from './account/records.js';
export type { IdIndex, IdKind, IdUse } from './account/ids.js';
export type { Transaction, TransactionKind } from './account/transaction.js';
export type { HistoryFault } from './account/corruptHistory.js';
export { historyError } from './account/corruptHistory.js';
export type { Violation } from './account/invariants.js';
export { violations } from './account/invariants.js';

// Views
export type { Summary } from './views/summary.js';
export { summary } from './views/summary.js';
export type { FinesAndFees, FinesAndFeesBalances } from './views/finesAndFees.js';
export { finesAndFees } from './views/finesAndFees.js';
export type { FinesAndFeesFilter, SortColumn } from './views/finesAndFeesFilter.js';
export { sortColumns } from './views/finesAndFeesFilter.js';
export type { CreditRow, FeeRow, FinesAndFeesColumns, FinesAndFeesRow } from './views/finesAndFeesRow.js';
export type { TransactionLine, Transactions, TransactionsOptions } from './views/transactions.js';
export { transactions } from './views/transactions.js';
export type { TransactionReferences, TransactionSubject } from './views/transactionReferences.js';
export { transactionLabels } from './views/transactionLabels.js';
export type { Receipt, ReceiptAllocation, ReceiptOptions, ReceiptOverpayment } from './views/receipt.js';
export { receipt } from './views/receipt.js';
export type { FeesOfLoan, FeesOfLoanOptions, LoanTotals } from './views/feesOfLoan.js';
export { feesOfLoan } from './views/feesOfLoan.js';
export type {
  CurrencyTotal,
  InstitutionActivity,
  NetworkAccount,
  NetworkActivity,
} from './views/networkActivity.js';
export { networkActivity } from './views/networkActivity.js';
export type { Blocks, BlocksOptions, LimitCheck } from './views/blocks.js';
export { blocks } from './views/blocks.js';
export type {
  ActivityReport,
  ActivityReportInput,
  LibraryFees,
  ReportBalances,
  ReportLoan,
  ReportPatron,
} from './views/activityReport.js';
export { activityReport } from './views/activityReport.js';
export { activityReportText } from './views/activityReportText.js';
export { activityReportHtml } from './views/activityReportHtml.js';
export type { ActivityReportOptions } from './views/activityReportFormat.js';
export type { ActivityReportWords } from './views/activityReportWords.js';
export { englishReportWords } from './views/activityReportWords.js';

// History
export { parseEvent } from './history/parseEvent.js';
export { decodeEvent, decodeEvents, encodeEvent, encodeEvents } from './history/codec.js';
export type {
  AccountPage,
  AccountPageOptions,
  AppendOptions,
  Appended,
  EventPage,
  EventStore,
  PageOptions,
  ReadOptions,
  RecordedEvent,
  StoredAccountEvent,
  StreamId,
  StreamSlice,
} from './history/eventStore.js';
export { streamName, versionConflict } from './history/eventStore.js';
export type { MemoryEventStoreOptions } from './history/memoryEventStore.js';
export { memoryEventStore } from './history/memoryEventStore.js';
export type { LoadOptions, LoadedAccount } from './history/loadAccount.js';
export { loadAccount } from './history/loadAccount.js';
export type { ExecuteOptions, Executed } from './history/execute.js';
export { execute } from './history/execute.js';
export type { TransactOptions } from './history/transact.js';
export type { HeldAccount } from './history/openAccount.js';
export { openAccount } from './history/openAccount.js';
export type { Moment } from './history/asOf.js';
export { accountAsOf, loadAccountAsOf } from './history/asOf.js';
export type { SnapshotStore } from './history/snapshots.js';
export type { ErasingEventStore, Redacted } from './history/redaction.js';
export { redactEvent } from './history/redaction.js';
export { decodeSnapshot, encodeSnapshot, loadSnapshot, saveSnapshot } from './history/snapshots.js';
