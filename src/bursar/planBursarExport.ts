import * as v from 'valibot';
import type { EventStore } from '../history/eventStore.js';
import type { JobOptions } from '../job/job.js';
import type { JobStores } from '../job/jobStores.js';
import { openJob } from '../job/openJob.js';
import type { FindingOptions } from '../job/tallies.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { preparedExport } from './bursarExportOfAccount.js';
import type { BursarFinding } from './bursarFinding.js';
import type { BursarForm } from './bursarForm.js';
import { type BursarPatrons, patronsField } from './bursarPatron.js';
import type { BursarTransfer } from './bursarTransfer.js';
import {
  type BursarExportReport,
  checkedExportForm,
  type ExportForm,
  exportedAccounts,
} from './exportedAccounts.js';

/** The directory of a planned export, and how the job runs. */
export type BursarPlanOptions = JobOptions &
  FindingOptions<BursarFinding> & {
    /** The patron directory; all patrons with their id but no name if left out. */
    readonly patrons?: BursarPatrons;
  };

/**
 * Plans an export to an external billing system: yields each row that the file of {@link runBursarExport} would have, and
 * returns its report, without the findings about the file. Nothing is transferred, and no file is written; the planned
 * events are kept in memory.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the job, and the fees, credits and patrons to export
 * @param options - the directory, how the job runs
 * @returns the rows, to iterate over, and the report after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link runBursarExport} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planBursarExport } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const u17 = { institution: 'north', patronId: 'u17' };
 * await execute(store, policy, u17, { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at });
 *
 * const form = { jobId: 'export-9', institution: 'north', at, fees: {} };
 * for await (const { patronId, amount } of planBursarExport(store, policy, form)) {
 *   [patronId, amount]; //=> ['u17', '2.50']
 * }
 * (await store.read(u17)).events.length; //=> 1
 * ```
 */
export function planBursarExport(
  stores: JobStores,
  policy: FeePolicy,
  form: BursarForm,
  options: BursarPlanOptions = {},
): AsyncGenerator<BursarTransfer, BursarExportReport, undefined> {
  const job = openJob<ExportForm, EventStore, unknown, BursarFinding>(stores, policy, options, {
    form: (rules) => checkedExportForm(form, rules, options),
    options: { patrons: v.optional(patronsField) },
    plans: true,
  });
  const { exported, figures } = exportedAccounts(job, preparedExport(job.form, job.policy), options.patrons);
  async function* rows(): AsyncGenerator<BursarTransfer> {
    for await (const { transfers } of exported()) yield* transfers;
  }
  return job.listing(rows, figures);
}
