// The refund report of FOLIO on payments and refunds (mod-feesfines 19.5, RefundReportTest), as far as a payments report
// can show it: theirs has a row for each refund with the amount paid so far, ours a row for each day. Theirs nets nothing.
import { describe, expect, it } from 'vitest';
import { type PaymentsReport, paymentsReport } from '../../../src/jobs/reports/index.js';
import { ask, policy } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const on = (day: string) => ({ at: `${day}T10:00:00Z` });
const fee = (id: string, amount: string) =>
  ask('AssessFee', id, { feeType: 'OTHER', amount, owner: 'MAIN', ...on('2019-12-01') });
const pay = (id: string, amount: string, feeId: string, day: string) =>
  ask('ReceivePayment', id, { amount, method: 'CASH', allocations: [{ feeId, amount }], ...on(day) });
/** A paid fee is cancelled, and the resulting credit is refunded. */
const refund = (id: string, feeId: string, amount: string, day: string) => [
  ask('CancelFee', id, { feeId, amount, ...on(day) }),
  ask('RefundCredit', `${id}-paid`, { creditId: `${id}#1`, method: 'CASH', ...on(day) }),
];

/** The refunds of each day, and the amount paid before. */
function refundsOf({ rows }: PaymentsReport) {
  let cents = 0;
  return rows.flatMap(({ day, gross, refunded }) => {
    cents += Math.round(Number(gross) * 100);
    return refunded === '0.00' ? [] : [{ day, refund: refunded, paidSoFar: (cents / 100).toFixed(2) }];
  });
}

function reportOf(
  commands: Parameters<typeof accountWith>[0],
  from: string,
  through: string,
): PaymentsReport {
  const history = { institution: 'north', patronId: 'p', events: accountWith(commands) };
  return paymentsReport([history], policy, { timeZone: 'UTC', from, through, columns: ['day'] });
}

describe('as in another system', () => {
  it('the amount paid before a refund is the running sum, without transfers (multipleAccountMultipleRefunds)', () => {
    const report = reportOf(
      [
        fee('a', '3.10'),
        fee('b', '3.20'),
        fee('c', '2.00'),
        fee('d', '5.70'),
        pay('p1', '3.10', 'a', '2020-01-01'),
        pay('p2', '3.20', 'b', '2020-01-02'),
        ask('TransferFees', 't1', { fees: [{ feeId: 'c' }], ...on('2020-01-03') }),
        ...refund('r1', 'a', '1.00', '2020-01-04'),
        pay('p3', '5.70', 'd', '2020-01-05'),
        ...refund('r2', 'a', '2.10', '2020-01-06'),
        ...refund('r3', 'b', '3.20', '2020-01-06'),
        ...refund('r4', 'd', '3.70', '2020-01-06'),
      ],
      '2020-01-01',
      '2020-01-31',
    );
    expect(refundsOf(report)).toEqual([
      { day: '2020-01-04', refund: '1.00', paidSoFar: '6.30' },
      { day: '2020-01-06', refund: '9.00', paidSoFar: '12.00' },
    ]);
    expect(report.total).toMatchObject({ gross: '12.00', refunded: '10.00', net: '2.00' });
  });

  it('refunds before and after the period are excluded (…BothInsideAndOutsideOfTheInterval)', () => {
    const imported = {
      amount: '3.30',
      cause: 'imported',
      purpose: 'refundable',
      ...on('2019-12-01'),
    } as const;
    const paidOut = (id: string, amount: string, day: string) =>
      ask('RefundCredit', id, { creditId: 'i1', amount, method: 'CASH', ...on(day) });
    const report = reportOf(
      [
        fee('a', '8.00'),
        ask('IssueCredit', 'i1', imported),
        paidOut('r1', '1.00', '2019-12-30'),
        pay('p1', '8.00', 'a', '2020-01-03'),
        paidOut('r2', '1.10', '2020-01-04'),
        paidOut('r3', '1.20', '2020-02-01'),
      ],
      '2020-01-01',
      '2020-01-15',
    );
    expect(refundsOf(report)).toEqual([{ day: '2020-01-04', refund: '1.10', paidSoFar: '8.00' }]);
  });
});
