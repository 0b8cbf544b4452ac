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

export type { ErrorCode, Fault } from './errors.js';
export { PatronFeesError, isPatronFeesError } from './errors.js';
export type { FaultCode, FaultParameters, FaultWords } from './faultWords.js';
export { englishFaultWords } from './faultWords.js';
export type { FaultTextOptions } from './input/faults.js';
export { faultText } from './input/faults.js';

// Money: decimal strings outside, integers in minor units inside.

export { minorDigits } from './money/currency.js';
export { formatAmount, parseAmount, parseLooseAmount } from './money/money.js';
export { percentOf, taxIncluded } from './money/rounding.js';
export { fillInOrder, splitEvenly, splitProportionally } from './money/split.js';

// Policy: what an institution configures.

export type { FeePolicy } from './policy/feePolicy.js';
export { definePolicy, feeTypeRule } from './policy/feePolicy.js';
export type { PolicyLabels } from './policy/withLabels.js';
export { withLabels } from './policy/withLabels.js';
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
export type { NoticeKind, NoticeRule, Notices, NoticesInput } from './policy/notices.js';
export { noticeKinds } from './policy/notices.js';
export type { PaymentOrder } from './policy/paymentOrder.js';
export type {
  ApprovableCommand,
  ApprovableJob,
  Approval,
  Approvals,
  Duties,
  JobApproval,
  Permission,
  Permissions,
  PermittedCommand,
} from './policy/permissions.js';
export { approvableCommands, approvableJobs, permittedCommands } from './policy/permissions.js';
export { paymentOrders, spread } from './policy/paymentOrder.js';

// Commands: requests to change an account.

export type { Command, CommandList, CommandOf, CommandType } from './account/commands/command.js';
export type { CommandBase, CommandMetadata, CreditChoice, FeePart } from './account/commands/commandBase.js';
export type {
  AccrueFine,
  AssessFee,
  CancelFee,
  DisputeEnd,
  DisputeFee,
  ResolveDispute,
  ReturnLostItem,
  ReverseWaiver,
  WaiveFees,
} from './account/commands/feeCommands.js';
export type { ReceivePayment, ReversePayment, ShortfallFee } from './account/commands/paymentCommands.js';
export type { AgreePaymentPlan, EndPaymentPlan } from './account/commands/planCommands.js';
export type { Instalment, InstalmentTerms } from './account/instalments.js';
export { instalmentsOf } from './account/instalments.js';
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

export type { DecideOptions } from './account/decide.js';
export { decide } from './account/decide.js';
export type { GivenCommand } from './account/duties.js';
export type { PermissionOfRoles } from './account/permission.js';
export { permissionFor } from './account/permission.js';
export type { Accepted, Decision, Refused, Repeats } from './account/decision.js';

// Rejections: every business "no", with its own fields.

export type { Rejection } from './account/rejections/rejection.js';
export type { NotAccepted, Refusal, RejectionKind } from './account/rejections/refusal.js';
export { rejectionKinds } from './account/rejections/rejectionKinds.js';
export type { KnownCodes } from './policy/knownCodes.js';
export type { RejectionTextOptions, RejectionWords } from './account/rejections/rejectionText.js';
export { englishRejectionWords, rejectionText } from './account/rejections/rejectionText.js';
export type { RejectionOf, RejectionType } from './account/rejections/rejection.js';
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

export type { AccountEvent, AccountEventType } from './account/events/accountEvent.js';
export type {
  Approver,
  RecordedActor,
  RecordedApprover,
  CommandActor,
  Allocation,
  Channel,
  Circumstances,
  CreditCause,
  CreditPart,
  CreditPurpose,
  EventMetadata,
  Item,
  Recorded,
} from './account/circumstances.js';
export { channels, creditPurposes } from './account/circumstances.js';
export type {
  AccrualEnded,
  DisputeOutcome,
  DisputeResolved,
  FeeAssessed,
  FeeCancelled,
  FeeDisputed,
  FeeIncreased,
  FeeWaived,
  LostItemReturned,
  UnpaidOnReturn,
  WaiverReversed,
} from './account/events/feeEvents.js';
export { disputeOutcomes } from './account/events/feeEvents.js';
export type {
  PaymentReceived,
  PaymentReversed,
  Shortfall,
  WithdrawnCredit,
} from './account/events/paymentEvents.js';
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
  SettlementReversed,
  TransferRecalled,
  TransferSettled,
} from './account/events/transferEvents.js';
export type { PaymentPlanAgreed, PaymentPlanEnded } from './account/events/planEvents.js';
export type { AccountJoined, AccountMerged, AccountSeparated } from './account/events/mergeEvents.js';
export type { AccountPurged, PurgedTotal } from './account/events/purgeEvents.js';

// Decide

export type { FoldOptions } from './account/fold.js';
export { fold } from './account/fold.js';

// The account: one patron's rows and balances, integers in minor units.

export type { BalancesInMinorUnits, PatronAccount } from './account/patronAccount.js';
export { type FeeVat, feeVat } from './account/vat.js';
export {
  balancesInMinorUnits,
  creditStatus,
  emptyAccount,
  findCredit,
  findFee,
  findPayment,
  findTransfer,
} from './account/patronAccount.js';
export type { Fee, ReturnTerms, Status } from './account/fee.js';
export {
  feeStatus,
  moneyIn,
  owed,
  refundableMoney,
  remaining,
  transferredAndNotReversed,
} from './account/fee.js';
export type { Accrual, AccrualEndCause } from './account/accrual.js';
export { accrualEndCauses, amountCharged, isAccruing } from './account/accrual.js';
export type { PaymentPlanStatus } from './account/paymentPlan.js';
export type { Merge, PaymentPlan, PlanEndCause, PlanInstalment } from './account/records.js';
export { findPaymentPlan } from './account/patronAccount.js';
export { planEndCauses } from './account/records.js';
export type { Credit } from './account/credit.js';
export { unused } from './account/credit.js';
export type {
  AppliedPart,
  CreditApplication,
  OverpaidPart,
  Payment,
  PaymentAllocation,
  PaymentReversal,
  Refund,
  Settlement,
  Transfer,
  Waiver,
} from './account/records.js';
export type { IdKind, IdUse } from './account/ids.js';
export type { Transaction, TransactionKind, TransactionReferences } from './account/transaction.js';

// Errors

export type { HistoryFault } from './account/corruptHistory.js';
export { historyError } from './account/corruptHistory.js';
