// A week of nightly runs over overdue loans: a return recorded late, an emergency closing, a renewal, a loss, a claim.
import assert from 'node:assert/strict';
import { definePolicy, findFee, formatAmount, owed } from 'patron-fees';
import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import { type AccruingLoan, overdueFeeId, planAccrual, runAccrual } from 'patron-fees/institution';
import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
import { table } from './support/table.js';

const [institution, timeZone] = ['north', 'America/New_York'];
const policy = definePolicy({ currency: 'USD' });
const store = memoryEventStore({ now: () => new Date().toISOString() });
const daily = { currency: 'USD', amount: '0.50', period: { length: 1, unit: 'day' } } as const;
const books = defineFineRule({ ...daily, closedTime: 'daysExcluded', maximum: '10.00' });
const asPlanned = defineCalendar({ timeZone });
const flood = { from: '2026-03-17', to: '2026-03-18', name: 'Flood' };
const afterTheFlood = defineCalendar({ timeZone, closures: [flood] });

const onDay = (day: number, time: string) => `2026-03-${day}T${time}:00-04:00`;
const night = (day: number, MAIN = asPlanned) => {
  const terms = { rules: { books }, calendars: { MAIN } };
  return { jobId: `night of 2026-03-${day}`, at: onDay(day, '23:00'), institution, ...terms };
};

// Every loan was due on Friday the 13th.
const late = { dueAt: onDay(13, '20:00'), owner: 'MAIN', rule: 'books', calendar: 'MAIN' };
const loan = (loanId: string): AccruingLoan => ({ ...late, loanId, patronId: `patron of ${loanId}` });
const [kept, lateReturn, renewal] = [loan('kept'), loan('late return'), loan('renewal')];
const [loss, claim] = [loan('loss'), loan('claim')];
const loans = [kept, lateReturn, renewal, loss, claim];
const monday = await runAccrual(store, policy, night(16), { loans });
assert.deepEqual(monday.total.charged, { count: 5, amount: '7.50' });

// The fine of the late return is paid on Tuesday. Then it turns out that the book was returned on Saturday: most of the
// payment becomes a credit.
const desk = { institution, patronId: lateReturn.patronId };
const paid = { id: 'p1', amount: '1.50', method: 'CASH', at: onDay(17, '10:00') };
await execute(store, policy, desk, { type: 'ReceivePayment', ...paid });
const changed: AccruingLoan[] = [
  kept,
  { ...lateReturn, until: onDay(14, '12:00'), ends: 'returned' },
  { ...renewal, until: onDay(16, '12:00'), ends: 'renewed', forgiven: true }, // this library forgives on renewal
  { ...renewal, renewals: 1, dueAt: onDay(20, '20:00') }, // a fine of its own, once it is late
  { ...loss, until: onDay(17, '12:00'), ends: 'lost' },
  { ...claim, until: onDay(17, '12:00') }, // grows no further until somebody has looked on the shelf
];
const plan = await planAccrual(store, policy, night(18), { loans: changed });
const wednesday = await runAccrual(store, policy, night(18), { loans: changed });
assert.deepEqual(wednesday, plan);
assert.deepEqual(wednesday.total.increased, { count: 3, amount: '2.00' });
assert.deepEqual(wednesday.total.decreased, { count: 2, amount: '2.50' });
assert.equal(wednesday.total.ended, 3);
assert.equal((await loadAccount(store, desk)).account.credits.length, 1);

// On Thursday the library declares that it was flooded: patrons who still have a book owe nothing for Tuesday and Wednesday.
// The claimed book was found on the shelf.
const left: AccruingLoan[] = [kept, { ...claim, ends: 'other', forgiven: true }];
const thursday = await runAccrual(store, policy, night(19, afterTheFlood), { loans: left });
assert.deepEqual(thursday.total.decreased, { count: 2, amount: '2.50' });

// Run again, after a crash or by mistake: the report is the same, and nothing is done twice.
const twice = await runAccrual(store, policy, night(19, afterTheFlood), { loans: left });
assert.deepEqual(twice, { ...thursday, earlier: 2 });

const rows = [];
for (const { loanId, patronId } of loans) {
  const { account } = await loadAccount(store, { institution, patronId });
  const fee = findFee(account, overdueFeeId({ loanId }));
  rows.push({ loan: loanId, owes: fee === undefined ? 'no fine' : formatAmount(owed(fee), 2) });
}
console.log(table(rows));
