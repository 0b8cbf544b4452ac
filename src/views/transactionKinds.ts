import type { TransactionKind } from '../account/transaction.js';

/** The factor of a transaction's amount in what remains: added, subtracted or not counted. */
export type Effect = 1 | -1 | 0;

/** The effect of each kind of transaction on what remains of its fee. */
export const effectOnFee: Readonly<Record<TransactionKind, Effect>> = {
  assessed: 1,
  increased: 1,
  decreased: -1,
  accrualEnded: 0,
  payment: -1,
  paymentReversed: 1,
  waiver: -1,
  waiverReversed: 1,
  // The credit is a row of its own; it reduces the fee only when it is applied.
  creditIssued: 0,
  creditApplied: -1,
  creditApplicationReversed: 1,
  creditCancelled: 0,
  creditForfeited: 0,
  creditWithdrawn: 0,
  // The cancelled part was not unused any more.
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
  planAgreed: 0,
  planEnded: 0,
};

/** The effect of each kind of transaction on the unused part of its credit. */
export const effectOnCredit: Readonly<Record<TransactionKind, Effect>> = {
  ...effectOnFee,
  creditIssued: 1,
  creditCancelled: -1,
  creditForfeited: -1,
  creditWithdrawn: -1,
  refund: -1,
  refundReversed: 1,
};

/** A label for each kind of transaction. */
export type TransactionLabels = Readonly<Record<TransactionKind, string>>;

/** The English label of each kind of transaction. */
export const transactionLabels: TransactionLabels = {
  assessed: 'Fee assessed',
  increased: 'Fine increased',
  decreased: 'Fine reduced',
  accrualEnded: 'Fine stopped growing',
  payment: 'Payment',
  paymentReversed: 'Payment reversed',
  waiver: 'Waiver',
  waiverReversed: 'Waiver reversed',
  creditIssued: 'Credit issued',
  creditApplied: 'Credit applied',
  creditApplicationReversed: 'Use of credit reversed',
  creditCancelled: 'Credit cancelled',
  creditForfeited: 'Credit forfeited',
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
  planAgreed: 'Payment plan agreed',
  planEnded: 'Payment plan ended',
};
