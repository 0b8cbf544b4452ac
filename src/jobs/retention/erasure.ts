import * as v from 'valibot';
import type { NotAccepted } from '../../account/rejections/refusal.js';
import type { RedactingEventStore } from '../../history/redaction.js';
import { instantField } from '../../input/instant.js';
import { type AccountJobOptions, everyAccount } from '../../job/job.js';
import type { JobReport } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { nameOfKind } from '../../office/streamKinds.js';
import { loadTill } from '../../office/till/executeTill.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ActorLacksRole } from '../bulkWaive/notWaived.js';
import { oldEnough, type RetentionForm, retentionRefusal } from './retentionForm.js';
import type { RetentionTerms } from './settledRows.js';

/** The figures that the reports of {@link runRetention} and {@link runPurge} share. */
export type ErasureReport<Reason extends string> = JobReport & {
  /** The number of accounts that were read; without those that were purged before. */
  readonly accounts: number;
  /** The number of events that are removed, or whose texts are erased. */
  readonly events: number;
  /** The number of accounts, or of fees and credits, that are kept, by reason. */
  readonly kept: Readonly<Partial<Record<Reason, number>>>;
  /**
   * Why erased data can still be found in the store's own files, see {@link history.Redacted | Redacted}; null if it
   * cannot.
   */
  readonly remaining: 'reader' | 'vacuum' | null;
};

/** The result of a job that erases data: its report, or why it was refused before anything was read. */
export type ErasureResult<Report, Rejection = ActorLacksRole> =
  | {
      /** Whether the job ran. */
      readonly accepted: true;
      /** What it did. */
      readonly report: Report;
    }
  | NotAccepted<Rejection>;

/** The other places with data, the callbacks of a job that erases data, and how it runs. */
export type ErasureOptions<Account> = AccountJobOptions & {
  /**
   * Called with every account in which something is erased or kept, in the store's order, and awaited.
   *
   * @defaultValue the accounts are only counted
   */
  readonly onAccount?: (account: Account) => void | Promise<void>;
};

/**
 * The store with the accounts to erase, alone or with the store of the office. With the office's store, a job keeps
 * what was taken in till sessions that are still open, and a purge keeps every account of an online payment that is not
 * final. A purge needs a store that can remove events, too.
 */
export type ErasingStores<Accounts extends RedactingEventStore = RedactingEventStore> = JobStores<
  Accounts,
  OfficeStore
>;

/** Checks the arguments of a job that erases data. */
export function openErasure<
  Form extends Pick<RetentionForm, 'institution' | 'at' | 'by' | 'settledForDays'>,
  Account,
  Accounts extends RedactingEventStore,
>(
  stores: ErasingStores<Accounts>,
  policy: FeePolicy,
  form: (policy: FeePolicy) => Form,
  options: ErasureOptions<Account>,
  erases: 'texts' | 'events',
) {
  const job = openJob(stores, policy, options, {
    form,
    options: {
      onAccount: v.optional(v.function('a function')),
      ...(erases === 'events' && {
        seals: v.optional(v.pipe(v.string('a path'), v.nonEmpty('a path'))),
        now: v.optional(instantField),
      }),
    },
    erases,
  });
  return { ...job, rejection: retentionRefusal(job.form.by) };
}

/** Returns what decides whether rows are settled. */
export async function erasureTerms(
  form: Pick<RetentionForm, 'institution' | 'at' | 'settledForDays'>,
  office: OfficeStore | undefined,
): Promise<RetentionTerms> {
  return { untilMs: oldEnough(form), openSessions: await openSessionsOf(office, form.institution) };
}

/** Returns the ids of the till sessions that are open. */
async function openSessionsOf(
  office: OfficeStore | undefined,
  institution: string,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  if (office === undefined) return open;
  for await (const stream of everyAccount(office, institution)) {
    const till = nameOfKind('till', stream);
    if (till === null) continue;
    const session = (await loadTill(office, { institution, till })).sessions.at(-1);
    if (session?.closing === null) open.add(session.sessionId);
  }
  return open;
}
