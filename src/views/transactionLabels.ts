import type { TransactionKind } from '../account/transaction.js';

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
