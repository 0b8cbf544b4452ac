// A month of a late loan, day by day: the opening hours, the days that counted, and the fine each evening.
import assert from 'node:assert/strict';
import { decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import {
  defineCalendar,
  defineFineRule,
  explanationText,
  nextChange,
  openingsOn,
  overdueFine,
} from 'patron-fees/overdue';
import { summary } from 'patron-fees/views';
import { table } from './support/table.js';

const hours = ['09:00-20:00'];
const openingHours = { monday: hours, tuesday: hours, wednesday: hours, thursday: hours, friday: hours };
const calendar = defineCalendar({
  timeZone: 'America/New_York',
  openingHours: { ...openingHours, saturday: ['10:00-14:00'] },
  closures: [{ from: '2026-03-16', to: '2026-03-20', name: 'Spring break' }],
  specialHours: [{ from: '2026-03-29', hours: ['12:00-18:00'], name: 'Open Sunday' }],
});
const rule = defineFineRule({
  currency: 'USD',
  amount: '0.50',
  period: { length: 1, unit: 'day' },
  closedTime: 'daysExcluded',
  grace: { length: 2, unit: 'day' },
  maximum: '8.00',
});
const loan = { dueAt: '2026-03-04T20:00:00-05:00', rule, calendar };

/** Returns the evening of a day in March, before and after the clocks were set forward on the 8th. */
const evening = (day: number) =>
  `2026-03-${String(day).padStart(2, '0')}T23:59:00${day < 8 ? '-05:00' : '-04:00'}`;
const fineOn = (day: number) => overdueFine({ ...loan, until: evening(day) });

const rows = Array.from({ length: 31 }, (_, index) => {
  const { date, open, openings, name } = openingsOn(calendar, evening(index + 1).slice(0, 10));
  const { amount, counted } = fineOn(index + 1);
  const opened = open ? openings.join(', ') : 'closed';
  return { date, hours: opened, what: name ?? '', late: String(counted.number), fine: amount };
});
console.log(table(rows));

// After two days of grace, those days are charged too.
assert.deepEqual(
  [6, 7, 9].map((day) => fineOn(day).amount),
  ['0.00', '1.50', '2.00'],
);
// Nothing is added while the library is closed, from Sunday to Friday.
assert.equal(fineOn(14).amount, fineOn(20).amount);
assert.deepEqual(nextChange({ ...loan, until: evening(14) }), {
  at: '2026-03-21T00:00:00-04:00',
  amount: '5.00',
});
// From the 28th on, the maximum limits the fine.
assert.deepEqual(
  [27, 28, 31].map((day) => fineOn(day).amount),
  ['7.50', '8.00', '8.00'],
);
assert.equal(nextChange({ ...loan, until: evening(31) }), null);

// The book is returned on the 31st: the fine is charged, and the clerk can explain it.
const fine = fineOn(31);
console.log(explanationText(fine).join('\n'));
const policy = definePolicy({ currency: 'USD' });
const charge = { type: 'AssessFee', id: 'fine-1', feeType: 'OVERDUEFINE', owner: 'MAIN' } as const;
const decision = decide({ ...charge, amount: fine.amount, at: evening(31) }, emptyAccount(), policy);
assert.equal(summary(fold(decision.events), policy).active, '8.00');
