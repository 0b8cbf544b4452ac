// A late book is declared lost: its fine ends that day. Then it is charged, paid, and turns up after all.
import assert from 'node:assert/strict';
import { definePolicy } from 'patron-fees';
import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import { type AccruingLoan, overdueFeeId, runAccrual } from 'patron-fees/jobs';
import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
import { finesAndFees, summary } from 'patron-fees/views';
import { table } from './support/table.js';

const policy = definePolicy({ currency: 'USD' });
const store = memoryEventStore({ now: () => new Date().toISOString() });
const rule = defineFineRule({ currency: 'USD', amount: '0.50', period: { length: 1, unit: 'day' } });
const calendar = defineCalendar({ timeZone: 'America/New_York' });

const onDay = (day: number, time: string) => `2026-03-${day}T${time}:00-04:00`;
const night = (day: number) => ({
  jobId: `night of 2026-03-${day}`,
  at: onDay(day, '23:00'),
  institution: 'north',
});
const desk = { institution: 'north', patronId: 'u17' };
const loan: AccruingLoan = {
  patronId: 'u17',
  loanId: '4711',
  dueAt: onDay(13, '20:00'),
  owner: 'MAIN',
  rule,
  calendar,
};
const monday = await runAccrual(store, policy, night(16), { loans: [loan] });
assert.deepEqual(monday.total.charged, { count: 1, amount: '1.50' });

// On Tuesday the patron declares the book lost. The fine ends; the lost item's fee is charged at the desk.
const lost: AccruingLoan = { ...loan, until: onDay(17, '12:00'), ends: 'lost' };
const replacement = {
  id: 'lost',
  feeType: 'LOSTITEMREPLACEMENTFEE',
  amount: '40.00',
  owner: 'MAIN',
  loanId: '4711',
};
await execute(store, policy, desk, { type: 'AssessFee', ...replacement, at: onDay(17, '12:00') });
const wednesday = await runAccrual(store, policy, night(18), { loans: [lost] });
assert.deepEqual(wednesday.total.increased, { count: 1, amount: '0.50' });
assert.equal(wednesday.total.ended, 1);

// It does not grow afterwards.
const thursday = await runAccrual(store, policy, night(19), { loans: [lost] });
assert.equal(thursday.total.unchanged, 1);

// Everything is paid on Friday. A week later the book turns up: the lost item's fee is given back, the fine is not.
const payment = { id: 'p1', amount: '42.00', method: 'CASH', at: onDay(20, '10:00') };
await execute(store, policy, desk, { type: 'ReceivePayment', ...payment });
await execute(store, policy, desk, {
  type: 'ReturnLostItem',
  id: 'found',
  feeIds: ['lost'],
  at: onDay(27, '10:00'),
});
const { account } = await loadAccount(store, desk);
assert.equal(summary(account, policy).active, '-40.00');
const fine = account.fees.find(({ feeId }) => feeId === overdueFeeId(loan));
assert.deepEqual([fine?.original, fine?.paid, fine?.accrual?.endCause], [200, 200, 'lost']);

const { rows } = finesAndFees(account, policy);
console.log(table(rows.map(({ typeLabel, original, status }) => ({ fee: typeLabel, original, status }))));
