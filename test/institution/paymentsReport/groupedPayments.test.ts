import { expect, it } from 'vitest';
import { groupedPayments, paymentsReport } from '../../../src/institution/index.js';
import { ask, policy } from '../../support/account.js';
import { accountWith } from '../accountWith.js';

const events = accountWith([
  ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' }),
  ask('ReceivePayment', 'p2', { amount: '3', method: 'CHECK' }),
  ask('ReceivePayment', 'p3', { amount: '0.05', method: 'CASH', at: '2026-03-03T12:00:00Z' }),
  ask('ReversePayment', 'r1', { paymentId: 'p2' }),
  ask('RefundCredit', 'b1', { creditId: 'p1#1', method: 'CHECK' }),
]);
const history = { institution: 'north', patronId: 'p', events };
const form = { timeZone: 'UTC', from: '2026-03-01', to: '2026-03-31', by: ['day', 'method'] as const };
const report = paymentsReport([history], policy, form);

it('groups sum the rows, including negative ones', () => {
  const { by, rows, total } = groupedPayments(report, ['method']);
  expect(by).toEqual(['method']);
  expect(rows.map(({ method, net }) => [method, net])).toEqual([
    ['CASH', '5.05'],
    ['CHECK', '-5.00'],
  ]);
  expect(total).toEqual(report.total);
});

it('refuses unknown and repeated columns', () => {
  for (const by of [['desk'], ['day', 'day'], ['constructor'], 'day', undefined]) {
    expect(() => groupedPayments(report, by as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('by') }),
    );
  }
});
