import * as v from 'valibot';
import { reportsRowsWithoutAccount, type Shard, shardFilter } from '../../history/shard.js';
import { faultText } from '../../input/faults.js';
import { oneByOneField } from '../../input/iterable.js';
import { busy, unreadable } from '../../job/accountFinding.js';
import { appendPlanned, type JobOptions } from '../../job/job.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import type { FindingOptions } from '../../job/tallies.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type AccrualForm, type CheckedAccrualForm, checkedAccrualForm } from './accrualForm.js';
import {
  type AccrualFinding,
  type AccrualReport,
  type AccruedLoan,
  accrualTally,
  type LoanInvalid,
} from './accrualReport.js';
import { accrueGroup } from './accrueGroup.js';
import { accrueLoans } from './accrueLoans.js';
import { type AccruingLoan, type ComputedLoan, computedLoan, type FaultyLoan } from './accruingLoan.js';

/** The loans of an accrual job, the callback for each result, and how the job runs. Progress counts accounts. */
export type AccrualOptions = JobOptions &
  FindingOptions<AccrualFinding> & {
    /**
     * The loans that are overdue, and those that ended since the last run. Group the loans of a patron, so that the
     * account is read only once.
     */
    readonly loans: AsyncIterable<AccruingLoan> | Iterable<AccruingLoan>;
    /**
     * Called with the result of every loan, in the order of the stream, and awaited; results are only summed if left
     * out.
     */
    readonly onLoan?: (loan: AccruedLoan) => void | Promise<void>;
  };

/** The number of a patron's loans that are decided together and whose events are appended in one batch. */
const LOANS_PER_APPEND = 100;

const loansField = oneByOneField<AccrualOptions['loans']>('loans one after the other');

/** Consecutive loans of one patron. */
type Task = { readonly patronId: string; readonly loans: readonly ComputedLoan[] } | FaultyLoan;

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
  return accrue(stores, policy, form, options, 'run');
}

function accrue(
  stores: JobStores,
  givenPolicy: FeePolicy,
  form: AccrualForm,
  options: AccrualOptions,
  mode: 'plan' | 'run',
): Promise<AccrualReport> {
  const job = openJob(stores, givenPolicy, options, {
    form: (rules) => checkedAccrualForm(form, rules),
    options: { loans: loansField, onLoan: v.optional(v.function('a function')) },
  });
  const { store, policy, form: checked } = job;
  const { institution } = checked;
  const nextTurn = turns();
  const work = async (task: Task): Promise<readonly (AccruedLoan | AccrualFinding)[]> => {
    if ('faults' in task) return [loanInvalid(task, institution)];
    const stream = { institution, patronId: task.patronId };
    const turn = nextTurn();
    try {
      const planned = await appendPlanned(store, stream, (account, history) => {
        const current = account();
        if (current.merges.length > 0) return { results: null, events: [] };
        const accrued = accrueLoans(current, history, task.loans, stream, policy);
        return mode === 'run' ? accrued : { ...accrued, events: [] };
      });
      if (planned?.results === null) {
        // A limit counts what is owed in all accounts of the patron: earlier loans of any of them come first.
        await turn.came;
        return await accrueGroup(store, stream, task.loans, policy, mode);
      }
      return planned?.results ?? [busy(stream)];
    } catch (error) {
      return [unreadable(stream, error)];
    } finally {
      turn.end();
    }
  };
  const tally = accrualTally(checked.currency);
  const read = { loans: 0 };
  const tasks = patronsLoans(options.loans, checked, read, options.shard);
  return job.working(
    async () => {
      for await (const loan of job.each<Task, AccruedLoan>(tasks, work)) {
        tally.add(loan);
        await options.onLoan?.(loan);
      }
    },
    () => tally.result(read.loans),
  );
}

/** Returns a function that takes the next turn: it comes when all turns taken before have ended. */
function turns() {
  let last = Promise.resolve();
  return () => {
    const came = last;
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    last = came.then(() => ended);
    return { came, end };
  };
}

/**
 * Computes the fines of loans, and groups consecutive loans of one patron.
 *
 * @param read - counts the loans of the shard
 */
async function* patronsLoans(
  loans: AsyncIterable<unknown> | Iterable<unknown>,
  form: CheckedAccrualForm,
  read: { loans: number },
  shard: Shard | undefined,
): AsyncGenerator<Task> {
  const isMine = shardFilter(shard);
  let row = 0;
  let gathered: { readonly patronId: string; readonly loans: ComputedLoan[] } | undefined;
  for await (const input of loans) {
    row += 1;
    const loan = computedLoan(input, row, form);
    const { institution } = form;
    if (
      loan.patronId === null
        ? !reportsRowsWithoutAccount(shard)
        : !isMine({ institution, patronId: loan.patronId })
    )
      continue;
    read.loans += 1;
    const patronId = 'faults' in loan ? undefined : loan.patronId;
    if (gathered && (patronId !== gathered.patronId || gathered.loans.length >= LOANS_PER_APPEND)) {
      yield gathered;
      gathered = undefined;
    }
    if ('faults' in loan) yield loan;
    else {
      gathered ??= { patronId: loan.patronId, loans: [] };
      gathered.loans.push(loan);
    }
  }
  if (gathered) yield gathered;
}

function loanInvalid({ row, patronId, loanId, faults }: FaultyLoan, institution: string): LoanInvalid {
  const list = faults.map((fault) => faultText(fault, { whole: 'loan' })).join('; ');
  return { code: 'LOAN_INVALID', institution, patronId, loanId, row, faults, message: `row ${row}: ${list}` };
}
