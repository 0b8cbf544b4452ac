import { englishCodes, type KnownCodes } from '../../policy/knownCodes.js';
import type { Refusal } from './refusal.js';

/**
 * The payment provider's transaction id is already recorded for a payment that conflicts with this one. The payment is
 * neither a repeat of a recorded part nor a further part: its fees overlap with those of a recorded part, its amount
 * or the transaction's total differs, or that part has been reversed.
 */
export type ExternalTransactionAlreadyUsed = Refusal<'ExternalTransactionAlreadyUsed', 'conflict'> & {
  /** The payment method. */
  readonly method: string;
  /** The provider's id. */
  readonly externalTransactionId: string;
  /** The recorded payment that conflicts. */
  readonly paymentId: string;
  /** The amount of the recorded payment, a decimal string. */
  readonly recordedAmount: string;
  /** The amount of the refused payment, a decimal string. */
  readonly amount: string;
  /** The fees that the recorded payment named; empty if none. */
  readonly feesNamed: readonly string[];
  /** The transaction's total that the recorded payment said, a decimal string; null if it did not say one. */
  readonly recordedTotal: string | null;
  /** Whether the recorded payment has been reversed in full. To enter it again, use another external transaction id. */
  readonly reversed: boolean;
};

/**
 * The payment or refund, or with it the recorded parts, is more than the total of the provider's transaction or refund.
 */
export type ExceedsTransactionTotal = Refusal<'ExceedsTransactionTotal', 'conflict'> & {
  /** The payment method. */
  readonly method: string;
  /** The provider's id. */
  readonly externalTransactionId: string;
  /** The transaction's total, as the command or a recorded part says: a decimal string. */
  readonly total: string;
  /** The sum of the recorded parts, including those that were reversed, a decimal string. */
  readonly recordedAmount: string;
  /** The amount of the refused part, a decimal string. */
  readonly amount: string;
};

/**
 * The payment or refund may be a further part of the provider's transaction or refund, or repeat a recorded part of it.
 * Send it again with the total or, if it is the rest of a payment, with `part: 'rest'`.
 */
export type TransactionAmbiguous = Refusal<'TransactionAmbiguous', 'conflict'> & {
  /** The payment method. */
  readonly method: string;
  /** The provider's id. */
  readonly externalTransactionId: string;
  /** The sum of the recorded parts, including those that were reversed, a decimal string. */
  readonly recordedAmount: string;
  /** The amount of the refused part, a decimal string. */
  readonly amount: string;
};

/**
 * The payment provider's id of the refund is already recorded, and the command is neither a repeat nor a further part:
 * its amount or the refund's total differs, or that refund was undone.
 */
export type ExternalRefundAlreadyUsed = Refusal<'ExternalRefundAlreadyUsed', 'conflict'> & {
  /** The payment method. */
  readonly method: string;
  /** The provider's id. */
  readonly externalTransactionId: string;
  /** The recorded refund of a credit, or the reversal of a payment. */
  readonly refundId: string;
  /** The amount of the recorded refund, a decimal string. */
  readonly recordedAmount: string;
  /** The amount of the refused command, or what it would pay back without one: a decimal string. */
  readonly amount: string;
  /** The provider's total that the recorded refund said, a decimal string; null if it did not say one. */
  readonly recordedTotal: string | null;
  /** Whether the recorded refund was undone. To enter it again, use another external transaction id. */
  readonly undone: boolean;
};

/** The account has no payment with this id. */
export type PaymentNotFound = Refusal<'PaymentNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly paymentId: string;
};

/** The policy has no such payment method. */
export type PaymentMethodUnknown = Refusal<'PaymentMethodUnknown', 'invalid'> & {
  /** The method. */
  readonly method: string;
  /** The payment methods of the policy, and the method that was probably meant. */
  readonly known: KnownCodes;
};

/** The payment exceeds what is owed, and overpayments are not accepted as credits. */
export type PaymentExceedsOwed = Refusal<'PaymentExceedsOwed', 'conflict'> & {
  /** The fee whose allocation exceeds what it owes; null if the payment exceeds what all selected fees owe. */
  readonly feeId: string | null;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** What is owed on that fee, or on the selected fees without disputed ones. A decimal string. */
  readonly owed: string;
};

/** The sum of the allocations exceeds the amount or, if no overpayment is accepted, is less than the amount. */
export type AllocationsDoNotAddUp = Refusal<'AllocationsDoNotAddUp', 'invalid'> & {
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The sum of the allocations, a decimal string. */
  readonly allocated: string;
};

/** The reversal exceeds what is left of the payment. */
export type ReversalExceedsPayment = Refusal<'ReversalExceedsPayment', 'conflict'> & {
  /** The payment. */
  readonly paymentId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The amount not reversed yet, a decimal string. */
  readonly reversible: string;
};

/** The English sentences of these rejections. */
export const englishPaymentRejections = {
  ExternalTransactionAlreadyUsed:
    'The {method} transaction {externalTransactionId} is already recorded: payment {paymentId}, of {recordedAmount}.',
  ExceedsTransactionTotal:
    'The {method} transaction {externalTransactionId} is {total} in all: {recordedAmount} is recorded, and {amount} is too much.',
  TransactionAmbiguous:
    'It is unclear whether {amount} is a further part of the {method} transaction {externalTransactionId} or is in the {recordedAmount} that is recorded. State the total of the transaction, or that this is the rest.',
  ExternalRefundAlreadyUsed:
    'The {method} refund {externalTransactionId} is already recorded: {refundId}, of {recordedAmount}.',
  PaymentNotFound: 'This patron has no payment {paymentId}.',
  PaymentMethodUnknown: ({ method, known }: PaymentMethodUnknown) =>
    `There is no payment method ${method}.${englishCodes(known)}`,
  PaymentExceedsOwed: ({ feeId, amount, owed }: PaymentExceedsOwed) =>
    `${amount} is more than the ${owed} that is owed${feeId === null ? '' : ` on fee ${feeId}`}.`,
  AllocationsDoNotAddUp: 'The parts add up to {allocated}, but the amount is {amount}.',
  ReversalExceedsPayment: '{amount} is more than the {reversible} that is left of payment {paymentId}.',
};
