import * as v from 'valibot';
import { instantField, nameField } from '../../account/fieldSchemas.js';
import { loadAccountAsOf } from '../../history/asOf.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { loadAccount } from '../../history/loadAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { checkedArgument } from '../../views/checkedArgument.js';
import { type AccountFinding, unreadable } from '../accountFinding.js';
import { everyAccount } from '../everyAccount.js';
import { type JobOptions, runJob } from '../job.js';
import { type AccountOfPatron, type AgedDebt, openAgedDebt } from './agedDebt.js';
import type { AgedDebtForm } from './agedDebtForm.js';

/** How aged debt is told over a store. */
export type AgedDebtOptions = JobOptions & {
  /**
   * What was owed as it was known at this time, ISO 8601 with a zone: only events recorded up to then count. Now, if
   * left out. `asOf` of the form says when ages are told, and leaves out no event.
   */
  readonly recordedUntil?: string;
};

const optionsSchema = v.object({ recordedUntil: v.optional(instantField) });

/**
 * Tells the age of what is owed on all accounts at an institution, reading one after the other. Only the sums are kept,
 * so memory is for the rows of the report, however many accounts there are.
 *
 * @param store - where the events are
 * @param policy - the institution's policy, for the currency and the labels
 * @param institution - whose accounts
 * @param form - when ages are told, the bands, which fees
 * @param options - as known at which time; progress, how to stop it, how many accounts at a time
 * @returns the report, as {@link agedDebt} makes it; an account that cannot be read is a finding in it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the options in `details.faults`;
 * `INVALID_POLICY` for a policy with faults; the signal's reason once it is aborted; whatever the store throws
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
 * const form = { asOf: '2026-03-31T12:00:00Z', timeZone: 'America/New_York', bandEndDays: [30, 90] };
 * const report = await runAgedDebt(store, policy, 'north', form);
 * report.total.byBand; //=> ['0.00', '2.50', '0.00']
 * ```
 */
export async function runAgedDebt(
  store: EventStore,
  policy: FeePolicy,
  institution: string,
  form: AgedDebtForm,
  options: AgedDebtOptions = {},
): Promise<AgedDebt> {
  const which = checkedArgument(nameField, institution, 'institution');
  const { recordedUntil: recordedAt } = checkedArgument(optionsSchema, options, 'options');
  const { take, report } = openAgedDebt(policy, form);
  const load = async (stream: StreamId): Promise<AccountOfPatron | AccountFinding> => {
    try {
      const { account } =
        recordedAt === undefined
          ? await loadAccount(store, stream)
          : await loadAccountAsOf(store, stream, { recordedAt });
      return { ...stream, account };
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  for await (const account of runJob(everyAccount(store, which), load, options)) take(account);
  return report();
}
