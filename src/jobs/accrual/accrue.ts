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
import {
  type AccrualFinding,
  type AccrualForm,
  type AccrualReport,
  type AccruedLoan,
  accrualTally,
  type CheckedAccrualForm,
  checkedAccrualForm,
  type LoanInvalid,
} from './accrualForm.js';
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

/** Runs an accrual job, or plans it. */
export function accrue(
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
