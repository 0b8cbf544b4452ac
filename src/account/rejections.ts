import type { Fault } from '../errors.js';
import type { CreditPurpose } from './circumstances.js';

/** The command is not well formed. Every fault names its field. */
export type InvalidCommand = {
  /** The rejection's name. */
  readonly type: 'InvalidCommand';
  /** What is wrong, field by field. */
  readonly faults: readonly Fault[];
};

/** The id, or one derived from it, was used before for something else. */
export type IdAlreadyUsed = {
  /** The rejection's name. */
  readonly type: 'IdAlreadyUsed';
  /** The id. */
  readonly id: string;
  /** The digest of the command that used it; null when no command is known for it. */
  readonly recordedDigest: string | null;
  /** The digest of the command that was refused. */
  readonly commandDigest: string;
};

/** The payment provider's id was recorded before, with another amount. */
export type ExternalTransactionAlreadyUsed = {
  /** The rejection's name. */
  readonly type: 'ExternalTransactionAlreadyUsed';
  /** The payment method. */
  readonly method: string;
  /** The provider's id. */
  readonly externalTransactionId: string;
  /** The payment that has it. */
  readonly paymentId: string;
  /** That payment's amount, a decimal string. */
  readonly recordedAmount: string;
  /** The amount that was refused, a decimal string. */
  readonly amount: string;
};

/** The account is in another currency than the policy. */
export type AccountInOtherCurrency = {
  /** The rejection's name. */
  readonly type: 'AccountInOtherCurrency';
  /** The account's currency. */
  readonly accountCurrency: string;
  /** The policy's currency. */
  readonly policyCurrency: string;
};

/** The account's fees, payments and credits would add up to more than the safe integers hold. */
export type AccountTotalTooLarge = {
  /** The rejection's name. */
  readonly type: 'AccountTotalTooLarge';
  /** The amount that does not fit, a decimal string. */
  readonly amount: string;
};

/** The policy has no such fee type. */
export type FeeTypeUnknown = {
  /** The rejection's name. */
  readonly type: 'FeeTypeUnknown';
  /** The fee type. */
  readonly feeType: string;
};

/** The fee type is charged no more. */
export type FeeTypeRetired = {
  /** The rejection's name. */
  readonly type: 'FeeTypeRetired';
  /** The fee type. */
  readonly feeType: string;
};

/** The fee type is not for staff to charge by hand. */
export type FeeTypeNotManual = {
  /** The rejection's name. */
  readonly type: 'FeeTypeNotManual';
  /** The fee type. */
  readonly feeType: string;
};

/** Neither the command nor the actor's library says whose fee it is. */
export type FeeOwnerMissing = {
  /** The rejection's name. */
  readonly type: 'FeeOwnerMissing';
};

/** A fee that the command names does not exist in this account. */
export type FeeNotFound = {
  /** The rejection's name. */
  readonly type: 'FeeNotFound';
  /** The id that was named. */
  readonly feeId: string;
};

/** A credit that the command names does not exist in this account. */
export type CreditNotFound = {
  /** The rejection's name. */
  readonly type: 'CreditNotFound';
  /** The id that was named. */
  readonly creditId: string;
};

/** The payment does not exist in this account. */
export type PaymentNotFound = {
  /** The rejection's name. */
  readonly type: 'PaymentNotFound';
  /** The id that was named. */
  readonly paymentId: string;
};

/** Neither a waiver nor a credit from a waiver has this id in this account. */
export type WaiverNotFound = {
  /** The rejection's name. */
  readonly type: 'WaiverNotFound';
  /** The id that was named. */
  readonly waiverId: string;
};

/** The transfer does not exist in this account. */
export type TransferNotFound = {
  /** The rejection's name. */
  readonly type: 'TransferNotFound';
  /** The id that was named. */
  readonly transferId: string;
};

/** The use of a credit does not exist in this account. */
export type CreditApplicationNotFound = {
  /** The rejection's name. */
  readonly type: 'CreditApplicationNotFound';
  /** The id that was named. */
  readonly applicationId: string;
};

/** The refund does not exist in this account. */
export type RefundNotFound = {
  /** The rejection's name. */
  readonly type: 'RefundNotFound';
  /** The id that was named. */
  readonly refundId: string;
};

/** The policy has no such payment method. */
export type PaymentMethodUnknown = {
  /** The rejection's name. */
  readonly type: 'PaymentMethodUnknown';
  /** The method. */
  readonly method: string;
};

/** The reason is not in the policy's list, or there is none. */
export type ReasonUnknown = {
  /** The rejection's name. */
  readonly type: 'ReasonUnknown';
  /** Which list of the policy it should be in. */
  readonly list: 'waiveReasons' | 'creditReasons';
  /** The reason; null when the command has none. */
  readonly reason: string | null;
};

/** The policy has no such external billing system. */
export type DestinationUnknown = {
  /** The rejection's name. */
  readonly type: 'DestinationUnknown';
  /** The external system's code. */
  readonly destination: string;
};

/** Nothing is owed on the fee, or on any fee that was meant. */
export type NothingOwed = {
  /** The rejection's name. */
  readonly type: 'NothingOwed';
  /** The fee; null when no single fee is meant. */
  readonly feeId: string | null;
};

/** More was paid than is owed, and an overpayment is not to become a credit. */
export type PaymentExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'PaymentExceedsOwed';
  /** The fee that cannot take its part; null when all that is meant cannot take the payment. */
  readonly feeId: string | null;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed, a decimal string. */
  readonly owed: string;
};

/** The allocations are more than the amount, or (where no overpayment is taken) less. */
export type AllocationsDoNotAddUp = {
  /** The rejection's name. */
  readonly type: 'AllocationsDoNotAddUp';
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The sum of the allocations, a decimal string. */
  readonly allocated: string;
};

/** The fee is disputed: neither payments nor credits nor transfers touch it. */
export type FeeIsDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeIsDisputed';
  /** The fee. */
  readonly feeId: string;
};

/** The fee is disputed already. */
export type FeeAlreadyDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeAlreadyDisputed';
  /** The fee. */
  readonly feeId: string;
};

/** The fee is not disputed. */
export type FeeNotDisputed = {
  /** The rejection's name. */
  readonly type: 'FeeNotDisputed';
  /** The fee. */
  readonly feeId: string;
};

/** Fees of this type may not be waived. */
export type FeeTypeNotWaiveable = {
  /** The rejection's name. */
  readonly type: 'FeeTypeNotWaiveable';
  /** The fee. */
  readonly feeId: string;
  /** Its type. */
  readonly feeType: string;
};

/** The waiver is more than is owed; or, where nothing is owed, more than was transferred and not reversed. */
export type WaiverExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'WaiverExceedsOwed';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What could be waived, a decimal string. */
  readonly owed: string;
};

/** The fee was not charged for a lost item. */
export type FeeNotLostItem = {
  /** The rejection's name. */
  readonly type: 'FeeNotLostItem';
  /** The fee. */
  readonly feeId: string;
};

/** The loan has no lost-item fee. */
export type LostItemFeeNotFound = {
  /** The rejection's name. */
  readonly type: 'LostItemFeeNotFound';
  /** The loan. */
  readonly loanId: string;
};

/** The lost item was returned before. */
export type LostItemAlreadyReturned = {
  /** The rejection's name. */
  readonly type: 'LostItemAlreadyReturned';
  /** The fee. */
  readonly feeId: string;
};

/** Nothing is left of the fee that could be cancelled. */
export type NothingToCancel = {
  /** The rejection's name. */
  readonly type: 'NothingToCancel';
  /** The fee. */
  readonly feeId: string;
};

/** The cancellation is more than is left of the fee. */
export type CancellationExceedsFee = {
  /** The rejection's name. */
  readonly type: 'CancellationExceedsFee';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What could be cancelled, a decimal string. */
  readonly cancellable: string;
};

/** The credit's purpose forbids this use. */
export type CreditPurposeForbids = {
  /** The rejection's name. */
  readonly type: 'CreditPurposeForbids';
  /** The credit. */
  readonly creditId: string;
  /** Its purpose. */
  readonly purpose: CreditPurpose;
};

/** Nothing of the credit is left. */
export type CreditUsedUp = {
  /** The rejection's name. */
  readonly type: 'CreditUsedUp';
  /** The credit. */
  readonly creditId: string;
};

/** The amount is more than what is left of the credit. */
export type AmountExceedsCredit = {
  /** The rejection's name. */
  readonly type: 'AmountExceedsCredit';
  /** The credit. */
  readonly creditId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is unused, a decimal string. */
  readonly unused: string;
};

/** The credit is used: that has to be undone first. */
export type CreditInUse = {
  /** The rejection's name. */
  readonly type: 'CreditInUse';
  /** The credit. */
  readonly creditId: string;
  /** What would have to be withdrawn, a decimal string. */
  readonly amount: string;
  /** What is unused, a decimal string. */
  readonly unused: string;
};

/** The credit is more than the fees that are meant can take. */
export type ApplicationExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'ApplicationExceedsOwed';
  /** The fee that cannot take its part; null when all that are meant cannot take the amount. */
  readonly feeId: string | null;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed, a decimal string. */
  readonly owed: string;
};

/** The transfer is more than is owed. */
export type TransferExceedsOwed = {
  /** The rejection's name. */
  readonly type: 'TransferExceedsOwed';
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed, a decimal string. */
  readonly owed: string;
};

/** No fee and no credit is eligible for transfer. */
export type NothingToTransfer = {
  /** The rejection's name. */
  readonly type: 'NothingToTransfer';
};

/** Nothing of the transfer is pending. */
export type TransferNotPending = {
  /** The rejection's name. */
  readonly type: 'TransferNotPending';
  /** The transfer. */
  readonly transferId: string;
};

/** More was reported as settled than is pending of a credit that was transferred. */
export type SettlementExceedsPending = {
  /** The rejection's name. */
  readonly type: 'SettlementExceedsPending';
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is pending, a decimal string. */
  readonly pending: string;
};

/** All of the transfer is settled or recalled. */
export type NothingToRecall = {
  /** The rejection's name. */
  readonly type: 'NothingToRecall';
  /** The transfer. */
  readonly transferId: string;
};

/** The recall is more than what is left of the transfer. */
export type RecallExceedsTransfer = {
  /** The rejection's name. */
  readonly type: 'RecallExceedsTransfer';
  /** The transfer. */
  readonly transferId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What can be recalled, a decimal string. */
  readonly recallable: string;
};

/** An external credit that reverses the transfer has been sent out: that has to be recalled first. */
export type ReversalAlreadySent = {
  /** The rejection's name. */
  readonly type: 'ReversalAlreadySent';
  /** The transfer. */
  readonly transferId: string;
  /** The credits that were sent. */
  readonly creditIds: readonly string[];
  /** How much of what was sent stands against the recall, a decimal string. */
  readonly amount: string;
};

/** What should be undone has been undone before. */
export type AlreadyUndone = {
  /** The rejection's name. */
  readonly type: 'AlreadyUndone';
  /** The payment, waiver, application or refund. */
  readonly id: string;
};

/** The reversal is more than what is left of the payment. */
export type ReversalExceedsPayment = {
  /** The rejection's name. */
  readonly type: 'ReversalExceedsPayment';
  /** The payment. */
  readonly paymentId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What was not reversed yet, a decimal string. */
  readonly reversible: string;
};

/** Every business "no", told apart by `type`, each with its own fields. Amounts are decimal strings. */
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
  | NothingToRecall
  | RecallExceedsTransfer
  | ReversalAlreadySent
  | AlreadyUndone
  | ReversalExceedsPayment;

/** The name of a rejection. */
export type RejectionType = Rejection['type'];
