import { englishFaults } from '../account/rejections/commandRejections.js';
import type { Refusal } from '../account/rejections/refusal.js';
import type { RejectionWords } from '../account/rejections/rejectionText.js';
import type { Fault } from '../errors.js';
import type { NotPayableOnline } from '../views/payableOnline.js';

/** The form of a payment or of a report is malformed: an amount that is not above 0, for example. */
export type InvalidOnlinePayment = Refusal<'InvalidOnlinePayment', 'invalid'> & {
  /** What is wrong, field by field. */
  readonly faults: readonly Fault[];
};

/** The policy has no `onlinePayments`, or does not allow patrons to pay online (`onlinePayments: false`). */
export type NoOnlinePayments = Refusal<'NoOnlinePayments', 'forbidden'>;

/** The account has no such fee. */
export type OnlineFeeNotFound = Refusal<'OnlineFeeNotFound', 'notFound'> & {
  /** The patron. */
  readonly patronId: string;
  /** The fee. */
  readonly feeId: string;
};

/** The fee cannot be paid online. */
export type FeeNotPayableOnline = Refusal<'FeeNotPayableOnline', 'conflict'> & {
  /** The patron. */
  readonly patronId: string;
  /** The fee. */
  readonly feeId: string;
  /** Why not; `closed` if nothing is left to pay. */
  readonly because: NotPayableOnline | 'closed';
};

/** More than what can be paid of a fee. */
export type OnlineAmountExceedsPayable = Refusal<'OnlineAmountExceedsPayable', 'conflict'> & {
  /** The patron. */
  readonly patronId: string;
  /** The fee. */
  readonly feeId: string;
  /** The amount of the part, a decimal string. */
  readonly amount: string;
  /** What can be paid, a decimal string. */
  readonly payable: string;
};

/** None of the patrons has anything that can be paid online. */
export type NothingPayableOnline = Refusal<'NothingPayableOnline', 'conflict'>;

/** Less than the policy's `minimumAmount`. */
export type BelowMinimumAmount = Refusal<'BelowMinimumAmount', 'conflict'> & {
  /** The amount, without service fee: a decimal string. */
  readonly amount: string;
  /** The least amount, a decimal string. */
  readonly minimumAmount: string;
};

/** The policy wants the whole balance paid (`exactBalance`), and this is less. */
export type NotExactBalance = Refusal<'NotExactBalance', 'conflict'> & {
  /** The amount, without service fee: a decimal string. */
  readonly amount: string;
  /** What every patron named can pay online, a decimal string. */
  readonly payable: string;
};

/** An account is in another currency than the policy. */
export type OnlineAccountInOtherCurrency = Refusal<'OnlineAccountInOtherCurrency', 'conflict'> & {
  /** The patron. */
  readonly patronId: string;
  /** The account's currency. */
  readonly accountCurrency: string;
  /** The policy's currency. */
  readonly policyCurrency: string;
};

/**
 * Another online payment holds one of the fees: it has neither ended nor expired, a debit is under way, or it is not
 * recorded yet. While a debit is under way, it may be the payment of the form itself.
 */
export type PaymentInProgress = Refusal<'PaymentInProgress', 'conflict'> & {
  /** The other payment. */
  readonly onlinePaymentId: string;
};

/** Another online payment, with other parts, has this id. */
export type OnlinePaymentIdUsed = Refusal<'OnlinePaymentIdUsed', 'conflict'> & {
  /** The id. */
  readonly onlinePaymentId: string;
};

/** The payment of this id has ended or expired, and nothing was taken: start another, with a new id. */
export type OnlinePaymentHasEnded = Refusal<'OnlinePaymentHasEnded', 'conflict'> & {
  /** The id. */
  readonly onlinePaymentId: string;
};

/** The total is not what the page showed: fees or the service fee have changed. Nothing is stored: show the page again. */
export type AmountChanged = Refusal<'AmountChanged', 'conflict'> & {
  /** What the page showed, a decimal string. */
  readonly expectedTotal: string;
  /** What is to be paid, a decimal string. */
  readonly total: string;
};

/** Why an online payment is not started. */
export type StartRejection =
  | InvalidOnlinePayment
  | NoOnlinePayments
  | OnlineFeeNotFound
  | FeeNotPayableOnline
  | OnlineAmountExceedsPayable
  | NothingPayableOnline
  | BelowMinimumAmount
  | NotExactBalance
  | OnlineAccountInOtherCurrency
  | AmountChanged
  | PaymentInProgress
  | OnlinePaymentIdUsed
  | OnlinePaymentHasEnded;

/** The institution has no such online payment. If the money was taken, somebody must find out whose it is. */
export type OnlinePaymentUnknown = Refusal<'OnlinePaymentUnknown', 'notFound'> & {
  /** The id in the report. */
  readonly onlinePaymentId: string;
};

/** A capture or return is in another currency than the payment. */
export type ReportInOtherCurrency = Refusal<'ReportInOtherCurrency', 'conflict'> & {
  /** The provider's id of the capture or of the return. */
  readonly externalTransactionId: string;
  /** The payment's currency. */
  readonly expected: string;
  /** The currency of the report. */
  readonly currency: string;
};

/** A capture or return was reported before with another amount, or a return of another capture. */
export type ReportDiffers = Refusal<'ReportDiffers', 'conflict'> & {
  /** The provider's id of the capture or of the return. */
  readonly externalTransactionId: string;
  /** The recorded amount, a decimal string. */
  readonly recordedAmount: string;
  /** The amount of the report, a decimal string. */
  readonly amount: string;
};

/**
 * The payment already has a capture of the same amount. One of the two was recorded from a row of a payout, because
 * nobody had reported it; the other one is in no payout. Perhaps they are one capture, reported by another id than its
 * row has, so nothing is recorded. If it is another capture, the row of its payout records it.
 */
export type PerhapsReported = Refusal<'PerhapsReported', 'conflict'> & {
  /** The provider's id of the capture. */
  readonly externalTransactionId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The id of the capture that is recorded. */
  readonly reported: string;
};

/** The transaction belongs to another online payment. */
export type TransactionOfOtherPayment = Refusal<'TransactionOfOtherPayment', 'conflict'> & {
  /** The provider's id of the capture or of the return. */
  readonly externalTransactionId: string;
  /** The payment that it belongs to. */
  readonly onlinePaymentId: string;
};

/**
 * The capture that was given back is not known yet: report the return again later. If the policy no longer has the
 * payment method, the capture is found only if the report names a payment of that method.
 */
export type CaptureUnknown = Refusal<'CaptureUnknown', 'notFound'> & {
  /** The provider's id of the return. */
  readonly externalTransactionId: string;
  /** The provider's id of the capture. */
  readonly of: string;
};

/** More went back than is left of the capture. */
export type ReturnExceedsCapture = Refusal<'ReturnExceedsCapture', 'conflict'> & {
  /** The provider's id of the return. */
  readonly externalTransactionId: string;
  /** The provider's id of the capture. */
  readonly of: string;
  /** The amount of the return, a decimal string. */
  readonly amount: string;
  /** What is left of the capture, a decimal string. */
  readonly left: string;
};

/** Why a part of a report is refused. */
export type ReportRejection =
  | InvalidOnlinePayment
  | OnlinePaymentUnknown
  | ReportInOtherCurrency
  | ReportDiffers
  | PerhapsReported
  | TransactionOfOtherPayment
  | CaptureUnknown
  | ReturnExceedsCapture;

/** Why an online payment is not started, or a part of a report is refused. */
export type OnlineRejection = StartRejection | ReportRejection;

/** The English sentences of these rejections. */
export const englishOnlineRejections: RejectionWords<OnlineRejection> = {
  InvalidOnlinePayment: englishFaults,
  NoOnlinePayments: 'Fees cannot be paid online here.',
  OnlineFeeNotFound: 'The account {patronId} has no fee {feeId}.',
  FeeNotPayableOnline: 'The fee {feeId} cannot be paid online ({because}).',
  OnlineAmountExceedsPayable: '{amount} is more than the {payable} that can be paid of the fee {feeId}.',
  NothingPayableOnline: 'There is nothing to pay online.',
  BelowMinimumAmount: '{amount} is less than the minimum amount of {minimumAmount}.',
  NotExactBalance: 'The whole balance of {payable} must be paid, not {amount}.',
  OnlineAccountInOtherCurrency:
    'The account {patronId} is in {accountCurrency}, the policy in {policyCurrency}.',
  PaymentInProgress: 'The online payment {onlinePaymentId} is in progress for one of these fees.',
  AmountChanged: 'The total is {total}, not {expectedTotal}: show it again before it is paid.',
  OnlinePaymentIdUsed: 'The online payment {onlinePaymentId} was started with other parts.',
  OnlinePaymentHasEnded: 'The online payment {onlinePaymentId} has ended: start another.',
  OnlinePaymentUnknown: 'There is no online payment {onlinePaymentId}.',
  ReportInOtherCurrency: '{externalTransactionId} is in {currency}, the payment in {expected}.',
  ReportDiffers: '{externalTransactionId} is recorded with {recordedAmount}, not with {amount}.',
  PerhapsReported:
    '{externalTransactionId} of {amount} may be {reported}, which is recorded: if it is another one, its payout records it.',
  TransactionOfOtherPayment: '{externalTransactionId} belongs to the online payment {onlinePaymentId}.',
  CaptureUnknown: '{externalTransactionId} gives back {of}, which is not known yet: report it again later.',
  ReturnExceedsCapture: '{externalTransactionId} gives back {amount}, but {left} is left of {of}.',
};
