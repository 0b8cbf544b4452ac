import type { PeriodUnit } from './fineRule.js';
import type { Weekday } from './localDate.js';

/** The forms of a phrase by number: the plural categories of `Intl.PluralRules` that the language has. */
export type NumberedPhrase = {
  /** The form for numbers such as 1, if the language has it. */
  readonly one?: string;
  /** The form for numbers such as 2 to 4 in Slavic languages, if the language has it. */
  readonly few?: string;
  /** The form for numbers such as 5 and more in Slavic languages, if the language has it. */
  readonly many?: string;
  /** The form for all other numbers. */
  readonly other: string;
};

/**
 * The words of {@link explanationText}. In a sentence, `{name}` is replaced by a value: a moment, a length of time, an
 * amount with its currency, or a number.
 */
export type FineWords = {
  /** The language of these words, a BCP 47 tag. It decides which form of a phrase a number takes. */
  readonly language: string;
  /** The sign between the whole number and the decimals of an amount. */
  readonly decimalSign: '.' | ',';
  /** An amount: `{amount}`, `{currency}` (ISO 4217 code). */
  readonly money: string;
  /** A date: `{day}`, `{month}`, `{year}`. */
  readonly date: string;
  /** A moment: `{weekday}`, `{date}`, `{time}` (24 hours). */
  readonly moment: string;
  /** The days of the week from Sunday on, short, as part of a moment. */
  readonly weekdays: readonly string[];
  /** The months from January on, as part of a date. */
  readonly months: readonly string[];
  /** A range of dates: `{from}`, `{to}`. */
  readonly range: string;
  /** A loan that is not late: `{dueAt}`, `{until}`. */
  readonly notLate: string;
  /** A late loan: `{dueAt}`, `{until}`. */
  readonly late: string;
  /** A late loan whose due date moved to an open day: `{dueAt}`, `{movedFrom}`, `{until}`. */
  readonly lateAfterMove: string;
  /** Closed days that do not count: `{closures}`, a list. */
  readonly closed: string;
  /** A number of closed days of the week: `{count}`. */
  readonly closedWeekdays: Readonly<Record<Weekday, NumberedPhrase>>;
  /** The counted time: `{length}`. */
  readonly counted: string;
  /** The counted time, of opening hours only: `{length}`. */
  readonly countedOpen: string;
  /** A length of time: `{count}`. */
  readonly lengths: Readonly<Record<PeriodUnit, NumberedPhrase>>;
  /** A length of time after the words for "of", as in "grace of 2 days": `{count}`. */
  readonly lengthsOf: Readonly<Record<PeriodUnit, NumberedPhrase>>;
  /** Grace that never ends, as the library does not open: `{length}`. */
  readonly graceWithoutEnd: string;
  /** Grace that is not over: `{length}`, `{endsAt}`. */
  readonly graceWithin: string;
  /** Grace that is over and is charged too: `{length}`, `{endsAt}`. */
  readonly graceExceeded: string;
  /** Grace that is over and is not charged: `{length}`, `{endsAt}`. */
  readonly graceExcluded: string;
  /** A recall that changes the later periods: `{recalledAt}`, `{fineBefore}`. */
  readonly recalled: string;
  /** A recall that changes the whole time: `{recalledAt}`, `{fineBefore}`. */
  readonly recalledWhole: string;
  /** Periods of one unit: `{from}`, `{to}`. */
  readonly periods: Readonly<Record<PeriodUnit, NumberedPhrase>>;
  /** Periods of several units: `{from}`, `{to}`, `{length}`. */
  readonly longPeriods: NumberedPhrase;
  /** The cost of periods: `{periods}`, `{count}`, `{each}` (without currency), `{amount}`. */
  readonly cost: string;
  /** The cost of periods at the rate of a recall: `{periods}`, `{count}`, `{each}` (without currency), `{amount}`. */
  readonly costRecalled: string;
  /** The maximum was reached: `{limit}`, `{amount}`. */
  readonly maximum: string;
  /** The limit by the item's price was reached: `{limit}`, `{amount}`. */
  readonly price: string;
  /** The fine: `{amount}`. */
  readonly fine: string;
};

const lengths: FineWords['lengths'] = {
  minute: { one: '{count} minute', other: '{count} minutes' },
  hour: { one: '{count} hour', other: '{count} hours' },
  day: { one: '{count} day', other: '{count} days' },
  week: { one: '{count} week', other: '{count} weeks' },
  month: { one: '{count} month', other: '{count} months' },
  year: { one: '{count} year', other: '{count} years' },
};

/**
 * The English words of {@link explanationText}.
 *
 * @example
 * ```ts
 * import { englishFineWords } from 'patron-fees/overdue';
 *
 * englishFineWords.fine; //=> 'Fine: {amount}.'
 * ```
 */
export const englishFineWords: FineWords = {
  language: 'en',
  decimalSign: '.',
  money: '{amount} {currency}',
  date: '{day} {month} {year}',
  moment: '{weekday} {date}, {time}',
  weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  range: '{from} to {to}',
  notLate: 'Not late: due {dueAt}, counted until {until}.',
  late: 'Due {dueAt}. Counted until {until}.',
  lateAfterMove: 'Due {dueAt} (moved from {movedFrom}, when it was closed). Counted until {until}.',
  closed: 'Closed, not counted: {closures}.',
  closedWeekdays: {
    monday: { one: '{count} Monday', other: '{count} Mondays' },
    tuesday: { one: '{count} Tuesday', other: '{count} Tuesdays' },
    wednesday: { one: '{count} Wednesday', other: '{count} Wednesdays' },
    thursday: { one: '{count} Thursday', other: '{count} Thursdays' },
    friday: { one: '{count} Friday', other: '{count} Fridays' },
    saturday: { one: '{count} Saturday', other: '{count} Saturdays' },
    sunday: { one: '{count} Sunday', other: '{count} Sundays' },
  },
  counted: 'Counted: {length}.',
  countedOpen: 'Counted: {length} of opening hours.',
  lengths,
  lengthsOf: lengths,
  graceWithoutEnd: 'Grace of {length}: it has not ended, since the library has not been open for so long.',
  graceWithin: 'Grace of {length}: nothing is charged before {endsAt}.',
  graceExceeded: 'Grace of {length}: over since {endsAt}, so that it is charged too.',
  graceExcluded: 'Grace of {length}: over since {endsAt}, and not charged.',
  recalled:
    'Recalled {recalledAt}: other terms hold for what begins after it; the fine was {fineBefore} then.',
  recalledWhole:
    'Recalled {recalledAt}: other terms hold for the whole time; the fine was {fineBefore} then.',
  periods: {
    minute: { one: 'Minute {from}', other: 'Minutes {from} to {to}' },
    hour: { one: 'Hour {from}', other: 'Hours {from} to {to}' },
    day: { one: 'Day {from}', other: 'Days {from} to {to}' },
    week: { one: 'Week {from}', other: 'Weeks {from} to {to}' },
    month: { one: 'Month {from}', other: 'Months {from} to {to}' },
    year: { one: 'Year {from}', other: 'Years {from} to {to}' },
  },
  longPeriods: { one: 'Period {from} of {length}', other: 'Periods {from} to {to} of {length}' },
  cost: '{periods}: {count} x {each} = {amount}.',
  costRecalled: '{periods}, at the rate of a recall: {count} x {each} = {amount}.',
  maximum: 'At most {limit}: {amount}.',
  price: "At most {limit}, because of the item's price: {amount}.",
  fine: 'Fine: {amount}.',
};
