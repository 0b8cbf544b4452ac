/**
 * Fines and fees of library patrons. Pure functions decide commands and fold events into a patron's account, by the
 * rules of an institution's policy.
 *
 * `patron-fees/views` returns the data for screens and statements; `patron-fees/history` stores events.
 *
 * @sections Decide, Commands, Events, Rejections, Policy, The account, Money, Errors
 * @stability stable
 * @module index
 */

// Errors: misuse and broken data throw; a business "no" is a rejection.

export { type ErrorCode, type Fault, isPatronFeesError, PatronFeesError } from './errors.js';
export { englishFaultWords, type FaultCode, type FaultParameters, type FaultWords } from './faultWords.js';
export { faultText, type FaultTextOptions } from './input/faults.js';

// Money: decimal strings outside, integers in minor units inside.

export { minorDigits } from './money/currency.js';
export { formatAmount, parseAmount, parseLooseAmount } from './money/money.js';
export { percentOf, taxIncluded } from './money/rounding.js';
export { fillInOrder, splitEvenly, splitProportionally } from './money/split.js';

// Policy: what an institution configures.

export { definePolicy, type FeePolicy, feeTypeRule } from './policy/feePolicy.js';
export { type PolicyLabels, withLabels } from './policy/withLabels.js';
export type {
  BlockLimitInput,
  FeePolicyInput,
  FeeTypeInput,
  WaiveReasonInput,
  TransferRuleInput,
} from './policy/policyInput.js';
export type {
  BlockLimit,
  FeeTypeRule,
  TransferMinimum,
  TransferRule,
  WaiveReason,
  WaiveReasonKind,
  Backdating,
  Retention,
} from './policy/policyRules.js';
export { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from './policy/codeTables.js';
export type {
  OnlinePayments,
  OnlinePaymentsInput,
  ServiceFee,
  OnlineShortfallFee,
} from './policy/onlinePayments.js';
export {
  type NoticeKind,
  noticeKinds,
  type NoticeRule,
  type Notices,
  type NoticesInput,
} from './policy/notices.js';
export { type PaymentOrder, paymentOrders, spread } from './policy/paymentOrder.js';
export {
  type ApprovableCommand,
  approvableCommands,
  type ApprovableJob,
  approvableJobs,
  type Approval,
  type Approvals,
  type Duties,
  type JobApproval,
  type Permission,
  type Permissions,
  type PermittedCommand,
  permittedCommands,
} from './policy/permissions.js';

// Commands: requests to change an account.

export type { Command, CommandList, CommandOf, CommandType } from './account/commands/command.js';
export type { CommandBase, CommandMetadata, CreditChoice, FeePart } from './account/commands/commandBase.js';
export type {
  AccrueFine,
  AgreePaymentPlan,
  AssessFee,
  CancelFee,
  DisputeEnd,
  DisputeFee,
  EndPaymentPlan,
  ResolveDispute,
  ReturnLostItem,
  ReverseWaiver,
  WaiveFees,
} from './account/commands/feeCommands.js';
export type { ReceivePayment, ReversePayment, ShortfallFee } from './account/commands/paymentCommands.js';
export {
  type Instalment,
  instalmentsOf,
  type InstalmentTerms,
  type PaymentPlanStatus,
} from './account/paymentPlan.js';
export type {
  ApplyCredit,
  CancelCredit,
  CreditOrigin,
  IssueCredit,
  RefundCredit,
  ReverseCreditApplication,
  ReverseRefund,
} from './account/commands/creditCommands.js';
export type {
  Eligibility,
  EligibleSelection,
  RecallTransfer,
  ReverseSettlement,
  SettleTransfer,
  TransferFees,
} from './account/commands/transferCommands.js';

// Decide: from a command to events, and from events to the account.

export { decide, type DecideOptions } from './account/decide.js';
export type { GivenCommand } from './account/duties.js';
export { permissionFor, type PermissionOfRoles } from './account/permission.js';
export type { Accepted, Decision, Refused, Repeats } from './account/decision.js';

// Rejections: every business "no", with its own fields.

export type { Rejection, RejectionOf, RejectionType } from './account/rejections/rejection.js';
export type { NotAccepted, Refusal, RejectionKind } from './account/rejections/refusal.js';
export { rejectionKinds } from './account/rejections/rejectionKinds.js';
export type { KnownCodes } from './policy/knownCodes.js';
export {
  englishRejectionWords,
  rejectionText,
  type RejectionTextOptions,
  type RejectionWords,
} from './account/rejections/rejectionText.js';
export type {
  AccountInOtherCurrency,
  AccountMergedRejection,
  AccountTotalTooLarge,
  AlreadyUndone,
  ApprovalRequired,
  CommentRequired,
  OnlinePaymentsOff,
  IdAlreadyUsed,
  InTheFuture,
  InvalidCommand,
  JobApprovalRequired,
  LooksLikeCardNumber,
  NotPermitted,
  ReasonUnknown,
  SameUser,
  TooFarBack,
} from './account/rejections/commandRejections.js';
export type {
  AccrualHasEnded,
  AccruingFeeDiffers,
  CancellationExceedsFee,
  FeeAlreadyDisputed,
  FeeIsDisputed,
  FeeNotAccruing,
  FeeNotDisputed,
  FeeNotFound,
  FeeNotLostItem,
  FeeOwnerMissing,
  FeeStillAccruing,
  FeeTypeIsLostItem,
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
  ExceedsTransactionTotal,
  ExternalRefundAlreadyUsed,
  ExternalTransactionAlreadyUsed,
  PaymentExceedsOwed,
  PaymentMethodUnknown,
  PaymentNotFound,
  ReversalExceedsPayment,
  TransactionAmbiguous,
} from './account/rejections/paymentRejections.js';
export type {
  AmountExceedsCredit,
  CreditNotForfeitable,
  ApplicationExceedsOwed,
  AppliedAgain,
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
  ReversalExceedsSettlement,
  SettlementExceedsPending,
  SettlementNotFound,
  TransferExceedsOwed,
  TransferNotFound,
  TransferNotPending,
} from './account/rejections/transferRejections.js';
export type {
  FeeInPaymentPlan,
  InstalmentsDoNotAddUp,
  PaymentPlanNotFound,
  PaymentPlanNotRunning,
} from './account/rejections/planRejections.js';

// Events: what happened to an account; the storage format.

export type {
  AccountEvent,
  AccountEventType,
  AccountJoined,
  AccountMerged,
  AccountPurged,
  AccountSeparated,
  PaymentPlanAgreed,
  PaymentPlanEnded,
  PurgedTotal,
} from './account/events/accountEvent.js';
export {
  type Allocation,
  type Approver,
  type Channel,
  channels,
  type Circumstances,
  type CommandActor,
  type CreditCause,
  type CreditPart,
  type CreditPurpose,
  creditPurposes,
  type EventMetadata,
  type Item,
  type Recorded,
  type RecordedActor,
  type RecordedApprover,
} from './account/circumstances.js';
export {
  type AccrualEnded,
  type DisputeOutcome,
  disputeOutcomes,
  type DisputeResolved,
  type FeeAssessed,
  type FeeCancelled,
  type FeeDisputed,
  type FeeIncreased,
  type FeeWaived,
  type LostItemReturned,
  type UnpaidOnReturn,
  type WaiverReversed,
} from './account/events/feeEvents.js';
export type {
  PaymentReceived,
  PaymentReversed,
  Shortfall,
  WithdrawnCredit,
} from './account/events/paymentEvents.js';
export {
  type CreditApplicationReversed,
  type CreditApplied,
  type CreditCancelled,
  type CreditIssued,
  type CreditRefunded,
  type LostItemCreditIssued,
  lostItemPurposesByCause,
  type RefundReversed,
} from './account/events/creditEvents.js';
export type {
  CreditTransferred,
  FeeTransferred,
  SettlementReversed,
  TransferRecalled,
  TransferSettled,
} from './account/events/transferEvents.js';

// Decide

export { fold, type FoldOptions } from './account/fold.js';

// The account: one patron's rows and balances, integers in minor units.

export {
  type BalancesInMinorUnits,
  balancesInMinorUnits,
  creditStatus,
  emptyAccount,
  findCredit,
  findFee,
  findPayment,
  findPaymentPlan,
  findTransfer,
  type PatronAccount,
} from './account/patronAccount.js';
export { type FeeVat, feeVat } from './account/vat.js';
export {
  type Fee,
  feeStatus,
  moneyIn,
  owed,
  refundableMoney,
  remaining,
  type ReturnTerms,
  type Status,
  transferredAndNotReversed,
} from './account/fee.js';
export {
  type Accrual,
  type AccrualEndCause,
  accrualEndCauses,
  amountCharged,
  isAccruing,
} from './account/accrual.js';
export {
  type AppliedPart,
  type CreditApplication,
  type Merge,
  type OverpaidPart,
  type Payment,
  type PaymentAllocation,
  type PaymentPlan,
  type PaymentReversal,
  type PlanEndCause,
  planEndCauses,
  type PlanInstalment,
  type Refund,
  type Settlement,
  type Transfer,
  type Waiver,
} from './account/records.js';
export { type Credit, unused } from './account/credit.js';
export type { IdKind, IdUse } from './account/ids.js';
export type { Transaction, TransactionKind, TransactionReferences } from './account/transaction.js';

// Errors

export { historyError, type HistoryFault } from './account/corruptHistory.js';
