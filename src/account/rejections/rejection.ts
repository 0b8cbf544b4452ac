import type * as command from './commandRejections.js';
import type * as credit from './creditRejections.js';
import type * as fee from './feeRejections.js';
import type * as payment from './paymentRejections.js';
import type * as plan from './planRejections.js';
import type * as transfer from './transferRejections.js';

/**
 * Why a command is refused, distinguished by `type`. Each type has its own fields and a `kind`. Amounts are decimal
 * strings.
 */
export type Rejection =
  | command.InvalidCommand
  | command.IdAlreadyUsed
  | payment.ExternalTransactionAlreadyUsed
  | payment.ExceedsTransactionTotal
  | payment.ExternalRefundAlreadyUsed
  | payment.TransactionAmbiguous
  | command.AccountInOtherCurrency
  | command.AccountMergedRejection
  | command.AccountTotalTooLarge
  | fee.FeeTypeUnknown
  | fee.FeeTypeRetired
  | fee.FeeTypeNotManual
  | fee.FeeOwnerMissing
  | fee.FeeNotFound
  | credit.CreditNotFound
  | payment.PaymentNotFound
  | fee.WaiverNotFound
  | transfer.TransferNotFound
  | transfer.SettlementNotFound
  | credit.CreditApplicationNotFound
  | credit.RefundNotFound
  | payment.PaymentMethodUnknown
  | command.ReasonUnknown
  | transfer.DestinationUnknown
  | fee.NothingOwed
  | payment.PaymentExceedsOwed
  | payment.AllocationsDoNotAddUp
  | fee.FeeIsDisputed
  | fee.FeeAlreadyDisputed
  | fee.FeeNotDisputed
  | fee.FeeTypeNotWaiveable
  | fee.WaiverExceedsOwed
  | fee.FeeNotLostItem
  | fee.FeeNotAccruing
  | fee.AccruingFeeDiffers
  | fee.AccrualHasEnded
  | fee.FeeTypeIsLostItem
  | fee.FeeStillAccruing
  | fee.LostItemFeeNotFound
  | fee.LostItemAlreadyReturned
  | fee.NothingToCancel
  | fee.CancellationExceedsFee
  | credit.CreditPurposeForbids
  | credit.CreditUsedUp
  | credit.AmountExceedsCredit
  | credit.CreditNotForfeitable
  | credit.CreditInUse
  | credit.AppliedAgain
  | credit.ApplicationExceedsOwed
  | transfer.TransferExceedsOwed
  | transfer.NothingToTransfer
  | transfer.TransferNotPending
  | transfer.SettlementExceedsPending
  | transfer.ReversalExceedsSettlement
  | transfer.NothingToRecall
  | transfer.RecallExceedsTransfer
  | transfer.ReversalAlreadySent
  | command.AlreadyUndone
  | command.NotPermitted
  | command.ApprovalRequired
  | command.SameUser
  | command.TooFarBack
  | command.InTheFuture
  | command.LooksLikeCardNumber
  | command.CommentRequired
  | command.OnlinePaymentsOff
  | payment.ReversalExceedsPayment
  | plan.PaymentPlanNotFound
  | plan.PaymentPlanNotRunning
  | plan.FeeInPaymentPlan
  | plan.InstalmentsDoNotAddUp;

/** The name of a rejection: see {@link Rejection} for what each one means. */
export type RejectionType = Rejection['type'];

/** The rejection type with the given name. */
export type RejectionOf<Type extends RejectionType> = Extract<
  Rejection,
  {
    /** The rejection's name. */
    readonly type: Type;
  }
>;

type WithoutKind<Each> = Each extends Rejection ? Omit<Each, 'kind'> : never;

/** A rejection as decisions return it: a type and its own fields. `decide` adds the kind. */
export type Refusal = WithoutKind<Rejection>;
