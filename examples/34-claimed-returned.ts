// Patrons claim to have returned three late books. The fines stop growing until staff have checked the shelf.
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
const loan = (loanId: string): AccruingLoan => ({
  patronId: `patron of ${loanId}`,
  loanId,
  dueAt: onDay(13, '20:00'),
  owner: 'MAIN',
  rule,
  calendar,
});
const [found, kept, lost] = [loan('found'), loan('kept'), loan('lost')];

const monday = await runAccrual(store, policy, night(16), { loans: [found, kept, lost] });
assert.deepEqual(monday.total.charged, { count: 3, amount: '4.50' });

// The claims are made on Tuesday noon: the fines grow until then, and no further.
const claimed = [found, kept, lost].map((each) => ({ ...each, until: onDay(17, '12:00') }));
const tuesday = await runAccrual(store, policy, night(17), { loans: claimed });
assert.deepEqual(tuesday.total.increased, { count: 3, amount: '1.50' });
const thursday = await runAccrual(store, policy, night(19), { loans: claimed });
assert.equal(thursday.total.unchanged, 3);

// On Friday the first book is on the shelf: its patron owes nothing. The second one is at the patron's home after all:
// its fine continues as if no claim had been made. The third one is not found: it was lost on the day of the claim.
const friday = await runAccrual(store, policy, night(20), {
  loans: [
    { ...found, ends: 'other', forgiven: true },
    kept,
    { ...lost, until: onDay(17, '12:00'), ends: 'lost' },
  ],
});
assert.deepEqual(friday.total.decreased, { count: 1, amount: '2.00' });
assert.deepEqual(friday.total.increased, { count: 1, amount: '1.50' });
assert.equal(friday.total.ended, 2);

const rows = [];
for (const { loanId, patronId } of [found, kept, lost]) {
  const { account } = await loadAccount(store, { institution: 'north', patronId });
  const fee = findFee(account, overdueFeeId({ loanId }));
  const ended = fee?.accrual?.endCause ?? 'grows';
  rows.push({ book: loanId, fine: ended, owes: fee === undefined ? 'no fine' : formatAmount(owed(fee), 2) });
}
assert.deepEqual(
  rows.map(({ owes }) => owes),
  ['0.00', '3.50', '2.00'],
);
console.log(table(rows));
