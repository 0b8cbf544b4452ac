import type { TransactionKind } from '../account/transaction.js';

/** What a transaction does to an amount that is left: adds its own to it, takes its own from it, or neither. */
export type Effect = 1 | -1 | 0;

/** What each kind of transaction does to what remains of the fee it stands at. */
export const effectOnFee: Readonly<Record<TransactionKind, Effect>> = {
  assessed: 1,
  increased: 1,
  decreased: -1,
  accrualEnded: 0,
  payment: -1,
  paymentReversed: 1,
  waiver: -1,
  waiverReversed: 1,
  // A credit of the fee is a row of its own: what remains of the fee stays until the credit is applied.
  creditIssued: 0,
  creditApplied: -1,
  creditApplicationReversed: 1,
  creditCancelled: 0,
  creditWithdrawn: 0,
  // What had been cancelled is unused no more.
  cancelledCreditWithdrawn: 0,
  refund: 0,
  refundReversed: 0,
  transfer: -1,
  settlement: 0,
  settlementReversed: 0,
  recall: 1,
  cancellation: -1,
  disputed: 0,
  disputeResolved: 0,
  returned: 0,
};

/** What each kind of transaction does to what is unused of the credit it stands at. */
export const effectOnCredit: Readonly<Record<TransactionKind, Effect>> = {
  ...effectOnFee,
  creditIssued: 1,
  creditCancelled: -1,
  creditWithdrawn: -1,
  refund: -1,
  refundReversed: 1,
};

/** What a person sees for each kind of transaction, in English. Show your own words by the line's `kind`. */
export const transactionLabels: Readonly<Record<TransactionKind, string>> = {
  assessed: 'Fee assessed',
  increased: 'Fine increased',
  decreased: 'Fine reduced',
  accrualEnded: 'Fine grows no more',
  payment: 'Payment',
  paymentReversed: 'Payment reversed',
  waiver: 'Waiver',
  waiverReversed: 'Waiver reversed',
  creditIssued: 'Credit issued',
  creditApplied: 'Credit applied',
  creditApplicationReversed: 'Use of credit reversed',
  creditCancelled: 'Credit cancelled',
  creditWithdrawn: 'Credit withdrawn',
  cancelledCreditWithdrawn: 'Cancelled credit withdrawn',
  refund: 'Refund',
  refundReversed: 'Refund reversed',
  transfer: 'Transferred',
  settlement: 'Transfer settled',
  settlementReversed: 'Settlement reversed',
  recall: 'Transfer recalled',
  cancellation: 'Cancelled',
  disputed: 'Disputed',
  disputeResolved: 'Dispute resolved',
  returned: 'Item returned',
};
