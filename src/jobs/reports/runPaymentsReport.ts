import * as v from 'valibot';
import {
  type CheckedPaymentsForm,
  checkedPaymentsJobForm,
  type PaymentsReport,
  type PaymentsReportJobForm,
  paymentsTally,
} from '../../books/payments/paymentsReport.js';
import type { StreamId } from '../../history/eventStore.js';
import { ofShard } from '../../history/shard.js';
import { DAY_MS } from '../../input/instant.js';
import type { AccountJobOptions } from '../../job/job.js';
import type { JobReport } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { hadEvents, localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** Finds the accounts whose money passed a till in a period, so that a report need not read the others. */
export type TillIndex = {
  /**
   * Returns each account with a payment, a refund or the reversal of one in a period, once; it may return others too.
   *
   * @param institution - the institution of the accounts
   * @param period - the first instant of the period, and the first one after it; by `at` or `recordedAt` of the events
   */
  readonly accounts: (
    institution: string,
    period: {
      /** The first instant. */
      readonly from: string;
      /** The first instant after the period. */
      readonly before: string;
      /** The time of an event that counts. */
      readonly by: 'at' | 'recordedAt';
    },
  ) => AsyncIterable<StreamId>;
};

/** How {@link runPaymentsReport} runs. */
export type PaymentsReportOptions = AccountJobOptions & {
  /**
   * The index of a table of accounts, `tillIndex` of PostgreSQL or SQLite: only accounts with movements in the period
   * are read and counted.
   *
   * @defaultValue all accounts are read
   */
  readonly till?: TillIndex;
};

/** A payments report over all accounts, and who ordered it. */
export type PaymentsJobReport = PaymentsReport & JobReport;

/**
 * Makes a payments report over all accounts at an institution. Reads one account after the other and keeps only the
 * sums, so memory depends on the number of rows, not on the number of accounts.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency
 * @param form - the institution, the period and the columns
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the report, as {@link paymentsReport} returns it, with who ordered the job
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runPaymentsReport } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
 * const by = { channel: 'desk', desk: 'CIRC', library: 'MAIN' } as const;
 * const payment = { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at, by } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, payment);
 *
 * const days = { timeZone: 'America/New_York', from: '2026-03-02', through: '2026-03-02' };
 * const report = await runPaymentsReport(store, policy, { institution: 'north', ...days, desks: ['CIRC'] });
 * report.total.net; //=> '5.00'
 * ```
 */
export async function runPaymentsReport(
  stores: JobStores,
  policy: FeePolicy,
  form: PaymentsReportJobForm,
  options: PaymentsReportOptions = {},
): Promise<PaymentsJobReport> {
  const job = openJob(stores, policy, options, {
    form: () => checkedPaymentsJobForm(form),
    options: { till: tillField },
  });
  const { store, form: checked } = job;
  const { till, shard } = options;
  const accounts = till
    ? ofShard(till.accounts(checked.institution, periodAround(checked)), shard)
    : job.accounts();
  const tally = paymentsTally(job.policy, checked);
  const dayAt = localDay(checked.timeZone);
  const isOver = (instant: string) => dayAt(instant) > checked.through;
  const read = async (stream: StreamId) => {
    const { events } = await store.read(stream);
    return hadEvents(events, checked.dayOf, isOver) ? { ...stream, events } : null;
  };
  return job.working(
    async () => {
      for await (const history of job.eachAccount(read, accounts)) {
        const finding = tally.add(history);
        if (finding !== null) await job.found(finding);
      }
    },
    () => ({ ...tally.result(), accounts: job.done() }),
  );
}

/** The schema of the option `till`. */
export const tillField = v.optional(
  v.custom<TillIndex>((input) => typeof (input as TillIndex | null)?.accounts === 'function', 'a till index'),
);

/** Returns the period of a report with a day on either side: no zone is further away from UTC. */
function periodAround({
  from,
  through,
  dayOf,
}: Pick<CheckedPaymentsForm, 'from' | 'through' | 'dayOf'>): Parameters<TillIndex['accounts']>[1] {
  const instant = (day: string, days: number) =>
    new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString();
  return { from: instant(from, -1), before: instant(through, 2), by: dayOf };
}
