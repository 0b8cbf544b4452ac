import type { EventStore } from '../history/eventStore.js';
import type { JobStores } from '../job/jobStores.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { PlannedSettlement } from './bookAccount.js';
import {
  type SettlementForm,
  type SettlementImportOptions,
  type SettlementReport,
  settlementJob,
} from './runSettlementImport.js';

/**
 * Plans an import of reported payments: yields for each row what {@link runSettlementImport} would book, and returns its
 * report. Nothing is recorded, neither in the accounts nor in the office; the planned events are kept in memory.
 *
 * @param stores - the store with the accounts, and that of the office, which a file needs
 * @param policy - the institution's policy
 * @param form - the answer, the institution, the job
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the rows, to iterate over, and the report after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link runSettlementImport} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planSettlementImport } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * const u17 = { institution: 'north', patronId: 'u17' };
 * await execute(store, policy, u17, { type: 'AssessFee', id: 'f1', feeType: 'OTHER', owner: 'MAIN', amount: '300', at });
 * await execute(store, policy, u17, { type: 'TransferFees', id: 'export-9', eligible: { fees: {} }, at });
 *
 * const rows = [{ reference: 'u17@export-9', amount: '301.45' }];
 * const form = { jobId: 'answer-9', institution: 'north', at, source: { rows } };
 * for await (const { settled, overpaid } of planSettlementImport(store, policy, form)) {
 *   [settled, overpaid]; //=> ['300.00', '1.45']
 * }
 * (await store.read(u17)).events.length; //=> 2
 * ```
 */
export function planSettlementImport(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: SettlementForm,
  options: SettlementImportOptions = {},
): AsyncGenerator<PlannedSettlement, SettlementReport, undefined> {
  const { job, bookedRows, figures } = settlementJob(stores, policy, form, options, 'plan');
  return job.listing(bookedRows, figures);
}
