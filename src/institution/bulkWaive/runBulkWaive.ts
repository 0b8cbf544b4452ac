import type { EventStore } from '../../history/eventStore.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { JobOptions } from '../job.js';
import type { PatronDirectory } from '../patronDirectory.js';
import type { BulkWaiveEntry, BulkWaiveResult } from './bulkWaiveEntry.js';
import type { BulkWaiveForm } from './bulkWaiveForm.js';
import { type BulkWaive, bulkWaiveJob } from './bulkWaiveJob.js';

/**
 * Waives in bulk: goes through the directory, decides anew on every account as it is then, and stores what was decided.
 *
 * The entries of a plan are patrons too. Pass them in place of the directory, and every result says what was planned
 * and whether it came otherwise.
 *
 * Run a job that ended early again with the same form: accounts that were done give an entry with what was waived
 * then (`earlier`), even where new fees have come since or the directory does not name the patron any more, and nothing
 * is waived twice. What the same id names in another
 * way, say with another reason, is refused per patron ({@link index.IdAlreadyUsed | IdAlreadyUsed}).
 *
 * @param store - where the accounts are
 * @param policy - the institution's policy
 * @param form - what is waived of whom
 * @param patrons - the patron directory, or the entries of a plan
 * @param options - progress, end on demand, how many accounts at a time
 * @returns the results, to be taken one by one, and their totals. The job may be ahead of what was taken by as many
 * accounts as it works on at a time, and no further. Or why the whole is refused, as by {@link planBulkWaive}
 * @throws as {@link planBulkWaive} does
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { bulkWaiveCsv, runBulkWaive, writeTextFile } from 'patron-fees/institution';
 *
 * const at = '2026-06-30T18:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'p1' }, fee);
 *
 * const actor = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { jobId: 'june', at, actor, institution: 'north', threshold: '20', reason: 'OTHER' };
 * const patrons = [{ patronId: 'p1', group: 'STUDENT', hasOverdueLoans: false }];
 * const file = join(mkdtempSync(join(tmpdir(), 'reports-')), 'waived.csv');
 * for (let run = 1; run <= 2; run++) {
 *   const waive = runBulkWaive(store, policy, form, patrons);
 *   if (!waive.accepted) throw new Error(waive.rejection.type);
 *   await writeTextFile(file, bulkWaiveCsv(waive.entries));
 *   waive.totals().waived; //=> '2.50'
 * }
 * ```
 */
export function runBulkWaive(
  store: EventStore,
  policy: FeePolicy,
  form: BulkWaiveForm,
  patrons: PatronDirectory | AsyncIterable<BulkWaiveEntry> | Iterable<BulkWaiveEntry>,
  options: JobOptions = {},
): BulkWaive<BulkWaiveResult> {
  return bulkWaiveJob(store, policy, form, patrons, options, true);
}
