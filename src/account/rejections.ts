import type {
  AccrualHasEnded,
  AccruingFeeDiffers,
  FeeNotAccruing,
  FeeStillAccruing,
  FeeTypeIsLostItem,
} from './rejections/accrualRejections.js';
import type {
  AccountInOtherCurrency,
  AccountTotalTooLarge,
  AlreadyUndone,
  IdAlreadyUsed,
  InvalidCommand,
  ReasonUnknown,
} from './rejections/commandRejections.js';
import type {
  AmountExceedsCredit,
  ApplicationExceedsOwed,
  CreditApplicationNotFound,
  CreditInUse,
  CreditNotFound,
  CreditPurposeForbids,
  CreditUsedUp,
  RefundNotFound,
} from './rejections/creditRejections.js';
import type {
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
} from './rejections/feeRejections.js';
import type {
  AllocationsDoNotAddUp,
  ExternalTransactionAlreadyUsed,
  PaymentExceedsOwed,
  PaymentMethodUnknown,
  PaymentNotFound,
  ReversalExceedsPayment,
} from './rejections/paymentRejections.js';
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
} from './rejections/transferRejections.js';

/** What a rule answers when it refuses: a type and its own fields. `decide` adds the kind (`rejection.ts`). */
export type Rejection =
  | InvalidCommand
  | IdAlreadyUsed
  | ExternalTransactionAlreadyUsed
  | AccountInOtherCurrency
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
  | CreditInUse
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
  | ReversalExceedsPayment;

/** The name of a rejection. */
export type RejectionType = Rejection['type'];
