import { type OnlineRejection, onlineRejectionText } from 'patron-fees/online';
import { expect, it } from 'vitest';

const fee = { patronId: 'ann', feeId: 'f1' };
const ids = { externalTransactionId: 're_1', of: 'ch_1', onlinePaymentId: 'o1' };
const money = {
  amount: '5.00',
  payable: '4.00',
  left: '3.00',
  minimumAmount: '2.00',
  recordedAmount: '6.00',
  reported: 'ch_9',
  expectedTotal: '13.00',
  total: '13.50',
};
const currencies = { currency: 'EUR', expected: 'USD', accountCurrency: 'EUR', policyCurrency: 'USD' };
const faults = [{ path: 'amount', expected: 'an amount above 0', found: '-1' }];
const all = { ...fee, ...ids, ...money, ...currencies, faults, because: 'disputed' };

it.each([
  ['InvalidOnlinePayment', 'amount: expected an amount above 0.'],
  ['NoOnlinePayments', 'Fees cannot be paid online here.'],
  ['OnlineFeeNotFound', 'The account ann has no fee f1.'],
  ['FeeNotPayableOnline', 'The fee f1 cannot be paid online (disputed).'],
  ['OnlineAmountExceedsPayable', '5.00 is more than the 4.00 that can be paid of the fee f1.'],
  ['NothingPayableOnline', 'There is nothing to pay online.'],
  ['BelowMinimumAmount', '5.00 is less than the minimum amount of 2.00.'],
  ['NotExactBalance', 'The whole balance of 4.00 must be paid, not 5.00.'],
  ['OnlineAccountInOtherCurrency', 'The account ann is in EUR, the policy in USD.'],
  ['AmountChanged', 'The total is 13.50, not 13.00: show it again before it is paid.'],
  ['PaymentInProgress', 'The online payment o1 is in progress for one of these fees.'],
  ['OnlinePaymentIdUsed', 'The online payment o1 was started with other parts.'],
  ['OnlinePaymentHasEnded', 'The online payment o1 has ended: start another.'],
  ['OnlinePaymentUnknown', 'There is no online payment o1.'],
  ['ReportInOtherCurrency', 're_1 is in EUR, the payment in USD.'],
  ['ReportDiffers', 're_1 is recorded with 6.00, not with 5.00.'],
  [
    'PerhapsReported',
    're_1 of 5.00 may be ch_9, which is recorded: if it is another one, its payout records it.',
  ],
  ['TransactionOfOtherPayment', 're_1 belongs to the online payment o1.'],
  ['CaptureUnknown', 're_1 gives back ch_1, which is not known yet: report it again later.'],
  ['ReturnExceedsCapture', 're_1 gives back 5.00, but 3.00 is left of ch_1.'],
])('%s: %s', (type, text) => {
  expect(onlineRejectionText({ ...all, type } as unknown as OnlineRejection)).toBe(text);
});
