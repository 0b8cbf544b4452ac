import type {
  AccountInOtherCurrency,
  AccountMergedRejection,
  AccountTotalTooLarge,
  AlreadyUndone,
  ApprovalRequired,
  CommentRequired,
  IdAlreadyUsed,
  InTheFuture,
  InvalidCommand,
  LooksLikeCardNumber,
  NotPermitted,
  OnlinePaymentsOff,
  ReasonUnknown,
  TooFarBack,
} from './commandRejections.js';
import type {
  AmountExceedsCredit,
  ApplicationExceedsOwed,
  AppliedAgain,
  CreditApplicationNotFound,
  CreditInUse,
  CreditNotForfeitable,
  CreditNotFound,
  CreditPurposeForbids,
  CreditUsedUp,
  RefundNotFound,
} from './creditRejections.js';
import type {
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
} from './feeRejections.js';
import type {
  AllocationsDoNotAddUp,
  ExceedsTransactionTotal,
  ExternalRefundAlreadyUsed,
  ExternalTransactionAlreadyUsed,
  PaymentExceedsOwed,
  PaymentMethodUnknown,
  PaymentNotFound,
  ReversalExceedsPayment,
  TransactionAmbiguous,
} from './paymentRejections.js';
import type {
  FeeInPaymentPlan,
  InstalmentsDoNotAddUp,
  PaymentPlanNotFound,
  PaymentPlanNotRunning,
} from './planRejections.js';
import type {
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
} from './transferRejections.js';

/**
 * Why a command is refused, distinguished by `type`. Each type has its own fields and a `kind`. Amounts are decimal
 * strings.
 */
export type Rejection =
  | InvalidCommand
  | IdAlreadyUsed
  | ExternalTransactionAlreadyUsed
  | ExceedsTransactionTotal
  | ExternalRefundAlreadyUsed
  | TransactionAmbiguous
  | AccountInOtherCurrency
  | AccountMergedRejection
  | AccountTotalTooLarge
  | FeeTypeUnknown
  | FeeTypeRetired
  | FeeTypeNotManual
  | FeeOwnerMissing
  | FeeNotFound
  | CreditNotFound
  | PaymentNotFound
  | WaiverNotFound
  | TransferNotFound
  | SettlementNotFound
  | CreditApplicationNotFound
  | RefundNotFound
  | PaymentMethodUnknown
  | ReasonUnknown
  | DestinationUnknown
  | NothingOwed
  | PaymentExceedsOwed
  | AllocationsDoNotAddUp
  | FeeIsDisputed
  | FeeAlreadyDisputed
  | FeeNotDisputed
  | FeeTypeNotWaiveable
  | WaiverExceedsOwed
  | FeeNotLostItem
  | FeeNotAccruing
  | AccruingFeeDiffers
  | AccrualHasEnded
  | FeeTypeIsLostItem
  | FeeStillAccruing
  | LostItemFeeNotFound
  | LostItemAlreadyReturned
  | NothingToCancel
  | CancellationExceedsFee
  | CreditPurposeForbids
  | CreditUsedUp
  | AmountExceedsCredit
  | CreditNotForfeitable
  | CreditInUse
  | AppliedAgain
  | ApplicationExceedsOwed
  | TransferExceedsOwed
  | NothingToTransfer
  | TransferNotPending
  | SettlementExceedsPending
  | ReversalExceedsSettlement
  | NothingToRecall
  | RecallExceedsTransfer
  | ReversalAlreadySent
  | AlreadyUndone
  | NotPermitted
  | ApprovalRequired
  | TooFarBack
  | InTheFuture
  | LooksLikeCardNumber
  | CommentRequired
  | OnlinePaymentsOff
  | ReversalExceedsPayment
  | PaymentPlanNotFound
  | PaymentPlanNotRunning
  | FeeInPaymentPlan
  | InstalmentsDoNotAddUp;

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

/**
 * The kind of every rejection, by its type.
 *
 * @example
 * ```ts
 * import { rejectionKinds } from 'patron-fees';
 *
 * rejectionKinds.FeeNotFound; //=> 'notFound'
 * ```
 */
export const rejectionKinds: {
  readonly [Type in RejectionType]: RejectionOf<Type>['kind'];
} = {
  InvalidCommand: 'invalid',
  IdAlreadyUsed: 'conflict',
  ExternalTransactionAlreadyUsed: 'conflict',
  ExceedsTransactionTotal: 'conflict',
  ExternalRefundAlreadyUsed: 'conflict',
  TransactionAmbiguous: 'conflict',
  AccountInOtherCurrency: 'conflict',
  AccountMerged: 'conflict',
  AccountTotalTooLarge: 'conflict',
  FeeTypeUnknown: 'invalid',
  FeeTypeRetired: 'invalid',
  FeeTypeNotManual: 'forbidden',
  FeeOwnerMissing: 'invalid',
  FeeNotFound: 'notFound',
  CreditNotFound: 'notFound',
  PaymentNotFound: 'notFound',
  WaiverNotFound: 'notFound',
  TransferNotFound: 'notFound',
  SettlementNotFound: 'notFound',
  CreditApplicationNotFound: 'notFound',
  RefundNotFound: 'notFound',
  PaymentMethodUnknown: 'invalid',
  ReasonUnknown: 'invalid',
  DestinationUnknown: 'invalid',
  NothingOwed: 'conflict',
  PaymentExceedsOwed: 'conflict',
  AllocationsDoNotAddUp: 'invalid',
  FeeIsDisputed: 'conflict',
  FeeAlreadyDisputed: 'conflict',
  FeeNotDisputed: 'conflict',
  FeeTypeNotWaiveable: 'forbidden',
  WaiverExceedsOwed: 'conflict',
  FeeNotLostItem: 'conflict',
  LostItemFeeNotFound: 'notFound',
  LostItemAlreadyReturned: 'conflict',
  FeeNotAccruing: 'conflict',
  AccruingFeeDiffers: 'conflict',
  AccrualHasEnded: 'conflict',
  FeeTypeIsLostItem: 'invalid',
  FeeStillAccruing: 'conflict',
  NothingToCancel: 'conflict',
  CancellationExceedsFee: 'conflict',
  CreditPurposeForbids: 'conflict',
  CreditUsedUp: 'conflict',
  AmountExceedsCredit: 'conflict',
  CreditNotForfeitable: 'conflict',
  CreditInUse: 'conflict',
  AppliedAgain: 'conflict',
  ApplicationExceedsOwed: 'conflict',
  TransferExceedsOwed: 'conflict',
  NothingToTransfer: 'conflict',
  TransferNotPending: 'conflict',
  SettlementExceedsPending: 'conflict',
  ReversalExceedsSettlement: 'conflict',
  NothingToRecall: 'conflict',
  RecallExceedsTransfer: 'conflict',
  ReversalAlreadySent: 'conflict',
  AlreadyUndone: 'conflict',
  NotPermitted: 'forbidden',
  ApprovalRequired: 'forbidden',
  TooFarBack: 'forbidden',
  InTheFuture: 'invalid',
  LooksLikeCardNumber: 'invalid',
  CommentRequired: 'invalid',
  OnlinePaymentsOff: 'forbidden',
  ReversalExceedsPayment: 'conflict',
  PaymentPlanNotFound: 'notFound',
  PaymentPlanNotRunning: 'conflict',
  FeeInPaymentPlan: 'conflict',
  InstalmentsDoNotAddUp: 'conflict',
};

type WithoutKind<Each> = Each extends Rejection ? Omit<Each, 'kind'> : never;

/** A rejection as decisions return it: a type and its own fields. `decide` adds the kind. */
export type Refusal = WithoutKind<Rejection>;
