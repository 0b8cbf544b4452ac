// A book is returned on Saturday but recorded on Wednesday, after its fine was paid: the patron gets the difference back.
import assert from 'node:assert/strict';
import { definePolicy } from 'patron-fees';
import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import { type AccruingLoan, overdueFeeId, runAccrual } from 'patron-fees/jobs';
import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
import { summary, transactions } from 'patron-fees/views';
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
const loan: AccruingLoan = {
  patronId: 'u17',
  loanId: '4711',
  dueAt: onDay(13, '20:00'),
  owner: 'MAIN',
  rule,
  calendar,
};
const desk = { institution: 'north', patronId: 'u17' };

// By Monday night the book is three days late. The patron pays on Tuesday.
const monday = await runAccrual(store, policy, night(16), { loans: [loan] });
assert.deepEqual(monday.total.charged, { count: 1, amount: '1.50' });
const payment = { id: 'p1', amount: '1.50', method: 'CASH', at: onDay(17, '10:00') };
await execute(store, policy, desk, { type: 'ReceivePayment', ...payment });

// On Wednesday the book is found in the book drop, where it had been since Saturday noon: one day late.
const returned: AccruingLoan = { ...loan, until: onDay(14, '12:00'), ends: 'returned' };
const wednesday = await runAccrual(store, policy, night(18), { loans: [returned] });
assert.deepEqual(wednesday.total.decreased, { count: 1, amount: '1.00' });
assert.equal(wednesday.total.ended, 1);

// The fine has ended at 0.50. The dollar paid too much is a credit, which the desk can refund.
const { account } = await loadAccount(store, desk);
const [fee] = account.fees;
assert.deepEqual([fee?.accrual?.total, fee?.accrual?.endCause], [50, 'returned']);
assert.equal(summary(account, policy).active, '-1.00');
const credit = account.credits[0]?.creditId ?? '';
const refund = { id: 'r1', creditId: credit, amount: '1.00', method: 'CASH', at: onDay(19, '10:00') };
const { decision } = await execute(store, policy, desk, { type: 'RefundCredit', ...refund });
assert.equal(decision.accepted, true);

// If the next list contains the loan again, nothing changes.
const thursday = await runAccrual(store, policy, night(19), { loans: [returned] });
assert.equal(thursday.total.unchanged, 1);

const { lines } = transactions(account, policy, { id: overdueFeeId(loan) });
const rows = lines.map(({ at, label, amount }) => ({
  at: at.slice(0, 10),
  label,
  amount,
}));
console.log(table(rows));
