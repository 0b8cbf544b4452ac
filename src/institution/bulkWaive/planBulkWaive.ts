import type { EventStore } from '../../history/eventStore.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { JobOptions } from '../job.js';
import type { PatronDirectory } from '../patronDirectory.js';
import type { BulkWaiveEntry, BulkWaiveResult } from './bulkWaiveEntry.js';
import type { BulkWaiveForm } from './bulkWaiveForm.js';
import { type BulkWaive, bulkWaiveJob } from './bulkWaiveJob.js';

/**
 * Shows what a bulk waive would do: patron by patron what would be waived, or why nothing would. Stores nothing.
 *
 * The job goes through the directory. A patron without an account is an entry, `NoAccount`; a patron who is named again is
 * an entry too, `PatronRepeated`, and the first naming counts. Nothing new is waived of an account that the directory does
 * not name; the totals say how many there are, and what an earlier run of the job waived of them comes last. The job
 * remembers the ids of the patrons that were named, about 100 bytes each, and nothing else of them.
 *
 * @param store - where the accounts are
 * @param policy - the institution's policy
 * @param form - what would be waived of whom
 * @param patrons - the patron directory
 * @param options - progress, end on demand, how many accounts at a time
 * @returns the entries, to be taken one by one, and their totals; or why the whole is refused: {@link ActorLacksRole},
 * {@link index.ReasonUnknown | ReasonUnknown}, {@link index.FeeTypeUnknown | FeeTypeUnknown} for a chosen type
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a form with faults
 * or patrons that cannot be gone through, `INVALID_POLICY`. Taking the entries
 * rejects with the signal's reason once it is aborted, and with what the store and the directory throw; an account that
 * cannot be read is an entry, `AccountUnreadable`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planBulkWaive } from 'patron-fees/institution';
 *
 * const at = '2026-06-30T18:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'p1' }, fee);
 *
 * const actor = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { jobId: 'june', at, actor, institution: 'north', threshold: '20', reason: 'OTHER' };
 * const plan = planBulkWaive(store, policy, form, [{ patronId: 'p1', group: 'STUDENT', hasOverdueLoans: false }]);
 * if (plan.accepted) for await (const entry of plan.entries) entry.waived; //=> '2.50'
 * plan.accepted && plan.totals().waived; //=> '2.50'
 *
 * const clerk = { ...form, actor: { userId: 'kim', roles: ['CIRCULATION_DESK'] } };
 * planBulkWaive(store, policy, clerk, []);
 * //=> { accepted: false, rejection: { type: 'ActorLacksRole', userId: 'kim', role: 'USER_MANAGER' } }
 * ```
 */
export function planBulkWaive(
  store: EventStore,
  policy: FeePolicy,
  form: BulkWaiveForm,
  patrons: PatronDirectory,
  options: JobOptions = {},
): BulkWaive<BulkWaiveEntry> {
  const job = bulkWaiveJob(store, policy, form, patrons, options, false);
  if (!job.accepted) return job;
  const { entries, ...rest } = job;
  return { ...rest, entries: onlyPlans(entries) };
}

async function* onlyPlans(entries: AsyncIterable<BulkWaiveResult>): AsyncGenerator<BulkWaiveEntry> {
  for await (const { planned, differs, ...entry } of entries) yield entry;
}
