import { interpolate } from '../input/interpolate.js';
import type { ClosedLine, FineLine, GraceLine, PeriodsLine } from './explanation.js';
import { englishFineWords, type FineWords, type NumberedPhrase } from './fineWords.js';
import type { OverdueFine } from './overdueFine.js';

/** Options of {@link explanationText}. */
export type ExplanationTextOptions = {
  /**
   * The words of another language, with its dates and its way to write amounts.
   *
   * @defaultValue {@link englishFineWords}
   */
  readonly words?: FineWords;
};

/**
 * Writes the explanation of a fine in words for a patron: one sentence a line, the fine last. English by default.
 *
 * Amounts are followed by the currency's code; dates are in the library's zone.
 *
 * @param fine - the result of {@link overdueFine}
 * @param options - the words of another language
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
export function explanationText(fine: OverdueFine, options: ExplanationTextOptions = {}): readonly string[] {
  const { words = englishFineWords } = options;
  const writer: Writer = {
    words,
    plurals: new Intl.PluralRules(words.language),
    money: (amount) =>
      interpolate(words.money, { amount: writtenAmount(amount, words), currency: fine.currency }),
  };
  return [
    ...fine.explanation.map((line) => sentence(line, writer)),
    interpolate(words.fine, { amount: writer.money(fine.amount) }),
  ];
}

/** The words of a text, and how it writes amounts. */
type Writer = {
  readonly words: FineWords;
  readonly plurals: Intl.PluralRules;
  readonly money: (amount: string) => string;
};

function sentence(line: FineLine, writer: Writer): string {
  const { words, money } = writer;
  const moment = (text: string) => writtenMoment(text, words);
  switch (line.kind) {
    case 'notLate':
      return interpolate(words.notLate, { dueAt: moment(line.dueAt), until: moment(line.until) });
    case 'late': {
      const { dueAt, movedFrom, until } = line;
      return movedFrom === undefined
        ? interpolate(words.late, { dueAt: moment(dueAt), until: moment(until) })
        : interpolate(words.lateAfterMove, {
            dueAt: moment(dueAt),
            movedFrom: moment(movedFrom),
            until: moment(until),
          });
    }
    case 'closed':
      return interpolate(words.closed, { closures: closures(line, writer) });
    case 'counted': {
      const length = numbered(words.lengths[line.unit], line.number, writer);
      return interpolate(line.withinOpeningHours ? words.countedOpen : words.counted, { length });
    }
    case 'grace':
      return graceSentence(line, writer);
    case 'recalled':
      return interpolate(line.charges === 'allPeriods' ? words.recalledWhole : words.recalled, {
        recalledAt: moment(line.recalledAt),
        fineBefore: money(line.fineBefore),
      });
    case 'periods':
      return periodsSentence(line, writer);
    case 'maximum':
    case 'price':
      return interpolate(words[line.kind], { limit: money(line.limit), amount: money(line.amount) });
  }
}

function closures({ weekly, closures }: ClosedLine, writer: Writer): string {
  const { words } = writer;
  const days = weekly.map(({ weekday, days }) => numbered(words.closedWeekdays[weekday], days, writer));
  const named = closures.map(({ from, to, name }) => {
    const range =
      from === to
        ? writtenDate(from, words)
        : interpolate(words.range, { from: writtenDate(from, words), to: writtenDate(to, words) });
    return name === undefined ? range : `${name} (${range})`;
  });
  return [days.join(', '), ...named].filter((part) => part !== '').join('; ');
}

function graceSentence({ grace, endsAt, outcome }: GraceLine, writer: Writer): string {
  const { words } = writer;
  const length = numbered(words.lengthsOf[grace.unit], grace.length, writer);
  if (endsAt === null) return interpolate(words.graceWithoutEnd, { length });
  const sentences = {
    within: words.graceWithin,
    exceeded: words.graceExceeded,
    excluded: words.graceExcluded,
  };
  return interpolate(sentences[outcome], { length, endsAt: writtenMoment(endsAt, words) });
}

function periodsSentence(line: PeriodsLine, writer: Writer): string {
  const { words, money } = writer;
  const { from, to, each, amount, period, recalled } = line;
  const count = to - from + 1;
  const phrase = period.length === 1 ? words.periods[period.unit] : words.longPeriods;
  const length = numbered(words.lengthsOf[period.unit], period.length, writer);
  return interpolate(recalled ? words.costRecalled : words.cost, {
    periods: interpolate(formOf(phrase, count, writer), { from: String(from), to: String(to), length }),
    count: String(count),
    each: writtenAmount(each, words),
    amount: money(amount),
  });
}

function numbered(phrase: NumberedPhrase, count: number, writer: Writer): string {
  return interpolate(formOf(phrase, count, writer), { count: String(count) });
}

/** Returns the form of a phrase for a number. */
function formOf(phrase: NumberedPhrase, count: number, { plurals }: Writer): string {
  const forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = phrase;
  return forms[plurals.select(count)] ?? phrase.other;
}

function writtenAmount(amount: string, { decimalSign }: FineWords): string {
  return amount.replace('.', decimalSign);
}

/** Formats a local date for people: `6 Mar 2026`. */
function writtenDate(text: string, { date, months }: FineWords): string {
  // A year before 0 begins with a minus.
  const [year, month, day] = text.split(/(?<=\d)-/).map(Number) as [number, number, number];
  return interpolate(date, { day: String(day), month: months[month - 1] as string, year: String(year) });
}

/** Formats a local time for people: `Fri 6 Mar 2026, 17:00`. */
function writtenMoment(text: string, words: FineWords): string {
  const [day = '', time = ''] = text.split('T');
  const weekday = words.weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] as string;
  const seconds = time.slice(5, 8) === ':00' ? '' : time.slice(5, 8);
  return interpolate(words.moment, {
    weekday,
    date: writtenDate(day, words),
    time: `${time.slice(0, 5)}${seconds}`,
  });
}
