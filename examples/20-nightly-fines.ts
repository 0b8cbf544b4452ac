// The nightly run over all overdue loans: planned, run, reported, and run again after a crash. Examples 30 to 34 show a
// return recorded late, an emergency closing, a renewal, a loss and a claim.
import assert from 'node:assert/strict';
import { definePolicy } from 'patron-fees';
import { memoryEventStore } from 'patron-fees/history';
import { type AccruingLoan, planAccrual, runAccrual } from 'patron-fees/jobs';
import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
import { table } from './support/table.js';

// No fine grows while a patron owes 6.00 of overdue fines.
const policy = definePolicy({ currency: 'USD', accrualLimits: { OVERDUEFINE: '6.00' } });
const store = memoryEventStore({ now: () => new Date().toISOString() });
const daily = { currency: 'USD', period: { length: 1, unit: 'day' }, closedTime: 'daysExcluded' } as const;
const rules = {
  books: defineFineRule({ ...daily, amount: '0.50', maximum: '10.00' }),
  films: defineFineRule({ ...daily, amount: '1.00', grace: { length: 2, unit: 'day' }, maximum: '20.00' }),
};
const weekday = ['09:00-20:00'];
const openingHours = {
  monday: weekday,
  tuesday: weekday,
  wednesday: weekday,
  thursday: weekday,
  friday: weekday,
};
const calendars = { MAIN: defineCalendar({ timeZone: 'America/New_York', openingHours }) };

const onDay = (day: number, time: string) => `2026-03-${day}T${time}:00-04:00`;
const night = (day: number) => ({
  jobId: `night of 2026-03-${day}`,
  at: onDay(day, '23:00'),
  institution: 'north',
  rules,
  calendars,
});

/** The overdue loans, as a query of the library system would give them: one after the other, patron by patron. */
async function* overdueLoans(): AsyncGenerator<AccruingLoan> {
  for (let patron = 1; patron <= 100; patron++) {
    const loan = { patronId: `u${patron}`, dueAt: onDay(12, '20:00'), owner: 'MAIN', calendar: 'MAIN' };
    yield { ...loan, loanId: `${patron}/1`, rule: 'books' };
    if (patron % 2 === 0) yield { ...loan, loanId: `${patron}/2`, rule: 'films' };
    if (patron === 50) yield { ...loan, loanId: `${patron}/3`, rule: 'maps' }; // this rule is not defined
  }
}

// A plan shows what a run would do, and changes nothing. The weekend and the grace period are not charged.
const plan = await planAccrual(store, policy, night(16), { loans: overdueLoans() });
const monday = await runAccrual(store, policy, night(16), { loans: overdueLoans() });
assert.deepEqual(monday, { ...plan, recordedBefore: monday.recordedBefore });
assert.deepEqual(monday.total.charged, { count: 100, amount: '100.00' });
assert.equal(monday.findings.first[0]?.message, 'row 76: rule: expected a key of form.rules, found maps');

// After a crash the same run is started again: the report is the same, and nothing is done twice.
const again = await runAccrual(store, policy, night(16), { loans: overdueLoans() });
assert.deepEqual({ ...again, earlier: 0, recordedBefore: monday.recordedBefore }, monday);

// Every night the fines are updated. From Thursday on, patrons with two loans owe as much as the limit.
const rows = [];
for (const day of [17, 18, 19, 20, 23]) {
  const { total, notAsComputed } = await runAccrual(store, policy, night(day), { loans: overdueLoans() });
  const { charged, increased } = total;
  const limited = String(notAsComputed);
  rows.push({ night: `March ${day}`, charged: charged.amount, increased: increased.amount, limited });
}
assert.deepEqual(
  rows.map(({ limited }) => limited),
  ['0', '0', '100', '100', '100'],
);
console.log(table(rows));
