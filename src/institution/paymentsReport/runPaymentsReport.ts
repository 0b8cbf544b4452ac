import { nameField } from '../../account/fieldSchemas.js';
import type { EventStore } from '../../history/eventStore.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { checkedArgument } from '../../views/checkedArgument.js';
import { unreadable } from '../accountFinding.js';
import { everyAccount } from '../everyAccount.js';
import { type JobOptions, runJob } from '../job.js';
import { openPaymentsReport, type PaymentsReport } from './paymentsReport.js';
import type { PaymentsReportForm } from './paymentsReportForm.js';

/**
 * Makes a payments report of all accounts at an institution, reading one after the other. Only the sums are kept, so
 * memory is for the rows of the report, however many accounts there are.
 *
 * @param store - where the events are
 * @param policy - the institution's policy, for the currency
 * @param institution - whose accounts
 * @param form - the period and the columns
 * @param options - progress, how to stop it, how many accounts at a time
 * @returns the report, as {@link paymentsReport} makes it; an account that cannot be read is a finding in it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the options in `details.faults`;
 * `INVALID_POLICY` for a policy with faults; the signal's reason once it is aborted; whatever the store throws
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runPaymentsReport } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
 * const by = { channel: 'desk', desk: 'CIRC', library: 'MAIN' } as const;
 * const payment = { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at, by } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, payment);
 *
 * const form = { timeZone: 'America/New_York', from: '2026-03-02', to: '2026-03-02', desks: ['CIRC'] };
 * const report = await runPaymentsReport(store, policy, 'north', form);
 * report.total.net; //=> '5.00'
 * ```
 */
export async function runPaymentsReport(
  store: EventStore,
  policy: FeePolicy,
  institution: string,
  form: PaymentsReportForm,
  options: JobOptions = {},
): Promise<PaymentsReport> {
  const which = checkedArgument(nameField, institution, 'institution');
  const { take, report } = openPaymentsReport(policy, form);
  const histories = runJob(
    everyAccount(store, which),
    async (stream) => {
      try {
        return { ...stream, events: (await store.read(stream)).events };
      } catch (error) {
        return unreadable(stream, error);
      }
    },
    options,
  );
  for await (const history of histories) take(history);
  return report();
}
