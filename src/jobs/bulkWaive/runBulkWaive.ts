import type { AccountEvent } from '../../account/events/accountEvent.js';
import { fold } from '../../account/fold.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { NotAccepted } from '../../account/rejections/refusal.js';
import type { EventStore } from '../../history/eventStore.js';
import { RETRY } from '../../history/retry.js';
import { reportsRowsWithoutAccount } from '../../history/shard.js';
import { unreadable } from '../../job/accountFinding.js';
import { appendPlanned } from '../../job/job.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import { fileFinding, recordFile } from '../../office/files/importedFile.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { othersOf } from '../../patron/accountsOf.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import {
  type BulkWaiveEntry,
  type BulkWaiveResult,
  directoryField,
  type EntryPatron,
  findingOf,
  notWaivedEntry,
} from './bulkWaiveEntry.js';
import { type BulkWaiveForm, type CheckedForm, checkedForm } from './bulkWaiveForm.js';
import { type AccountBulkWaive, decideBulkWaive, directoryForbids } from './bulkWaiveOfAccount.js';
import { type BulkWaiveTotals, bulkWaiveTally } from './bulkWaiveReport.js';
import {
  type BulkWaiveFinding,
  type BulkWaiveOptions,
  type ChosenRows,
  choosingFields,
  chosenRows,
  directoryTasks,
  type Task,
  withPlan,
} from './chosenRows.js';
import { type BulkWaiveRefusal, type NotWaived, refusalOf } from './notWaived.js';

/** A started bulk waive, or why it is refused as a whole: then nothing was read or stored. */
export type BulkWaive<Entry extends BulkWaiveEntry> =
  | {
      /** The form is valid, and the actor has the role. */
      readonly accepted: true;
      /**
       * One entry for each patron, in the directory's order, then the report. The job does its work while you iterate;
       * iterate only once.
       */
      readonly entries: AsyncGenerator<Entry, BulkWaiveTotals, undefined>;
      /** Returns the report of the entries so far. */
      readonly totals: () => BulkWaiveTotals;
    }
  | NotAccepted<BulkWaiveRefusal>;

type Work = {
  readonly store: EventStore;
  readonly policy: FeePolicy;
  readonly digits: number;
  readonly form: CheckedForm;
  /** A run stores its decisions, a plan does not. */
  readonly mode: 'plan' | 'run';
  readonly found: (finding: BulkWaiveFinding) => Promise<void>;
};

/**
 * Plans a bulk waive: yields for each patron what would be waived, or why nothing would. Stores nothing.
 *
 * The job iterates over the directory. A patron without an account gives an entry `NoAccount`. A repeated patron gives
 * an entry `PatronRepeated`; only the first one counts. Nothing new is waived of accounts missing from the directory:
 * the totals count them, and the waivers of an earlier run of the job come last. The job keeps only the ids of the
 * patrons in memory, about 100 bytes each.
 *
 * @param stores - the store with the accounts, and that of the office, which a file of fees needs
 * @param policy - the institution's policy
 * @param form - the form of the job
 * @param options - the patron directory; callback for progress; signal; concurrency
 * @returns the entries, to iterate over, and their totals; or why the whole job is refused: {@link ActorLacksRole},
 * {@link index.ReasonUnknown | ReasonUnknown}, {@link index.FeeTypeUnknown | FeeTypeUnknown} for a chosen type
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store or the directory
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { planBulkWaive } from 'patron-fees/jobs';
 *
 * const at = '2026-06-30T18:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'p1' }, fee);
 *
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { jobId: 'june', at, by, institution: 'north', threshold: '20', reason: 'OTHER' };
 * const patrons = [{ patronId: 'p1', group: 'STUDENT', hasOverdueLoans: false }];
 * const plan = planBulkWaive(store, policy, form, { patrons });
 * if (plan.accepted) for await (const entry of plan.entries) entry.waived; //=> '2.50'
 * plan.accepted && plan.totals().waived; //=> '2.50'
 *
 * const clerk = { ...form, by: { userId: 'kim', roles: ['CIRCULATION_DESK'] } };
 * planBulkWaive(store, policy, clerk, { patrons });
 * //=> { accepted: false, rejection: { type: 'ActorLacksRole', kind: 'forbidden', userId: 'kim', role: 'USER_MANAGER' } }
 * ```
 */
export function planBulkWaive(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: BulkWaiveForm,
  options: BulkWaiveOptions,
): BulkWaive<BulkWaiveEntry> {
  return begun(stores, policy, form, options, 'plan', ({ planned, differs, ...entry }) => entry);
}

/**
 * Waives in bulk: iterates over the directory, decides on each account in its current state, and stores the decisions.
 *
 * The entries of a plan can be passed in place of the directory. Each result then includes the planned result, and
 * whether it differs.
 *
 * Run a job that ended early again with the same form. Accounts that were done give an entry with the earlier waivers
 * (`earlier`), even if they have new fees since or are no longer in the directory; nothing is waived twice. A command
 * with the same id but other content, such as another reason, is refused per patron
 * ({@link index.IdAlreadyUsed | IdAlreadyUsed}).
 *
 * @param stores - the store with the accounts, and that of the office, which a file of fees needs
 * @param policy - the institution's policy
 * @param form - the form of the job
 * @param options - the patron directory, or the entries of a plan; callback for progress; signal; concurrency
 * @returns the results, to iterate over, and their totals; or why the whole job is refused, as by
 * {@link planBulkWaive}. The job may be ahead of the iteration by at most the number of accounts it processes at a time
 * @throws as {@link planBulkWaive} does
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { bulkWaiveCsv, runBulkWaive, writeTextFile } from 'patron-fees/jobs';
 *
 * const at = '2026-06-30T18:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'p1' }, fee);
 *
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { jobId: 'june', at, by, institution: 'north', threshold: '20', reason: 'OTHER' };
 * const patrons = [{ patronId: 'p1', group: 'STUDENT', hasOverdueLoans: false }];
 * const file = join(mkdtempSync(join(tmpdir(), 'reports-')), 'waived.csv');
 * for (let run = 1; run <= 2; run++) {
 *   const waive = runBulkWaive(store, policy, form, { patrons });
 *   if (!waive.accepted) throw new Error(waive.rejection.type);
 *   const report = await writeTextFile(file, bulkWaiveCsv(waive.entries));
 *   report.waived; //=> '2.50'
 * }
 * ```
 */
export function runBulkWaive(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: BulkWaiveForm,
  options: BulkWaiveOptions,
): BulkWaive<BulkWaiveResult> {
  return begun(stores, policy, form, options, 'run', (entry) => entry);
}

/** Starts a bulk waive. */
function begun<Entry extends BulkWaiveEntry>(
  stores: JobStores<EventStore, OfficeStore>,
  givenPolicy: FeePolicy,
  form: BulkWaiveForm,
  options: BulkWaiveOptions,
  mode: Work['mode'],
  shown: (entry: BulkWaiveResult) => Entry,
): BulkWaive<Entry> {
  const job = openJob<CheckedForm, EventStore, OfficeStore, BulkWaiveFinding>(stores, givenPolicy, options, {
    form: (rules) => checkedForm(form, rules),
    needsOffice: form?.fileName !== undefined,
    options: { patrons: directoryField, ...choosingFields(form) },
  });
  const { store, policy, digits, form: checked } = job;
  const rejection = refusalOf(checked, policy);
  if (rejection !== undefined) return { accepted: false, rejection };
  const work: Work = { store, policy, digits, form: checked, mode, found: job.found };
  const tally = bulkWaiveTally(policy.currency);
  async function* entries(): AsyncGenerator<Entry> {
    const chosen = await chosenRows(options, checked, job.found);
    const refused = job.office ? await recordFile(job.office, checked, chosen.file, mode) : null;
    if (refused !== null) {
      if (reportsRowsWithoutAccount(options.shard))
        await job.found(fileFinding(checked.institution, refused));
      return;
    }
    const named = new Set<string>();
    let notNamed = 0;
    async function* tasks(): AsyncGenerator<Task> {
      yield* directoryTasks(options.patrons, named, { ...work, shard: options.shard });
      // The report includes the waivers of earlier runs, even for patrons who are no longer in the directory.
      for await (const { institution, patronId } of job.accounts()) {
        if (named.has(patronId)) continue;
        notNamed += 1;
        yield { kind: 'notNamed', patron: { institution, patronId, group: null, hasOverdueLoans: null } };
      }
    }
    for await (const entry of job.each<Task, BulkWaiveResult>(tasks(), (task) =>
      resultOf(task, chosen, work),
    )) {
      tally.add(entry);
      const finding = findingOf(entry);
      if (finding !== null) await job.found(finding);
      yield shown(entry);
    }
    for (const finding of chosen.unusedPatrons(named)) await job.found(finding);
    tally.setAccountsNotInDirectory(notNamed);
  }
  const totals = () => tally.totals();
  return { accepted: true, entries: job.listing(entries, totals), totals: () => job.report(totals()) };
}

/**
 * Processes one task; null for an account that is missing from the directory and in which the job never waived
 * anything.
 */
async function resultOf(task: Task, chosen: ChosenRows, work: Work): Promise<BulkWaiveResult | null> {
  const { form, digits } = work;
  switch (task.kind) {
    case 'invalid':
      return withPlan(undefined, task.entry);
    case 'repeated': {
      const because = { type: 'PatronRepeated', row: task.row } as const;
      return withPlan(task.planned, notWaivedEntry(task.patron, form.institution, digits, because));
    }
    case 'patron': {
      const forbidden = directoryForbids(task.patron, form) ?? chosen.forbids(task.patron.patronId);
      if (forbidden?.type !== 'OtherInstitution') {
        return withPlan(task.planned, await entryOf(task.patron, forbidden, chosen, work));
      }
      return withPlan(task.planned, notWaivedEntry(task.patron, form.institution, digits, forbidden));
    }
    case 'notNamed': {
      const entry = await entryOf(task.patron, 'notNamed', chosen, work);
      return entry.because?.type === 'NoAccount' ? null : withPlan(undefined, entry);
    }
  }
}

/**
 * Decides on an account, and stores the decision.
 *
 * @param forbidden - why nothing new may be waived of it, if so
 */
async function entryOf(
  patron: EntryPatron,
  forbidden: NotWaived | 'notNamed' | undefined,
  chosen: ChosenRows,
  { store, policy, form, digits, mode, found }: Work,
): Promise<BulkWaiveEntry> {
  const none = (because: NotWaived) => notWaivedEntry(patron, form.institution, digits, because);
  const stream = { institution: form.institution, patronId: patron.patronId };
  const feeIds = chosen.feeIdsOf(patron.patronId);
  let others: readonly PatronAccount[] | undefined;
  let unused: readonly BulkWaiveFinding[] = [];
  const plan = (account: () => PatronAccount, history: readonly AccountEvent[]) => {
    // A patron may have been done before, and have changed groups since.
    const doneAt = history.findIndex(({ metadata }) => metadata?.commandId === form.jobId);
    const wasDone = doneAt >= 0;
    if (forbidden !== undefined && !wasDone) {
      const isUnknown = history.length === 0 || forbidden === 'notNamed';
      return { entry: none(isUnknown ? { type: 'NoAccount' } : forbidden), events: [] };
    }
    const current = account();
    if (current.merges.length > 0 && others === undefined) return { entry: null, events: [] };
    const before = wasDone ? fold(history.slice(0, doneAt)) : undefined;
    unused = chosen.unusedFees(patron.patronId, before ?? current);
    const context = { feeIds, before, ...(others && { others }) };
    const decided = decideBulkWaive(current, patron, form, policy, context);
    return mode === 'run' ? decided : { ...decided, events: [] };
  };
  try {
    let done = await appendPlanned<AccountBulkWaive | ReadOthers>(store, stream, plan);
    if (done?.entry === null) {
      others = await othersOf(store, stream);
      done = await appendPlanned<AccountBulkWaive | ReadOthers>(store, stream, plan);
    }
    for (const finding of unused) await found(finding);
    return done?.entry ?? none({ type: 'AccountBusy', attempts: RETRY.attempts });
  } catch (error) {
    const { code, message } = unreadable(stream, error);
    return none({ type: 'AccountUnreadable', code, message });
  }
}

/** The account is merged with others, which must be read first. */
type ReadOthers = { readonly entry: null; readonly events: readonly AccountEvent[] };
