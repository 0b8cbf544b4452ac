import type { JobStores } from '../../job/jobStores.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { AccrualForm, AccrualReport } from './accrualForm.js';
import type { AccrualOptions } from './accrue.js';

/**
 * Returns the report that {@link runAccrual} would return, and stores nothing.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the run: its id, its time, rules and calendars
 * @param options - the loans; callbacks for results, findings and progress; signal; concurrency
 * @returns what would be charged, increased and decreased
 * @throws as {@link runAccrual} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { planAccrual } from 'patron-fees/jobs';
 * import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
 *
 * const store = memoryEventStore({ now: () => '2026-03-10T02:00:00Z' });
 * const policy = definePolicy({ currency: 'USD' });
 * const form = {
 *   jobId: 'night of 2026-03-09',
 *   at: '2026-03-10T02:00:00-04:00',
 *   institution: 'north',
 *   rules: { books: defineFineRule({ currency: 'USD', amount: '0.25', period: { length: 1, unit: 'day' } }) },
 *   calendars: { MAIN: defineCalendar({ timeZone: 'America/New_York' }) },
 * };
 * const late = { dueAt: '2026-03-06T23:59:00-05:00', owner: 'MAIN', rule: 'books', calendar: 'MAIN' };
 * const loans = [{ ...late, patronId: 'dverma', loanId: '4711' }];
 * const plan = await planAccrual(store, policy, form, { loans });
 * plan.total.charged; //=> { count: 1, amount: '1.00' }
 * ```
 */
export async function planAccrual(
  stores: JobStores,
  policy: FeePolicy,
  form: AccrualForm,
  options: AccrualOptions,
): Promise<AccrualReport> {
  const { accrue } = await import('./accrue.js');
  return accrue(stores, policy, form, options, 'plan');
}

/**
 * Charges the current fines of overdue loans. For every loan of the stream, the job computes the fine as `overdueFine`
 * does and sends it to the patron's account as {@link index.AccrueFine | AccrueFine}. A new fine is charged. A fine
 * that grew is increased; one that fell (a return entered late, a closing declared afterwards) is decreased. The growth
 * of a fine ends when its loan does. If the patron has merged accounts, a fine grows where it was charged, and a new
 * one is charged to the account that the others are merged into.
 *
 * The fee's id is made of the loan's: {@link overdueFeeId}. The id of a loan's command is `jobId`, `/`, the fee's id.
 * Its events carry `jobId` as their correlation id.
 *
 * Run a job that ended early again with the same form: it finds in the accounts what was done, does nothing twice, and
 * reports on both runs. A loan for which the earlier run had other data is a finding (`IdAlreadyUsed`); the next
 * night's run brings it up to date. A loan that cannot be computed, an account that cannot be read, and a fine that the
 * account refuses are findings, and the job continues.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the run: its id, its time, rules and calendars
 * @param options - the loans; callbacks for results, findings and progress; signal; concurrency
 * @returns what was charged, increased and decreased, and what could not be done
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form, its rules and calendars, and the options in `details.faults`, `INVALID_POLICY` for an invalid
 * policy. Later: `JOB_CANCELLED` with the report so far once the signal is aborted; any error of the store, the stream
 * of loans, `onLoan` or `onFinding`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { runAccrual } from 'patron-fees/jobs';
 * import { defineCalendar, defineFineRule } from 'patron-fees/overdue';
 *
 * const store = memoryEventStore({ now: () => '2026-03-10T02:00:00Z' });
 * const policy = definePolicy({ currency: 'USD' });
 * const form = {
 *   jobId: 'night of 2026-03-09',
 *   at: '2026-03-10T02:00:00-04:00',
 *   institution: 'north',
 *   rules: { books: defineFineRule({ currency: 'USD', amount: '0.25', period: { length: 1, unit: 'day' } }) },
 *   calendars: { MAIN: defineCalendar({ timeZone: 'America/New_York' }) },
 * };
 * const late = { dueAt: '2026-03-06T23:59:00-05:00', owner: 'MAIN', rule: 'books', calendar: 'MAIN' };
 * const loan = { ...late, patronId: 'dverma', loanId: '4711' };
 * (await runAccrual(store, policy, form, { loans: [loan] })).total.charged; //=> { count: 1, amount: '1.00' }
 *
 * // The next night: it had been returned the day before.
 * const next = { ...form, jobId: 'night of 2026-03-10', at: '2026-03-11T02:00:00-04:00' };
 * const returned = { ...loan, until: '2026-03-09T18:00:00-04:00', ends: 'returned' } as const;
 * const report = await runAccrual(store, policy, next, { loans: [returned] });
 * report.total.decreased; //=> { count: 1, amount: '0.25' }
 * report.total.ended; //=> 1
 * ```
 */
export async function runAccrual(
  stores: JobStores,
  policy: FeePolicy,
  form: AccrualForm,
  options: AccrualOptions,
): Promise<AccrualReport> {
  // Zone data takes a third of the time in which the jobs are loaded.
  const { accrue } = await import('./accrue.js');
  return accrue(stores, policy, form, options, 'run');
}
