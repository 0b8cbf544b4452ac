import { formatAmount } from '../money/money.js';
import { assess } from './assessment.js';
import { explain, type FineLine } from './explanation.js';
import { fineQuestion, type OverdueLoan } from './fineQuestion.js';

/** The fine of a late loan, with its explanation: plain JSON. Amounts are decimal strings. */
export type OverdueFine = {
  /** The fine, in the format of `AssessFee` and `AccrueFine`; zero if nothing is charged. */
  readonly amount: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The number of periods charged. */
  readonly periods: number;
  /** The time that counts, without closed time that does not count, and without grace that is never charged. */
  readonly counted: {
    /** The number of units. */
    readonly number: number;
    /** The unit. */
    readonly unit: 'minute' | 'hour' | 'day' | 'month';
  };
  /** The limit that reduced the fine, or null. */
  readonly limitedBy: 'maximum' | 'price' | null;
  /** The calculation line by line; the sum of the lines' amounts is the fine. As text: {@link explanationText}. */
  readonly explanation: readonly FineLine[];
};

/**
 * Computes the fine of a late loan, with its explanation.
 *
 * The same input always gives the same result, on every machine: nothing depends on a clock or a setting. The computing
 * time does not depend on how late a loan is.
 *
 * @param loan - the due date, the time to count to, and the rule, calendar and price
 * @returns the fine and its explanation; a fine of zero if nothing is charged, e.g. for a return in time
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid instants, rules, calendars or
 * prices; for a missing price if the rule requires one; for a fine of more than twelve digits if the rule has no
 * maximum
 *
 * @example
 * ```ts
 * import { defineCalendar, defineFineRule, explanationText, overdueFine } from 'patron-fees/overdue';
 *
 * const open = ['09:00-20:00'];
 * const calendar = defineCalendar({
 *   timeZone: 'America/New_York',
 *   openingHours: { monday: open, tuesday: open, wednesday: open, thursday: open, friday: open },
 *   closures: [{ from: '2026-03-12', name: 'Staff day' }],
 * });
 * const rule = defineFineRule({
 *   currency: 'USD',
 *   amount: '0.25',
 *   period: { length: 1, unit: 'day' },
 *   closedTime: 'daysExcluded',
 *   maximum: '10.00',
 * });
 * const fine = overdueFine({
 *   dueAt: '2026-03-06T23:59:00-05:00',
 *   until: '2026-03-16T10:30:00-04:00',
 *   rule,
 *   calendar,
 * });
 * fine.amount; //=> '1.25'
 * fine.counted; //=> { number: 5, unit: 'day' }
 * explanationText(fine);
 * //=> [
 * //     'Due Fri 6 Mar 2026, 23:59. Counted until Mon 16 Mar 2026, 10:30.',
 * //     'Closed, not counted: 2 Saturdays, 2 Sundays; Staff day (12 Mar 2026).',
 * //     'Counted: 5 days.',
 * //     'Days 1 to 5: 5 x 0.25 = 1.25 USD.',
 * //     'Fine: 1.25 USD.',
 * //   ]
 * ```
 */
export function overdueFine(loan: OverdueLoan): OverdueFine {
  const question = fineQuestion(loan);
  const assessment = assess(question);
  const fineNow = assessment.at(question.until);
  const { amount, periods, counted, limit, terms } = fineNow;
  const { shown } = terms.clock;
  return {
    amount: formatAmount(amount, question.digits),
    currency: question.rule.currency,
    periods,
    counted: { number: shown === 'minute' ? Math.floor(counted / 60_000) : counted, unit: shown },
    limitedBy: limit?.by ?? null,
    explanation: explain(question, assessment, fineNow),
  };
}

/** Returns the amount of {@link overdueFine} without the explanation, for a job over many loans. */
export function overdueAmount(loan: OverdueLoan): string {
  const question = fineQuestion(loan);
  return formatAmount(assess(question).at(question.until).amount, question.digits);
}
