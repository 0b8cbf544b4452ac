// A late loan is renewed. One library keeps the fine so far, another forgives it; the renewed loan has a fine of its own.
import assert from 'node:assert/strict';
import { definePolicy, findFee, formatAmount, owed } from 'patron-fees';
import { loadAccount, memoryEventStore } from 'patron-fees/history';
import { type AccruingLoan, overdueFeeId, runAccrual } from 'patron-fees/jobs';
import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
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
const [kept, forgiven]: AccruingLoan[] = ['kept', 'forgiven'].map((loanId) => ({
  patronId: 'u17',
  loanId,
  dueAt: onDay(13, '20:00'),
  owner: 'MAIN',
  rule,
  calendar,
})) as [AccruingLoan, AccruingLoan];

const monday = await runAccrual(store, policy, night(16), { loans: [kept, forgiven] });
assert.deepEqual(monday.total.charged, { count: 2, amount: '3.00' });

// Both are renewed on Tuesday, until Friday the 20th. A renewal has the id of its loan, and its number.
const until = onDay(17, '12:00');
const renewals = [kept, forgiven].map((loan) => ({ ...loan, renewals: 1, dueAt: onDay(20, '20:00') }));
const tuesday = await runAccrual(store, policy, night(17), {
  loans: [
    { ...kept, until, ends: 'renewed' },
    { ...forgiven, until, ends: 'renewed', forgiven: true },
    ...renewals,
  ],
});
assert.deepEqual(tuesday.total.increased, { count: 1, amount: '0.50' });
assert.deepEqual(tuesday.total.decreased, { count: 1, amount: '1.50' });
assert.equal(tuesday.total.ended, 2);
assert.equal(tuesday.total.unchanged, 2);

// One of the renewed loans is returned in time, the other is late again and gets its own fine.
const [lateAgain, inTime] = renewals as [AccruingLoan, AccruingLoan];
const saturday = await runAccrual(store, policy, night(21), {
  loans: [lateAgain, { ...inTime, until: onDay(19, '12:00'), ends: 'returned' }],
});
assert.deepEqual(saturday.total.charged, { count: 1, amount: '0.50' });

const { account } = await loadAccount(store, { institution: 'north', patronId: 'u17' });
const rows = [kept, forgiven, lateAgain, inTime].map(({ loanId, renewals = 0 }) => {
  const fee = findFee(account, overdueFeeId({ loanId, renewals }));
  const owes = fee === undefined ? 'no fine' : formatAmount(owed(fee), 2);
  return { loan: loanId, renewals: String(renewals), owes };
});
assert.deepEqual(
  rows.map(({ owes }) => owes),
  ['2.00', '0.00', '0.50', 'no fine'],
);
console.log(table(rows));
