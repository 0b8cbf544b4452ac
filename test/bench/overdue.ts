// `npm run bench -- overdue` measures the computation of a fine, from a loan that is a day late to one that is ten years
// late, for rules that count by the calendar, by the clock, and by opening hours; one JSON line each. Then calendars
// with more exceptions, and the first call in a zone.
import {
  defineCalendar,
  defineFineRule,
  explanationText,
  type FineRuleInput,
  type LibraryCalendarInput,
  nextChange,
  overdueFine,
} from 'patron-fees/overdue';
import { round } from './measure.js';

const day = ['09:00-20:00'];
const usual: LibraryCalendarInput = {
  timeZone: 'America/New_York',
  openingHours: {
    monday: day,
    tuesday: day,
    wednesday: day,
    thursday: day,
    friday: ['09:00-12:00', '13:00-02:00'],
    saturday: ['10:00-16:00'],
  },
  closures: [
    { everyYear: '01-01' },
    { everyYear: '07-04' },
    { everyYear: '12-25' },
    { from: '2020-03-16', to: '2020-06-30', name: 'Pandemic' },
  ],
};

const rules: Record<string, FineRuleInput> = {
  daysCounted: { currency: 'USD', amount: '0.25', period: { length: 1, unit: 'day' } },
  openDays: {
    currency: 'USD',
    amount: '0.25',
    period: { length: 1, unit: 'day' },
    closedTime: 'daysExcluded',
    grace: { length: 2, unit: 'day' },
  },
  openHours: {
    currency: 'USD',
    amount: '0.01',
    period: { length: 1, unit: 'hour' },
    closedTime: 'hoursExcluded',
    grace: { length: 1, unit: 'hour' },
  },
  months: { currency: 'USD', amount: '1.00', period: { length: 1, unit: 'month' } },
};

const dueAt = '2016-03-04T23:59:00-05:00';
const lateBy = { day: 1, week: 7, month: 30, year: 365, tenYears: 3652 };
const until = (days: number) => new Date(Date.parse(dueAt) + days * 86_400_000).toISOString();
const calls = 200;

/** Returns the median processor time of a call, in microseconds; other work on the machine does not count. */
function microseconds(work: () => unknown): number {
  for (let warmUp = 0; warmUp < 300; warmUp++) work();
  const runs = Array.from({ length: 15 }, () => {
    const start = process.cpuUsage();
    for (let call = 0; call < calls; call++) work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / calls;
  });
  return round(runs.sort((a, b) => a - b)[7] as number);
}

const firstCall = process.cpuUsage();
overdueFine({
  dueAt,
  until: until(3652),
  rule: defineFineRule(rules.openHours as FineRuleInput),
  calendar: defineCalendar(usual),
});
const { user, system } = process.cpuUsage(firstCall);
const firstMilliseconds = (user + system) / 1000;
console.log(
  JSON.stringify({
    measured: 'the first call of a process, ten years late',
    milliseconds: round(firstMilliseconds),
  }),
);

const calendar = defineCalendar(usual);
for (const [name, input] of Object.entries(rules)) {
  const rule = defineFineRule(input);
  const costs = Object.entries(lateBy).map(([late, days]) => {
    const loan = { dueAt, until: until(days), rule, calendar };
    return [late, microseconds(() => overdueFine(loan))] as const;
  });
  const tenYears = { dueAt, until: until(3652), rule, calendar };
  const fine = overdueFine(tenYears);
  console.log(
    JSON.stringify({
      rule: name,
      microsecondsACall: Object.fromEntries(costs),
      asText: microseconds(() => explanationText(fine)),
      nextChange: microseconds(() => nextChange(tenYears)),
    }),
  );
}

for (const exceptions of [0, 10, 100, 1000, 3000]) {
  const closures = Array.from({ length: exceptions }, (_, index) => ({
    from: until(index + 1).slice(0, 10),
  }));
  const busy = defineCalendar({ ...usual, closures });
  const rule = defineFineRule(rules.openHours as FineRuleInput);
  const loan = { dueAt, until: until(3652), rule, calendar: busy };
  console.log(JSON.stringify({ exceptions, microsecondsACall: microseconds(() => overdueFine(loan)) }));
}
