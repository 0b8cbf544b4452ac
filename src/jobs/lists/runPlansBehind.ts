import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { loadAccount } from '../../history/loadAccount.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type AccountFinding, unreadable } from '../../job/accountFinding.js';
import { checkedJobOptions, everyAccount, type JobOptions, runJob } from '../../job/job.js';
import { type JobReport, jobHead, type OrderedForm, orderedFormFields, reported } from '../../job/jobHead.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { type PaymentPlanView, paymentPlans } from '../../views/paymentPlan.js';

/** The accounts and the day of a list of payment plans that are behind. */
export type PlansBehindForm = OrderedForm & {
  /** The institution of the accounts. */
  readonly institution: string;
  /** The day, a local date of the library `YYYY-MM-DD`: its instalments count as due. */
  readonly on: string;
};

/** A payment plan with which the patron is behind. */
export type PlanBehind = StreamId & {
  /** The plan as of the day; `behind` is above zero. */
  readonly plan: PaymentPlanView;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({ ...orderedFormFields, institution: nameField, on: dateField }),
);

/**
 * Lists the payment plans of an institution with which patrons are behind, e.g. to write to them or to end the plan.
 * Reads the accounts as they are now, one after the other, and keeps none. Changes nothing.
 *
 * @param store - the store with the events
 * @param policy - the institution's policy, for labels
 * @param form - the institution and the day
 * @param options - progress; signal; concurrency
 * @returns the plans, in the order of the store's accounts, then who ordered the job; a finding for an account that
 * cannot be read. Iterating
 * rejects with the signal's reason once it is aborted, and with any error of the store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options in `details.faults`; `INVALID_POLICY` for an invalid policy
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runPlansBehind } from 'patron-fees/institution';
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
 * for await (const result of runPlansBehind(store, policy, { institution: 'north', on: '2026-04-02' })) {
 *   'plan' in result && [result.patronId, result.plan.behind]; //=> ['dverma', '5.00']
 * }
 * ```
 */
export function runPlansBehind(
  store: EventStore,
  policy: FeePolicy,
  form: PlansBehindForm,
  options: JobOptions = {},
): AsyncGenerator<PlanBehind | AccountFinding, JobReport, undefined> {
  const known = definedPolicy(policy);
  const { institution, on, job } = checkedArgument(formSchema, form, 'form');
  checkedJobOptions(options, {});
  const plansOf = async (stream: StreamId): Promise<readonly (PlanBehind | AccountFinding)[]> => {
    try {
      const { account } = await loadAccount(store, stream);
      const plans = paymentPlans(account, known, { on }).filter(({ behind }) => /[1-9]/.test(behind));
      return plans.map((plan) => ({ ...stream, plan }));
    } catch (error) {
      return [unreadable(stream, error)];
    }
  };
  const lists = runJob(store, everyAccount(store, institution, options.shard), plansOf, options);
  return reported(eachOf(lists), jobHead({ ...job, institution }, known.currency));
}

async function* eachOf<Result>(lists: AsyncIterable<readonly Result[]>): AsyncGenerator<Result> {
  for await (const list of lists) yield* list;
}
