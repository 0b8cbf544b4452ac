import type { ClosedLine, CountedLine, FineLine, GraceLine, PeriodsLine } from './explanation.js';
import type { FinePeriod } from './fineRule.js';
import type { OverdueFine } from './overdueFine.js';

/**
 * Writes the explanation of a fine in words for a patron: one sentence a line, in English, the fine last.
 *
 * Amounts are followed by the currency's code; dates are in the library's zone. For another language, write your own
 * text from the lines of {@link OverdueFine}; they have all the data.
 *
 * @param fine - the result of {@link overdueFine}
 * @returns the lines
 *
 * @example
 * ```ts
 * import { defineCalendar, defineFineRule, explanationText, overdueFine } from 'patron-fees/overdue';
 *
 * const fine = overdueFine({
 *   dueAt: '2026-03-02T14:00:00Z',
 *   until: '2026-03-02T16:10:00Z',
 *   rule: defineFineRule({ currency: 'EUR', amount: '1.00', period: { length: 1, unit: 'hour' }, maximum: '2.50' }),
 *   calendar: defineCalendar({ timeZone: 'UTC' }),
 * });
 * explanationText(fine);
 * //=> [
 * //     'Due Mon 2 Mar 2026, 14:00. Counted until Mon 2 Mar 2026, 16:10.',
 * //     'Counted: 130 minutes.',
 * //     'Hours 1 to 3: 3 x 1.00 = 3.00 EUR.',
 * //     'At most 2.50 EUR: -0.50 EUR.',
 * //     'Fine: 2.50 EUR.',
 * //   ]
 * ```
 */
export function explanationText(fine: OverdueFine): readonly string[] {
  return [
    ...fine.explanation.map((line) => sentence(line, fine.currency)),
    `Fine: ${fine.amount} ${fine.currency}.`,
  ];
}

function sentence(line: FineLine, currency: string): string {
  switch (line.kind) {
    case 'notLate':
      return `Not late: due ${moment(line.dueAt)}, counted until ${moment(line.until)}.`;
    case 'late': {
      const due = `Due ${moment(line.dueAt)}`;
      const moved = line.movedFrom
        ? `${due} (moved from ${moment(line.movedFrom)}, when it was closed)`
        : due;
      return `${moved}. Counted until ${moment(line.until)}.`;
    }
    case 'closed':
      return closedSentence(line);
    case 'counted':
      return countedSentence(line);
    case 'grace':
      return graceSentence(line);
    case 'recalled': {
      const what = line.charges === 'allPeriods' ? 'the whole time' : 'what begins after it';
      const before = `the fine was ${line.fineBefore} ${currency} then`;
      return `Recalled ${moment(line.recalledAt)}: other terms hold for ${what}; ${before}.`;
    }
    case 'periods':
      return periodsSentence(line, currency);
    case 'maximum':
      return `At most ${line.limit} ${currency}: ${line.amount} ${currency}.`;
    case 'price':
      return `At most ${line.limit} ${currency}, because of the item's price: ${line.amount} ${currency}.`;
  }
}

function closedSentence({ weekly, closures }: ClosedLine): string {
  const days = weekly.map(({ weekday, days }) => plural(days, capitalized(weekday)));
  const named = closures.map(({ from, to, name }) => {
    const range = from === to ? date(from) : `${date(from)} to ${date(to)}`;
    return name === undefined ? range : `${name} (${range})`;
  });
  return `Closed, not counted: ${[days.join(', '), ...named].filter((part) => part !== '').join('; ')}.`;
}

function countedSentence({ number, unit, withinOpeningHours }: CountedLine): string {
  return `Counted: ${plural(number, unit)}${withinOpeningHours ? ' of opening hours' : ''}.`;
}

function graceSentence({ grace, endsAt, outcome }: GraceLine): string {
  const length = `Grace of ${plural(grace.length, grace.unit)}`;
  if (endsAt === null) return `${length}: it has not ended, since the library has not been open for so long.`;
  switch (outcome) {
    case 'within':
      return `${length}: nothing is charged before ${moment(endsAt)}.`;
    case 'exceeded':
      return `${length}: over since ${moment(endsAt)}, so that it is charged too.`;
    case 'excluded':
      return `${length}: over since ${moment(endsAt)}, and not charged.`;
  }
}

function periodsSentence(
  { from, to, each, amount, period, recalled }: PeriodsLine,
  currency: string,
): string {
  const count = to - from + 1;
  const numbers = count === 1 ? String(from) : `${from} to ${to}`;
  const unit = capitalized(period.unit);
  const what =
    period.length === 1
      ? `${count === 1 ? unit : `${unit}s`} ${numbers}`
      : `${count === 1 ? 'Period' : 'Periods'} ${numbers} of ${plural(period.length, period.unit)}`;
  const rate = recalled ? ', at the rate of a recall' : '';
  return `${what}${rate}: ${count} x ${each} = ${amount} ${currency}.`;
}

/** Formats a number of things, e.g. `2 days`. */
export function plural(count: number, thing: FinePeriod['unit'] | string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Formats a local date for people: `6 Mar 2026`. */
function date(text: string): string {
  const [year, month, day] = partsOf(text);
  return `${day} ${monthNames[month - 1]} ${year}`;
}

/** Formats a local time for people: `Fri 6 Mar 2026, 17:00`. */
function moment(text: string): string {
  const [day = '', time = ''] = text.split('T');
  const weekday = weekdayNames[new Date(`${day}T00:00:00Z`).getUTCDay()];
  const seconds = time.slice(5, 8) === ':00' ? '' : time.slice(5, 8);
  return `${weekday} ${date(day)}, ${time.slice(0, 5)}${seconds}`;
}

function partsOf(text: string): [year: number, month: number, day: number] {
  // A year before 0 begins with a minus.
  const [year, month, day] = text.split(/(?<=\d)-/);
  return [Number(year), Number(month), Number(day)];
}
