/**
 * Fines and fees of library patrons, decided by pure functions and kept as events.
 *
 * @module index
 */

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
export type { CommandBase, CommandMetadata, CreditChoice, FeePart } from './account/commands/commandBase.js';
export type {
  ApplyCredit,
  CancelCredit,
  IssueCredit,
  RefundCredit,
  ReverseCreditApplication,
  ReverseRefund,
} from './account/commands/creditCommands.js';
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
  Eligibility,
  EligibleSelection,
  RecallTransfer,
  SettleTransfer,
  TransferFees,
} from './account/commands/transferCommands.js';
// Account: commands
export type { Command, CommandOf, CommandType } from './account/commands.js';
export type { HistoryFault } from './account/corruptHistory.js';
export type { Credit } from './account/credit.js';
export { unused } from './account/credit.js';
// Account: decisions
export { decide } from './account/decide.js';
export type { Accepted, Decision, Refused } from './account/decision.js';
export type {
  CreditApplicationReversed,
  CreditApplied,
  CreditCancelled,
  CreditIssued,
  CreditRefunded,
  LostItemCreditIssued,
  RefundReversed,
} from './account/events/creditEvents.js';
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
export type { PaymentReceived, PaymentReversed } from './account/events/paymentEvents.js';
export type {
  CreditTransferred,
  FeeTransferred,
  TransferRecalled,
  TransferSettled,
} from './account/events/transferEvents.js';
// Account: events
export type { AccountEvent, AccountEventType } from './account/events.js';
// Account: projection
export type { FoldOptions } from './account/evolve.js';
export { evolve, fold } from './account/evolve.js';
export type { Fee, FeeFigures, Status } from './account/fee.js';
export {
  feeStatus,
  moneyIn,
  owed,
  refundableMoney,
  remaining,
  transferredAndNotReversed,
} from './account/fee.js';
export type { IdIndex, IdKind, IdUse } from './account/ids.js';
export type { Violation } from './account/invariants.js';
export { violations } from './account/invariants.js';
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
export type {
  CreditApplication,
  Payment,
  PaymentAllocation,
  Refund,
  Transfer,
  Waiver,
} from './account/records.js';
export type {
  AccountInOtherCurrency,
  AccountTotalTooLarge,
  AlreadyUndone,
  IdAlreadyUsed,
  InvalidCommand,
  ReasonUnknown,
} from './account/rejections/commandRejections.js';
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
export type { Rejection, RejectionType } from './account/rejections.js';
export type { Transaction, TransactionKind } from './account/transaction.js';
// Errors
export type { ErrorCode, Fault } from './errors.js';
export { isPatronFeesError, PatronFeesError } from './errors.js';
// Money
export { minorDigits } from './money/currency.js';
export { formatAmount, parseAmount, parseLooseAmount } from './money/money.js';
export { percentOf } from './money/rounding.js';
export { fillInOrder, splitEvenly, splitProportionally } from './money/split.js';
export type { BlockLimit } from './policy/blockLimits.js';
export { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from './policy/codeTables.js';
// Policy
export type {
  BlockLimitInput,
  FeePolicy,
  FeePolicyInput,
  FeeTypeInput,
  FeeTypeRule,
  TransferMinimum,
  TransferRule,
} from './policy/feePolicy.js';
export { definePolicy, feeTypeRule } from './policy/feePolicy.js';
export type { PaymentOrder } from './policy/paymentOrder.js';
export { spread } from './policy/paymentOrder.js';
