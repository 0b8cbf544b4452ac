import type { EventStore, StreamId } from '../../history/eventStore.js';
import type { JobStores } from '../../job/jobStores.js';
import type { Notice } from '../../notices/notice.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import {
  type NoticeFinding,
  type NoticesForm,
  type NoticesPlanOptions,
  type NoticesReport,
  noticesJob,
} from './runNotices.js';

/**
 * Plans the notices to patrons: yields each notice that {@link runNotices} would send now, and returns its report. Nothing
 * is sent or recorded.
 *
 * @param stores - the store with the accounts, and the store of the office
 * @param policy - the institution's policy, with `notices`
 * @param form - the institution, the time and the day
 * @param options - the function that knows the patrons; labels in other languages; callbacks for findings and progress;
 * signal; concurrency
 * @returns the notices, to iterate over, and the report after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link runNotices} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planNotices } from 'patron-fees/jobs';
 * import { officeEvents } from 'patron-fees/office';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const notices = { from: '2026-03-01T00:00:00Z', rules: [{ kinds: ['charged', 'paid'] }] } as const;
 * const policy = definePolicy({ currency: 'USD', notices });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(accounts, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', at, on: '2026-03-02' };
 * const patronOf = () => ({ group: 'STUDENT' });
 * for await (const notice of planNotices({ accounts, office }, policy, form, { patronOf })) {
 *   notice.kind; //=> 'charged'
 * }
 * ```
 */
export function planNotices(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: NoticesForm,
  options: NoticesPlanOptions,
): AsyncGenerator<Notice, NoticesReport, undefined> {
  const { job, dueOf, countOf, figures } = noticesJob(stores, policy, form, options, 'plan');
  const work = async (stream: StreamId): Promise<readonly (Notice | NoticeFinding)[]> => {
    const { due, finding } = await dueOf(stream);
    return finding === null ? due : [finding];
  };
  async function* notices(): AsyncGenerator<Notice> {
    for await (const notice of job.eachAccount<Notice>(work)) {
      countOf(notice);
      yield notice;
    }
  }
  return job.listing(notices, figures);
}
