import { formatAmount } from '../money/money.js';
import { assess } from './assessment.js';
import { fineQuestion, type OverdueLoan } from './fineQuestion.js';
import { localTime } from './zone.js';

/** The next change of a fine. Amounts are decimal strings. */
export type NextChange = {
  /** The first moment with the new amount, in local time with its offset. */
  readonly at: string;
  /** The new amount. */
  readonly amount: string;
};

/**
 * Returns when the fine of a loan that stays out changes next, and the new amount: to schedule a run, or to show a
 * patron tomorrow's fine.
 *
 * @param loan - the loan as for {@link overdueFine}; the search begins after `until`
 * @returns the next change, even for a loan that is not yet late; null without one: the maximum is reached, later
 * periods are free, or the library does not open again
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` as {@link overdueFine} does
 *
 * @example
 * ```ts
 * import { defineCalendar, defineFineRule, nextChange } from 'patron-fees/overdue';
 *
 * const loan = {
 *   dueAt: '2026-03-06T23:59:00-05:00',
 *   rule: defineFineRule({ currency: 'USD', amount: '0.25', period: { length: 1, unit: 'day' }, maximum: '0.50' }),
 *   calendar: defineCalendar({ timeZone: 'America/New_York' }),
 * };
 * nextChange({ ...loan, until: '2026-03-01T12:00:00-05:00' }); //=> { at: '2026-03-07T00:00:00-05:00', amount: '0.25' }
 * nextChange({ ...loan, until: '2026-03-07T12:00:00-05:00' }); //=> { at: '2026-03-08T00:00:00-05:00', amount: '0.50' }
 * nextChange({ ...loan, until: '2026-03-08T12:00:00-04:00' }); //=> null
 * ```
 */
export function nextChange(loan: OverdueLoan): NextChange | null {
  const question = fineQuestion(loan);
  const change = assess(question).nextChange(question.until);
  return change
    ? {
        at: localTime(question.schedule.zone, change.at),
        amount: formatAmount(change.amount, question.digits),
      }
    : null;
}
