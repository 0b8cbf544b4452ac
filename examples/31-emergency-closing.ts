// The library declares on Thursday that it was closed on Tuesday and Wednesday: the next nightly run lowers the fines.
import assert from 'node:assert/strict';
import { definePolicy } from 'patron-fees';
import { loadAccount, memoryEventStore } from 'patron-fees/history';
import { type AccruingLoan, planAccrual, runAccrual } from 'patron-fees/jobs';
import { defineCalendar, defineFineRule, explanationText, overdueFine } from 'patron-fees/overdue';
import { summary } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const store = memoryEventStore({ now: () => new Date().toISOString() });
const books = defineFineRule({
  currency: 'USD',
  amount: '0.50',
  period: { length: 1, unit: 'day' },
  closedTime: 'daysExcluded',
});
const timeZone = 'America/New_York';
const asPlanned = defineCalendar({ timeZone });
const flood = { from: '2026-03-17', to: '2026-03-18', name: 'Flood' };
const afterTheFlood = defineCalendar({ timeZone, closures: [flood] });

const onDay = (day: number, time: string) => `2026-03-${day}T${time}:00-04:00`;
const night = (day: number, MAIN: typeof asPlanned) => ({
  jobId: `night of 2026-03-${day}`,
  at: onDay(day, '23:00'),
  institution: 'north',
  rules: { books },
  calendars: { MAIN, LAW: asPlanned },
});
const dueAt = onDay(13, '20:00');
const loans: AccruingLoan[] = [
  { patronId: 'u17', loanId: '1', dueAt, owner: 'MAIN', rule: 'books', calendar: 'MAIN' },
  { patronId: 'u18', loanId: '2', dueAt, owner: 'MAIN', rule: 'books', calendar: 'MAIN' },
  { patronId: 'u18', loanId: '3', dueAt, owner: 'LAW', rule: 'books', calendar: 'LAW' },
];

// On Wednesday night every loan is five days late.
const wednesday = await runAccrual(store, policy, night(18, asPlanned), { loans });
assert.deepEqual(wednesday.total.charged, { count: 3, amount: '7.50' });

// On Thursday the closing is added to the calendar. A plan shows what the next run will do.
const plan = await planAccrual(store, policy, night(19, afterTheFlood), { loans });
const thursday = await runAccrual(store, policy, night(19, afterTheFlood), { loans });
assert.deepEqual(thursday, plan);

// Loans of the main library: two days less, one day more. The law library was open.
const byOwner = thursday.rows.map(({ owner, increased, decreased }) => [
  owner,
  increased.amount,
  decreased.amount,
]);
assert.deepEqual(byOwner, [
  ['LAW', '0.50', '0.00'],
  ['MAIN', '0.00', '1.00'],
]);
const { account } = await loadAccount(store, { institution: 'north', patronId: 'u17' });
assert.equal(summary(account, policy).active, '2.00');

// The clerk can show the patron why.
const fine = overdueFine({ dueAt, until: onDay(19, '23:00'), rule: books, calendar: afterTheFlood });
const lines = explanationText(fine);
assert.ok(lines.some((line) => line.includes('Flood')));
console.log(lines.join('\n'));
