import { fold } from '../../account/fold.js';
import { type AccountOfPatron, type AgedDebt, agedDebtTally } from '../../books/agedDebt/agedDebt.js';
import { type AgedDebtJobForm, checkedAgedDebtJobForm } from '../../books/agedDebt/agedDebtForm.js';
import { type EventStore, type StreamId, streamName } from '../../history/eventStore.js';
import { isDate } from '../../input/instant.js';
import { type AccountFinding, unreadable } from '../../job/accountFinding.js';
import { type AccountJobOptions, checkedJobOptions, everyAccount, runJob } from '../../job/job.js';
import { type JobReport, jobHead } from '../../job/jobHead.js';
import { endOfDay, localDay, recordedBefore } from '../../job/localDay.js';
import { onFindingField } from '../../job/tallies.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';

/** The debt by age over all accounts, and who ordered the report. */
export type AgedDebtJobReport = AgedDebt & JobReport;

/**
 * Reports the debt by age over all accounts of an institution, as of a day. Reads one account after the other and keeps
 * only the sums, so memory depends on the number of rows, not on the number of accounts.
 *
 * @param store - the store with the events
 * @param policy - the institution's policy, for the currency and the labels
 * @param form - the institution, the day, the bands, which fees
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the report, as {@link agedDebt} returns it, with who ordered the job; an account that cannot be read is a finding in it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options in `details.faults`; `INVALID_POLICY` for an invalid policy; the signal's reason once it is aborted; any
 * error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAgedDebt } from 'patron-fees/institution';
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
  store: EventStore,
  policy: FeePolicy,
  form: AgedDebtJobForm,
  options: AccountJobOptions = {},
): Promise<AgedDebtJobReport> {
  const rules = definedPolicy(policy);
  const { institution, job, ...checked } = checkedAgedDebtJobForm(form);
  checkedJobOptions(options, { onFinding: onFindingField });
  const { asOf, timeZone } = checked;
  const before = checked.recordedBefore ?? (isDate(asOf) ? endOfDay(localDay(timeZone), asOf) : asOf);
  const tally = agedDebtTally(rules, checked);
  const load = async (stream: StreamId): Promise<AccountOfPatron | AccountFinding> => {
    try {
      const { events } = await store.read(stream);
      const known = events.slice(0, recordedBefore(events, before)).map(({ event }) => event);
      return { ...stream, account: fold(known, undefined, { stream: streamName(stream) }) };
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  for await (const account of runJob(store, everyAccount(store, institution, options.shard), load, options)) {
    const finding = tally.add(account);
    if (finding !== null) await options.onFinding?.(finding);
  }
  const { owners } = checked;
  return { job: jobHead({ ...job, institution, owners }, rules.currency), ...tally.result() };
}
