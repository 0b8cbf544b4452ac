import { expect, it } from 'vitest';
import { groupedPayments, paymentsReport } from '../../../src/jobs/reports/index.js';
import { ask, policyWith } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const by = (userId: string) => ({ channel: 'desk', desk: 'CIRC', userId }) as const;
const fee = (id: string, feeType: string, owner: string) =>
  ask('AssessFee', id, { feeType, amount: '4.00', owner, by: by('mo') });

/** A payment for two fees and a credit, one that bounced, and a refund. */
const events = accountWith([
  fee('f1', 'OVERDUEFINE', 'MAIN'),
  fee('f2', 'OTHER', 'LAW'),
  ask('ReceivePayment', 'p1', { amount: '10.00', method: 'CASH', by: by('mo') }),
  fee('f3', 'OTHER', 'MAIN'),
  ask('ReceivePayment', 'p2', { amount: '4.00', method: 'CHECK', by: by('kim') }),
  ask('ReversePayment', 'r1', { paymentId: 'p2', by: by('mo') }),
  ask('RefundCredit', 'b1', { creditId: 'p1#1', method: 'CASH', by: by('mo') }),
]);
const policy = policyWith({ overpayment: 'credit' });
const report = paymentsReport([{ institution: 'north', patronId: 'p', events }], policy, {
  timeZone: 'UTC',
  from: '2026-01-01',
  through: '2026-12-31',
  columns: ['user', 'method', 'owner', 'feeType'],
});

it('a payment counts once, at its first fee, for any grouping of the rows', () => {
  expect(report.total.payments).toBe(2);
  expect(
    report.rows.map(({ user, owner, feeType, payments, gross }) => [user, owner, feeType, payments, gross]),
  ).toEqual([
    ['kim', 'MAIN', 'OTHER', 1, '4.00'],
    ['mo', 'LAW', 'OTHER', 0, '4.00'],
    ['mo', 'MAIN', 'OVERDUEFINE', 1, '4.00'],
    ['mo', null, null, 0, '2.00'],
    ['mo', 'MAIN', 'OTHER', 0, '0.00'],
  ]);
});

it.each([
  [
    ['user'],
    [
      ['kim', 1],
      ['mo', 1],
    ],
  ],
  [
    ['method'],
    [
      ['CASH', 1],
      ['CHECK', 1],
    ],
  ],
  [
    ['feeType'],
    [
      ['OTHER', 1],
      ['OVERDUEFINE', 1],
      [null, 0],
    ],
  ],
] as const)('grouped by %j the counts sum to the number of payments', (columns, counts) => {
  const { rows, total } = groupedPayments(report, columns);
  expect(rows.map((row) => [row[columns[0]], row.payments])).toEqual(counts);
  expect(rows.reduce((count, { payments }) => count + payments, 0)).toBe(total.payments);
});

it('a payment that is only a credit counts without a fee, and one outside the period not at all', () => {
  const prepaid = accountWith([
    ask('ReceivePayment', 'p1', { amount: '5.00', method: 'CASH' }),
    ask('ReceivePayment', 'p2', { amount: '5.00', method: 'CASH', at: '2027-01-01T09:00:00Z' }),
  ]);
  const form = { timeZone: 'UTC', from: '2026-01-01', through: '2026-12-31', columns: ['feeType'] } as const;
  const { rows, total } = paymentsReport(
    [{ institution: 'north', patronId: 'p', events: prepaid }],
    policy,
    form,
  );
  expect(rows.map(({ feeType, payments }) => [feeType, payments])).toEqual([[null, 1]]);
  expect(total.payments).toBe(1);
});
