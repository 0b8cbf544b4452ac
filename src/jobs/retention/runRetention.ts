import { fold } from '../../account/fold.js';
import type { RecordedEvent, StreamId } from '../../history/eventStore.js';
import { streamName } from '../../history/eventStore.js';
import { redactEvent } from '../../history/redaction.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import {
  type ErasingStores,
  type ErasureOptions,
  type ErasureReport,
  type ErasureResult,
  erasureTerms,
  openErasure,
} from './erasure.js';
import { checkedRetentionForm, type RetentionForm } from './retentionForm.js';
import { type RetainedRow, type RetentionReason, type RetentionTerms, settledRows } from './settledRows.js';

/** An account in which a retention job erased texts, or kept some. */
export type RetainedAccount = StreamId & {
  /** The number of events whose texts are erased. */
  readonly events: number;
  /** The fees and credits with texts that are kept, and why. */
  readonly kept: readonly RetainedRow[];
};

/** What a retention job did. */
export type RetentionReport = ErasureReport<RetentionReason> & {
  /** The number of accounts in which texts are erased. */
  readonly changed: number;
};

/** The result of a retention job: its report, or why the whole job was refused before anything was read. */
export type RetentionResult = ErasureResult<RetentionReport>;

/** The other places with texts, the callbacks of a retention job, and how it runs. */
export type RetentionOptions = ErasureOptions<RetainedAccount>;

/**
 * Returns the report that {@link runRetention} would return, and erases nothing.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the institution, the age, who orders it
 * @param options - callbacks; signal; concurrency
 * @returns what would be erased, and what is kept and why
 * @throws as {@link runRetention} does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planRetention } from 'patron-fees/jobs';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, { ...fee, comment: 'The dog did it' });
 *
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { institution: 'north', at: '2028-03-02T09:00:00Z', by, settledForDays: 365 };
 * const plan = await planRetention(store, policy, form);
 * plan.accepted && [plan.report.events, plan.report.kept]; //=> [0, { FeeOpen: 1 }]
 * ```
 */
export async function planRetention(
  stores: ErasingStores,
  policy: FeePolicy,
  form: RetentionForm,
  options: RetentionOptions = {},
): Promise<RetentionResult> {
  return retain(stores, policy, form, options, 'plan');
}

/**
 * Erases the texts of what has been settled for long enough, in all accounts of an institution: comments, notes, free
 * reasons, and what identifies a borrowed item, as {@link history.redactEvent | redactEvent} does. Amounts, ids and
 * times stay, so every balance, report and journal has the same sums, and repeated commands are still recognised.
 *
 * An event is redacted if every fee and credit that it is about is settled: nothing remains, nothing is unused, nothing
 * is pending at an external billing system, no fine grows, no payment plan of it runs, no till session with its money
 * is open, and its last event is old enough. Everything else is kept; the plan has the reasons.
 *
 * Each account is one write. Run a job that ended early again: erased texts are skipped.
 *
 * @param stores - the store with the accounts; it must be able to erase
 * @param policy - the institution's policy
 * @param form - the institution, the age, who orders it
 * @param options - callbacks; signal; concurrency
 * @returns what was erased, and what is kept and why; a rejection if the staff member may not order it
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` for a store that cannot
 * erase, such as one in NATS without keys ({@link keys.keyedEventStore | keyedEventStore}), and with every fault of the
 * form and the options in `details.faults`, also if the form has fewer days than the policy's `retention`,
 * `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED` with the report so far once the signal is aborted; any
 * error of the stores or the callbacks
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runRetention } from 'patron-fees/jobs';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * await execute(store, policy, patron, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at, comment: 'The dog did it' },
 *   { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at },
 * ]);
 *
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { institution: 'north', at: '2028-03-02T09:00:00Z', by, settledForDays: 365 };
 * const result = await runRetention(store, policy, form);
 * result.accepted && result.report.events; //=> 1
 * JSON.stringify((await store.read(patron)).events).includes('dog'); //=> false
 * ```
 */
export async function runRetention(
  stores: ErasingStores,
  policy: FeePolicy,
  form: RetentionForm,
  options: RetentionOptions = {},
): Promise<RetentionResult> {
  return retain(stores, policy, form, options, 'run');
}

function retain(
  stores: ErasingStores,
  policy: FeePolicy,
  form: RetentionForm,
  options: RetentionOptions,
  mode: 'plan' | 'run',
): Promise<RetentionResult> {
  const job = openErasure(stores, policy, (rules) => checkedRetentionForm(form, rules), options, 'texts');
  const { store, rejection } = job;
  if (rejection !== undefined) return Promise.resolve({ accepted: false, rejection });
  const { onAccount } = options;
  const workOn =
    (terms: RetentionTerms) =>
    async (stream: StreamId): Promise<RetainedAccount> => {
      const { events } = await store.read(stream);
      const { versions, kept } = plannedOf(stream, events, terms);
      if (mode === 'plan' || versions.length === 0) return { ...stream, events: versions.length, kept };
      const redacted = await store.redact(stream, { versions, sweep: false });
      return { ...stream, events: redacted.events, kept };
    };
  const counts = { changed: 0, events: 0 };
  const kept: Partial<Record<RetentionReason, number>> = {};
  let remaining: RetentionReport['remaining'] = null;
  const report = job.working(
    async () => {
      const work = workOn(await erasureTerms(job.form, job.office));
      try {
        for await (const entry of job.eachAccount(work)) {
          counts.events += entry.events;
          if (entry.events > 0) counts.changed += 1;
          for (const { because } of entry.kept) kept[because] = (kept[because] ?? 0) + 1;
          if (entry.events > 0 || entry.kept.length > 0) await onAccount?.(entry);
        }
      } finally {
        // Also after an error, and for what a killed run left.
        if (mode === 'run') remaining = (await store.sweep()).remaining ?? null;
      }
    },
    () => ({ accounts: job.done(), ...counts, kept, remaining }),
  );
  return report.then((done) => ({ accepted: true, report: done }));
}

/** Returns the versions to redact, and the rows with texts that are kept. */
function plannedOf(stream: StreamId, recorded: readonly RecordedEvent[], terms: RetentionTerms) {
  const events = recorded.map(({ event }) => event);
  const account = fold(events, undefined, { stream: streamName(stream) });
  const { rowsOf, reasonOf } = settledRows({ patronId: stream.patronId, account, events }, terms);
  const versions: number[] = [];
  const kept = new Map<string, RetainedRow>();
  for (const { version, event } of recorded) {
    const reasons = rowsOf(event).map((row) => ({ ...row, because: reasonOf(row) }));
    const open = reasons.filter((row): row is RetainedRow => row.because !== null);
    if (redactEvent(event) === event) continue;
    if (open.length === 0) versions.push(version);
    for (const row of open) kept.set(JSON.stringify([row.kind, row.id]), row);
  }
  return { versions, kept: [...kept.values()] };
}
