import type { AccountPurged } from '../../account/events/accountEvent.js';
import type { InTheFuture, JobApprovalRequired } from '../../account/rejections/commandRejections.js';
import type { StreamId } from '../../history/eventStore.js';
import type { ErasingEventStore } from '../../history/redaction.js';
import { RETRY, untilNoConflict } from '../../history/retry.js';
import { type AccountFinding, busy, unreadable } from '../../job/accountFinding.js';
import { actorOf, approvalOf } from '../../job/jobHead.js';
import { localDay } from '../../job/localDay.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { streamOfKind } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type NewestSeal, openNewestSeal } from '../../seals/sealBook.js';
import { type SealTermsDiffer, termsRefusal } from '../../seals/sealForm.js';
import type { ActorLacksRole } from '../bulkWaive/notWaived.js';
import {
  type ErasingStores,
  type ErasureOptions,
  type ErasureReport,
  type ErasureResult,
  erasureTerms,
  openErasure,
} from './erasure.js';
import { purgedTotals } from './purgedTotals.js';
import { type PurgeMember, type PurgeReason, purgeGroup } from './purgeGroup.js';
import { laterThanNow, type PolicyNotRecorded, policyOfPurge, purgeRefusal } from './purgePolicy.js';
import { checkedPurgeForm, type PurgeForm } from './retentionForm.js';
import type { RetentionTerms } from './settledRows.js';

/** An account that a purge has checked. */
export type PurgedAccount = StreamId & {
  /** The number of removed events; 0 if the account is kept. */
  readonly events: number;
  /** Why it is kept; null if it is purged. */
  readonly because: PurgeReason | null;
};

/** What a purge did. */
export type PurgeReport = ErasureReport<PurgeReason> & {
  /** The number of accounts that are purged. */
  readonly purged: number;
};

/** The result of a purge: its report, or why the whole job was refused before an account was read. */
export type PurgeResult = ErasureResult<
  PurgeReport,
  ActorLacksRole | SealTermsDiffer | InTheFuture | PolicyNotRecorded | JobApprovalRequired
>;

/** The other places with data, the callbacks of a purge, and how it runs. */
export type PurgeJobOptions = ErasureOptions<PurgedAccount> & {
  /**
   * The folder with the files of the seals: required once the office has seals of the institution. An account is then
   * purged only if the newest seal covers it whole.
   *
   * @defaultValue the institution has no seals
   */
  readonly seals?: string;
  /**
   * The present time, ISO 8601 with a zone: the form's `at` may not be later, and the policy that is recorded for this
   * time counts.
   *
   * @defaultValue the time of the system
   */
  readonly now?: string;
};

/**
 * Returns the report that {@link runPurge} would return, and removes nothing.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the institution, the age, who orders it
 * @param options - callbacks; signal; concurrency
 * @returns what would be removed, and what is kept and why
 * @throws as {@link runPurge} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planPurge } from 'patron-fees/jobs';
 *
 * const at = '2016-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const age = { at: '2026-11-27T09:00:00Z', settledForDays: 3_652 };
 * const form = { jobId: '2026', institution: 'north', timeZone: 'America/New_York', by, ...age };
 * const plan = await planPurge(store, policy, form, { now: age.at });
 * plan.accepted && plan.report.kept; //=> { FeeOpen: 1 }
 * ```
 */
export async function planPurge(
  stores: ErasingStores<ErasingEventStore>,
  policy: FeePolicy,
  form: PurgeForm,
  options: PurgeJobOptions = {},
): Promise<PurgeResult> {
  return purgeAll(stores, policy, form, options, 'plan');
}

/**
 * Removes whole accounts that have been settled for longer than the legal period, and keeps the institution's totals.
 * Each account keeps one event, {@link index.AccountPurged | AccountPurged}, with the sums of its journal by month and
 * ledger account. So the journal of a later period opens with the same balances, and that of earlier months has the
 * same sums. Reports of single payments, statements and audit trails no longer have what was removed.
 *
 * An account is purged if every fee and credit of it, and of the accounts that it is merged with, is settled and old
 * enough, as {@link runRetention} counts it, and no online payment that is not final names one of them, if the store of
 * the office is given. The accounts of a patron are decided on together and purged one after the other, each before the
 * one that it is merged into: after an interruption, the next run decides on those that are left. A patron who comes
 * back gets an empty account under the same id. Repeats of removed commands are no longer recognised.
 *
 * Once there are seals ({@link closing.sealPeriod | sealPeriod}), an account is purged only if the newest seal covers all of its events,
 * fits them, and had nothing open; the purge is recorded in the office before it, so that {@link closing.verifySeals | verifySeals} can tell
 * it from a deletion by hand. The form must have the time zone, the basis and the posting of lost items of the seals.
 * Then the files of older seals whose months have ended before the same age are deleted, if any account is purged;
 * never the newest file, nor one that was changed.
 *
 * Once a policy is recorded in the office ({@link office.recordPolicy | recordPolicy}), the one in force now counts: its `retention` is the
 * least age, and its `approvals.Purge` asks for a second member of staff.
 *
 * Refused: {@link ActorLacksRole}, {@link index.InTheFuture | InTheFuture} if `at` is more than 15 minutes after now,
 * {@link PolicyNotRecorded}, {@link index.JobApprovalRequired | ApprovalRequired}, {@link SealTermsDiffer}.
 *
 * Each account is one write. Run a job that ended early again: purged accounts are skipped.
 *
 * @param stores - the store with the accounts; it must be able to erase
 * @param policy - the institution's policy, if none is recorded
 * @param form - the institution, the age, who orders it
 * @param options - callbacks; signal; concurrency
 * @events {@link index.AccountPurged | AccountPurged}; {@link closing.PurgeRecorded | PurgeRecorded} in the office, once there are seals.
 * @returns what was removed, and what is kept and why; a rejection if the staff member may not order it
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` for a store that cannot
 * remove events, such as one in NATS, and with every fault of the form and the options in `details.faults`, also if the
 * form has fewer days than the policy's `retention` (of a recorded policy: later), `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; `INVALID_ARGUMENT` if there are seals and no folder of them;
 * `CORRUPT_HISTORY` if the newest seal was changed; any error of the stores or the callbacks
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runPurge } from 'patron-fees/jobs';
 *
 * const at = '2016-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * await execute(store, policy, patron, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at },
 *   { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at },
 * ]);
 *
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const age = { at: '2026-11-27T09:00:00Z', settledForDays: 3_652 };
 * const form = { jobId: '2026', institution: 'north', timeZone: 'America/New_York', by, ...age };
 * const result = await runPurge(store, policy, form, { now: age.at });
 * result.accepted && [result.report.purged, result.report.events]; //=> [1, 2]
 * (await store.read(patron)).events.map(({ version, event }) => [version, event.type]); //=> [[3, 'AccountPurged']]
 * ```
 */
export async function runPurge(
  stores: ErasingStores<ErasingEventStore>,
  policy: FeePolicy,
  form: PurgeForm,
  options: PurgeJobOptions = {},
): Promise<PurgeResult> {
  return purgeAll(stores, policy, form, options, 'run');
}

/** What was done with one account; null if it was purged before. */
type Done = { readonly entry: PurgedAccount | null };

function purgeAll(
  stores: ErasingStores<ErasingEventStore>,
  policy: FeePolicy,
  form: PurgeForm,
  options: PurgeJobOptions,
  mode: 'plan' | 'run',
): Promise<PurgeResult> {
  const job = openErasure(stores, policy, (rules) => checkedPurgeForm(form, rules), options, 'events');
  const { store, rejection, currency } = job;
  if (rejection !== undefined) return Promise.resolve({ accepted: false, rejection });
  const { onAccount, seals, now = new Date().toISOString() } = options;
  const { jobId: purgeId, at, reason, timeZone, basis, lostItems, settledForDays: afterDays } = job.form;
  const dayOf = localDay(timeZone);
  const by = actorOf(job.form.by);
  const approval = approvalOf(job.form.approvedBy);

  const purgeOne = async ({ stream, version, events }: PurgeMember): Promise<void> => {
    const { list: totals, currency: found } = purgedTotals(events, dayOf, { basis, lostItems });
    const head = { purgeId, at, by, ...approval, ...(reason !== undefined && { reason }) };
    const data = { ...head, events: version, afterDays, currency: found ?? currency, totals };
    const event: AccountPurged = { type: 'AccountPurged', data, metadata: { correlationId: purgeId } };
    if (newest !== null) await recordPurge(stream, version, newest.seal.number);
    await store.purge(stream, event, { sweep: false });
  };
  /** Records a purge in the office, once. */
  const recordPurge = async (stream: StreamId, version: number, seal: number): Promise<void> => {
    const office = job.office as OfficeStore;
    const name = streamOfKind(stream.institution, 'purges', stream.patronId);
    const { events } = await office.read(name);
    const isRecorded = ({ event: { type, data } }: (typeof events)[number]) =>
      type === 'PurgeRecorded' && data.version === version && data.seal === seal;
    if (events.some(isRecorded)) return;
    const data = { purgeId, patronId: stream.patronId, version, seal, at, by, ...approval };
    const event = { type: 'PurgeRecorded', data, metadata: { correlationId: purgeId } } as const;
    await office.append(name, [event], { expectedVersion: 'any' });
  };
  /** Purges all accounts of a patron if they may be, and adds what was done; returns whether it is complete. */
  const purge = (stream: StreamId, terms: RetentionTerms, done: (Done | AccountFinding)[]) =>
    untilNoConflict(
      async (write) => {
        for (const member of await purgeGroup(store, stream, terms, { office: job.office, newest })) {
          const { events, because } = member;
          const { institution, patronId } = member.stream;
          if (events.length === 1 && events[0]?.event.type === 'AccountPurged') {
            done.push({ entry: null });
            continue;
          }
          const entry = { institution, patronId, events: because === null ? events.length : 0, because };
          const isKept = because !== null || mode === 'plan';
          if (!isKept) await write(() => purgeOne(member), member.stream);
          done.push({ entry });
        }
        return true;
      },
      RETRY,
      () => false,
    );
  const workOn = (terms: RetentionTerms) => async (stream: StreamId) => {
    const done: (Done | AccountFinding)[] = [];
    try {
      if (!(await purge(stream, terms, done))) done.push(busy(stream));
    } catch (error) {
      done.push(unreadable(stream, error));
    }
    return done;
  };
  const counts = { accounts: 0, purged: 0, events: 0 };
  let newest: NewestSeal | null = null;
  let refused: Exclude<Extract<PurgeResult, { accepted: false }>['rejection'], ActorLacksRole> | null = null;
  const kept: Partial<Record<PurgeReason, number>> = {};
  let remaining: PurgeReport['remaining'] = null;
  const report = job.working(
    async () => {
      const { institution } = job.form;
      const rules = await policyOfPurge(job.office, { institution, at: now }, job.policy);
      refused =
        laterThanNow(at, now) ?? ('type' in rules ? rules : purgeRefusal(job.form, mode, rules)) ?? null;
      if (refused !== null) return;
      newest = await openNewestSeal(seals, job.office, institution);
      refused = newest && termsRefusal(job.form, newest.seal);
      if (refused !== null) return newest?.close();
      const terms = await erasureTerms(job.form, job.office);
      const work = workOn(terms);
      let isAnyPurged = false;
      try {
        for await (const { entry } of job.each<StreamId, Done>(job.accounts(), work)) {
          // This includes those of this run: a purged account is listed again, as a new one.
          isAnyPurged ||= entry === null || entry.because === null;
          if (entry === null) continue;
          counts.accounts += 1;
          counts.events += entry.events;
          if (entry.because === null) counts.purged += 1;
          else kept[entry.because] = (kept[entry.because] ?? 0) + 1;
          await onAccount?.(entry);
        }
        if (mode === 'run' && isAnyPurged) await newest?.deleteOlder(terms.untilMs);
      } finally {
        // Also after an error, and for what a killed run left.
        if (mode === 'run') remaining = (await store.sweep()).remaining ?? null;
        await newest?.close();
      }
    },
    () => ({ ...counts, accounts: counts.accounts + job.report({}).findings.count, kept, remaining }),
  );
  return report.then((done) =>
    refused === null ? { accepted: true, report: done } : { accepted: false, rejection: refused },
  );
}
