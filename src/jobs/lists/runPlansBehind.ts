import type { StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import type { AccountFinding } from '../../job/accountFinding.js';
import type { AccountJobOptions } from '../../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type PaymentPlanView, paymentPlans } from '../../views/paymentPlan.js';

/** The accounts and the day of a list of payment plans that are behind. */
export type PlansBehindForm = ReportForm & {
  /** The day, a local date of the library `YYYY-MM-DD`: its instalments count as due. */
  readonly on: string;
};

/** A payment plan with which the patron is behind. */
export type PlanBehind = StreamId & {
  /** The plan as of the day; `behind` is above zero. */
  readonly plan: PaymentPlanView;
};

const formSchema = onlyFields({ ...reportFormFields, on: dateField });

/**
 * Lists the payment plans of an institution with which patrons are behind, e.g. to write to them or to end the plan.
 * Reads the current accounts one after the other, and keeps none of them in memory. Changes nothing.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for labels
 * @param form - the institution and the day
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the plans, in the order of the store's accounts, then the report
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runPlansBehind } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * const instalments = [{ dueOn: '2026-04-01', amount: '5' }];
 * await execute(store, policy, patron, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at },
 *   { type: 'AgreePaymentPlan', id: 'n1', feeIds: ['f1'], instalments, at },
 * ]);
 *
 * for await (const { patronId, plan } of runPlansBehind(store, policy, { institution: 'north', on: '2026-04-02' })) {
 *   [patronId, plan.behind]; //=> ['dverma', '5.00']
 * }
 * ```
 */
export function runPlansBehind(
  stores: JobStores,
  policy: FeePolicy,
  form: PlansBehindForm,
  options: AccountJobOptions = {},
): AsyncGenerator<PlanBehind, JobReport, undefined> {
  const job = openJob(stores, policy, options, { form: () => checkedArgument(formSchema, form, 'form') });
  const { on } = job.form;
  const plansOf = async (stream: StreamId): Promise<readonly PlanBehind[] | AccountFinding> => {
    const { account, finding } = await job.read(stream);
    const plans = paymentPlans(account, job.policy, { on }).filter(({ behind }) => /[1-9]/.test(behind));
    return plans.length > 0 && finding !== null ? finding : plans.map((plan) => ({ ...stream, plan }));
  };
  return job.listing(() => job.eachAccount(plansOf));
}
