import * as v from 'valibot';
import type { RecordedActor } from '../../account/circumstances.js';
import type { EventStore, NamedStream, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { untilNoConflict } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField, instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import type { AccountFinding } from '../../job/accountFinding.js';
import type { JobOptions } from '../../job/job.js';
import { actorOf, type JobOrder, type JobReport, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob, withEveryFault } from '../../job/openJob.js';
import type { FindingOptions } from '../../job/tallies.js';
import type { Notice } from '../../notices/notice.js';
import { noticesOf } from '../../notices/noticesOf.js';
import type { NoticeSent } from '../../office/notices/noticeSent.js';
import type { OfficeEvent, OfficeStore } from '../../office/officeEvents.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { NoticeKind } from '../../policy/notices.js';
import { type PolicyLabels, withLabels } from '../../policy/withLabels.js';

/** The accounts, and when the notices are sent. */
export type NoticesForm = JobOrder & {
  /** The institution. */
  readonly institution: string;
  /** The time of the run, ISO 8601 with a zone. */
  readonly at: string;
  /**
   * The day of the run, a local date of the library `YYYY-MM-DD`: which instalments are overdue, which week or month it
   * is.
   */
  readonly on: string;
};

/** What the notices need to know of a patron. */
export type NoticePatron = {
  /** The patron's user group. */
  readonly group: string;
  /** The patron's language, such as `de`; the first one of the policy's notices if left out. */
  readonly language?: string;
};

/** A patron or a notice that the run could not deal with. The next run tries again. */
export type NoticeFinding = StreamId & {
  /**
   * The reason.
   *
   * - `SEND_FAILED`: `send` threw an error; later notices of the patron wait.
   * - `PATRON_UNKNOWN`: `patronOf` returned null, or no valid patron.
   * - the other codes: as in {@link AccountFinding}.
   */
  readonly code: AccountFinding['code'] | 'SEND_FAILED' | 'PATRON_UNKNOWN';
  /** The finding in one sentence. */
  readonly message: string;
  /** The notice; absent for a finding about the patron. */
  readonly noticeId?: string;
};

/** How notices are planned, and how the job runs. */
export type NoticesPlanOptions = JobOptions &
  FindingOptions<NoticeFinding> & {
    /** Returns what is known of a patron; null for one who is not known (any more). */
    readonly patronOf: (stream: StreamId) => NoticePatron | null | Promise<NoticePatron | null>;
    /**
     * The labels of the policy's codes in each language of its notices, except the first: the policy itself has the
     * labels of that language.
     *
     * @defaultValue none: the notices have one language
     */
    readonly labels?: Readonly<Record<string, PolicyLabels>>;
  };

/** How notices are sent, and how the job runs. */
export type NoticesOptions = NoticesPlanOptions & {
  /**
   * Sends a notice. Once it returns or resolves, the notice counts as sent. After a kill it may get the last notice
   * again, with the same `noticeId`. For a patron who wants no notices it returns without sending.
   */
  readonly send: (notice: Notice) => unknown;
};

/** What a run has sent. */
export type NoticesReport = JobReport<NoticeFinding> & {
  /** The number of notices that were sent and recorded; of a plan, that would be. */
  readonly sent: number;
  /** How many of each kind. */
  readonly byKind: Readonly<Partial<Record<NoticeKind, number>>>;
};

const { recordedBefore: _, ...orderFields } = reportFormFields;
const formSchema = onlyFields({ ...orderFields, at: instantField, on: dateField });
/** Without rules nothing would ever be sent, and the report would not say why. */
const noticesPolicy = v.object({ notices: v.object({}, 'rules of notices') });
const patronSchema = v.object({ group: v.string(), language: v.optional(v.string()) });

/**
 * Sends each patron the notices of the policy, in the order of the events: run it every few minutes or every night.
 * Each notice is handed to `send`, and recorded in the office (`NoticeSent`) once `send` has returned. The account is
 * not changed.
 *
 * Nothing is lost: a notice that is not recorded is sent by the next run, whenever a process is killed. If it is killed
 * after `send` and before the record, the next run hands the same notice to `send` again, with the same `noticeId`: an
 * e-mail system that drops a known id sends everything once. Without such a system, a kill repeats at most one notice
 * for each account that is being processed (`concurrency`). Two runs at the same time also repeat notices: give each
 * run a shard.
 *
 * @param stores - the store with the accounts, and the store of the office
 * @param policy - the institution's policy, with `notices`
 * @param form - the institution, the time and the day
 * @param options - the functions that send and that know the patrons; labels in other languages; callbacks for findings
 * and progress; signal; concurrency
 * @events {@link NoticeSent}, in the office.
 * @returns the number of notices that were sent, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, also for a policy without `notices`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the stores or of `patronOf`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { type Notice, noticeText, runNotices } from 'patron-fees/jobs';
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
 * const mails: string[] = [];
 * const options = {
 *   patronOf: () => ({ group: 'STUDENT' }),
 *   send: (notice: Notice) => mails.push(noticeText(notice, { locale: 'en-US', timeZone: 'America/New_York' })),
 * };
 * (await runNotices({ accounts, office }, policy, form, options)).byKind; //=> { charged: 1 }
 * (await runNotices({ accounts, office }, policy, form, options)).sent; //=> 0
 * mails.length; //=> 1
 * ```
 */
export async function runNotices(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: NoticesForm,
  options: NoticesOptions,
): Promise<NoticesReport> {
  const { job, office, dueOf, countOf, figures } = noticesJob(stores, policy, form, options, 'run');
  const { at, jobId, by } = job.form;
  const actor: RecordedActor = by === undefined ? { channel: 'job' } : actorOf(by);
  const work = async (stream: StreamId): Promise<readonly NoticeFinding[]> => {
    const { due, log, finding } = await dueOf(stream);
    if (finding !== null) return [finding];
    for (const notice of due) {
      const isTold = async () => {
        const { events: sentBefore, version } = await office.read(log);
        return { version, isTold: toldIn(sentBefore).includes(notice.told[0] as string) };
      };
      if ((await isTold()).isTold) continue;
      const { noticeId, kind, told } = notice;
      try {
        await options.send(notice);
      } catch (error) {
        const message = `send failed: ${error instanceof Error ? error.message : String(error)}`;
        return [{ ...stream, code: 'SEND_FAILED', message, noticeId }];
      }
      const metadata = jobId === undefined ? {} : { metadata: { correlationId: jobId } };
      const data = { patronId: stream.patronId, kind, told, at, by: actor };
      const record: NoticeSent = { type: 'NoticeSent', data, ...metadata };
      await untilNoConflict(async (write) => {
        const now = await isTold();
        if (!now.isTold)
          await write(() => office.append(log, [record], { expectedVersion: now.version }), record);
      });
      countOf(notice);
    }
    return [];
  };
  return job.working(async () => {
    for await (const _ of job.eachAccount(work));
  }, figures);
}

/** Opens the job that sends notices, or plans them. */
function noticesJob(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: NoticesForm,
  options: NoticesPlanOptions,
  mode: 'plan' | 'run',
) {
  const job = openJob<v.InferOutput<typeof formSchema>, EventStore, OfficeStore, NoticeFinding>(
    stores,
    policy,
    options,
    {
      form: (checked) =>
        withEveryFault(
          [],
          () => checkedArgument(formSchema, form, 'form'),
          () => checkedArgument(noticesPolicy, checked, 'policy'),
        )[0],
      options: {
        ...(mode === 'run' && { send: v.function('a function') }),
        patronOf: v.function('a function'),
        labels: labelsField(policy),
      },
      needsOffice: true,
    },
  );
  const { institution, on } = job.form;
  const { patronOf, labels = {} } = options;
  const office = job.office as OfficeStore;
  const [first = '', ...others] = job.policy.notices?.languages ?? [];
  const policies = new Map([[first, job.policy]]);
  for (const language of others)
    policies.set(language, withLabels(job.policy, labels[language] as PolicyLabels));
  const byKind: Partial<Record<NoticeKind, number>> = {};
  let sent = 0;

  const dueOf = async (stream: StreamId): Promise<DueNotices> => {
    const { patronId } = stream;
    const log = streamOfKind(stream.institution, 'notices', patronId);
    const { events, finding } = await job.read(stream);
    if (finding !== null || events.length === 0) return { due: [], log, finding };
    const patron = v.safeParse(v.nullable(patronSchema), await patronOf(stream));
    if (!patron.success || patron.output === null) {
      const message = 'patronOf knows no such patron, or not the user group';
      return { due: [], log, finding: { ...stream, code: 'PATRON_UNKNOWN', message } };
    }
    const { group, language = first } = patron.output;
    const told = toldIn((await office.read(log)).events);
    const which = { institution, patronId, group, on, told, language };
    return { due: noticesOf(events, policies.get(language) ?? job.policy, which), log, finding: null };
  };
  const countOf = ({ kind }: Notice) => {
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    sent += 1;
  };
  return { job, office, dueOf, countOf, figures: () => ({ sent, byKind: { ...byKind } }) };
}

/** The notices of a patron, and the stream of the office with those that were sent. */
type DueNotices = {
  readonly due: readonly Notice[];
  readonly log: NamedStream;
  readonly finding: NoticeFinding | null;
};

function toldIn(events: readonly RecordedEvent<OfficeEvent>[]): readonly string[] {
  return events.flatMap(({ event }) => (event as NoticeSent).data.told);
}

/** Returns the schema of the labels: a table for each language of the notices other than the first. */
function labelsField(policy: FeePolicy) {
  const [, ...others] = definedPolicy(policy).notices?.languages ?? [];
  const tables = v.record(v.string(), v.looseObject({}));
  if (others.length === 0) return v.optional(tables);
  return v.looseObject(Object.fromEntries(others.map((language) => [language, v.looseObject({})])));
}

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
