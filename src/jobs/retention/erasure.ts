import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import type { EventStore } from '../../history/eventStore.js';
import type { ErasingEventStore } from '../../history/redaction.js';
import type { SnapshotStore } from '../../history/snapshots.js';
import type { AccountFinding } from '../../job/accountFinding.js';
import { type AccountJobOptions, checkedJobOptions, everyAccount, type JobOptions } from '../../job/job.js';
import type { JobReport } from '../../job/jobHead.js';
import { type FindingsReport, onFindingField } from '../../job/tallies.js';
import { type OfficeEvent, officeField, tillOfStream } from '../../office/officeEvents.js';
import { loadTill } from '../../office/till/executeTill.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { ActorLacksRole } from '../bulkWaive/notWaived.js';
import { snapshotsField } from './renewSnapshot.js';
import { oldEnough, type RetentionForm, retentionRefusal } from './retentionForm.js';
import type { RetentionTerms } from './settledRows.js';

/** The figures that the reports of {@link runRetention} and {@link runPurge} share. */
export type ErasureReport<Reason extends string> = JobReport & {
  /** The number of accounts that were read; without those that were purged before. */
  readonly accounts: number;
  /** The number of events that are removed, or whose texts are erased. */
  readonly events: number;
  /** The number of snapshots that were replaced, because they had what is erased. */
  readonly snapshots: number;
  /** The number of accounts, or of fees and credits, that are kept, by reason. */
  readonly kept: Readonly<Partial<Record<Reason, number>>>;
  /**
   * Why erased data can still be found in the store's own files, see {@link history.Redacted | Redacted}; null if it
   * cannot.
   */
  readonly remaining: 'reader' | 'vacuum' | null;
  /** The accounts that could not be read, or to which others appended at every attempt. */
  readonly findings: FindingsReport<AccountFinding>;
};

/** The result of a job that erases data: its report, or why it was refused before anything was read. */
export type ErasureResult<Report> =
  | {
      /** Whether the job ran. */
      readonly accepted: true;
      /** What it did. */
      readonly report: Report;
    }
  | {
      /** Whether the job ran. */
      readonly accepted: false;
      /** Why not. */
      readonly rejection: ActorLacksRole;
    };

/** The other places with data, the callbacks of a job that erases data, and how it runs. */
export type ErasureOptions<Account> = AccountJobOptions & {
  /**
   * The store with the events of tills: money that was taken in a session that is still open is not erased.
   *
   * @defaultValue till sessions are not checked
   */
  readonly office?: EventStore<OfficeEvent>;
  /**
   * The snapshots of the accounts: those with erased data are replaced.
   *
   * @defaultValue snapshots are unchanged
   */
  readonly snapshots?: SnapshotStore;
  /**
   * Called with every account in which something is erased or kept, in the store's order, and awaited.
   *
   * @defaultValue the accounts are only counted
   */
  readonly onAccount?: (account: Account) => void | Promise<void>;
};

/** Checks the arguments of a job that erases data. Returns them with its terms, or why the job is refused. */
export async function preparedErasure<
  Form extends Pick<RetentionForm, 'institution' | 'at' | 'actor' | 'settledForDays'>,
  Account,
>(
  store: ErasingEventStore,
  policy: FeePolicy,
  checkedForm: () => Form,
  options: ErasureOptions<Account>,
): Promise<
  | { readonly rejection: ActorLacksRole }
  | {
      readonly form: Form;
      readonly currency: string;
      readonly terms: RetentionTerms;
      readonly jobOptions: JobOptions;
    }
> {
  const { currency } = definedPolicy(policy);
  assertErasing(store);
  const form = checkedForm();
  checkedJobOptions(options, {
    office: officeField,
    snapshots: snapshotsField,
    onAccount: v.optional(v.function('a function')),
    onFinding: onFindingField,
  });
  const { office, snapshots, onAccount, onFinding, ...jobOptions } = options;
  const rejection = retentionRefusal(form.actor);
  if (rejection !== undefined) return { rejection };
  const terms = { untilMs: oldEnough(form), openSessions: await openSessionsOf(office, form.institution) };
  return { form, currency, terms, jobOptions };
}

/**
 * Checks that a store can erase.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a store that cannot, such as one in NATS
 */
function assertErasing(store: ErasingEventStore): void {
  const functions = [store?.redact, store?.purge, store?.sweep];
  if (functions.every((each) => typeof each === 'function')) return;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    'store: expected a store that can erase; one that cannot, such as NATS, is copied to a new one by copyEvents',
  );
}

/** Returns the ids of the till sessions that are open. */
async function openSessionsOf(
  office: EventStore<OfficeEvent> | undefined,
  institution: string,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  if (office === undefined) return open;
  for await (const stream of everyAccount(office, institution)) {
    const till = tillOfStream(stream);
    if (till === null) continue;
    const session = (await loadTill(office, { institution, till })).sessions.at(-1);
    if (session?.closing === null) open.add(session.sessionId);
  }
  return open;
}
