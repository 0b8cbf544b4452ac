import {
  type AgedDebt,
  type AgedDebtJobForm,
  agedDebtTally,
  checkedAgedDebtJobForm,
} from '../../books/agedDebt/agedDebt.js';
import type { StreamId } from '../../history/eventStore.js';
import type { AccountJobOptions } from '../../job/job.js';
import type { JobReport } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** The debt by age over all accounts, and who ordered the report. */
export type AgedDebtJobReport = AgedDebt & JobReport;

/**
 * Reports the debt by age over all accounts of an institution, as of a day. Reads one account after the other and keeps
 * only the sums, so memory depends on the number of rows, not on the number of accounts.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency and the labels
 * @param form - the institution, the day, the bands, which fees
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the report, as {@link agedDebt} returns it, with who ordered the job
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAgedDebt } from 'patron-fees/reports';
 *
 * const at = '2026-01-05T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', timeZone: 'America/New_York', bandEndDays: [30, 90] };
 * const march = await runAgedDebt(store, policy, { ...form, asOf: '2026-03-31' });
 * march.total.byBand; //=> ['0.00', '2.50', '0.00']
 * const before = await runAgedDebt(store, policy, { ...form, asOf: '2026-01-04' });
 * before.total.owed; //=> '0.00'
 * ```
 */
export async function runAgedDebt(
  stores: JobStores,
  policy: FeePolicy,
  form: AgedDebtJobForm,
  options: AccountJobOptions = {},
): Promise<AgedDebtJobReport> {
  const job = openJob(stores, policy, options, {
    form: () => checkedAgedDebtJobForm(form),
  });
  const tally = agedDebtTally(job.policy, job.form);
  const load = async (stream: StreamId) => {
    const { account } = await job.read(stream);
    return account.eventCount === 0 ? null : { ...stream, account };
  };
  return job.working(
    async () => {
      for await (const account of job.eachAccount(load)) {
        const finding = tally.add(account);
        if (finding !== null) await job.found(finding);
      }
    },
    () => ({ ...tally.result(), accounts: job.done() }),
  );
}
