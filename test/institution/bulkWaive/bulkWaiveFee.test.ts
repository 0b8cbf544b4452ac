import { expect, it } from 'vitest';
import { definePolicy, formatAmount } from '../../../src/index.js';
import { bulkWaiveFee } from '../../../src/institution/bulkWaive/bulkWaiveFee.js';
import { accountAfter, assess, assessLost, pay } from '../../support/account.js';

const policy = definePolicy({
  currency: 'USD',
  feeTypes: {
    OVERDUEFINE: { label: 'Overdue fine' },
    LOST100: { label: 'Lost item', lostItem: true },
    TAX: { label: 'Tax', waiveable: false },
  },
});

const { fees } = accountAfter([
  assess('fine', '10'),
  assessLost('lost', '60'),
  assess('tax', '5', { feeType: 'TAX' }),
  assess('old', '3', { feeType: 'OTHER' }),
  pay('p1', '4', { feeIds: ['fine'] }),
]);

const lines = (chosen?: readonly string[]) =>
  fees.map((fee) => {
    const { feeId, owed, waived, asCredit, because } = bulkWaiveFee(
      fee,
      chosen && new Set(chosen),
      policy,
      (minor) => formatAmount(minor, 2),
    );
    return [feeId, owed, waived, asCredit, because];
  });

it('waives the owed amount of every fee with a waiveable type; of a lost item as a credit', () => {
  expect(lines()).toEqual([
    ['fine', '6.00', '6.00', false, null],
    ['lost', '60.00', '60.00', true, null],
    ['tax', '5.00', '0.00', false, 'FeeTypeNotWaiveable'],
    ['old', '3.00', '0.00', false, 'FeeTypeUnknown'],
  ]);
});

it('skips types that were not chosen, even those that are not waiveable', () => {
  expect(lines(['LOST100']).map(([feeId, , waived, , because]) => [feeId, waived, because])).toEqual([
    ['fine', '0.00', 'FeeTypeNotChosen'],
    ['lost', '60.00', null],
    ['tax', '0.00', 'FeeTypeNotChosen'],
    ['old', '0.00', 'FeeTypeNotChosen'],
  ]);
});
