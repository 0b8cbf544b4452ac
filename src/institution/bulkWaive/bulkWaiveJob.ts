import * as v from 'valibot';
import type { AccountEvent } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { EventStore } from '../../history/eventStore.js';
import { minorDigits } from '../../money/currency.js';
import { plainObject } from '../../plainObject.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { checkedArgument, parsed } from '../../views/checkedArgument.js';
import { unreadable } from '../accountFinding.js';
import { ATTEMPTS, appendPlanned } from '../appendPlanned.js';
import { everyAccount } from '../everyAccount.js';
import { type JobOptions, runJob } from '../job.js';
import { type DirectoryPatron, directoryField, directoryPatronFields } from '../patronDirectory.js';
import {
  type BulkWaiveEntry,
  type BulkWaivePlanned,
  type BulkWaiveResult,
  type EntryPatron,
  notWaivedEntry,
} from './bulkWaiveEntry.js';
import { type BulkWaiveForm, type CheckedForm, checkedForm } from './bulkWaiveForm.js';
import { type AccountBulkWaive, decideBulkWaive, directoryForbids } from './bulkWaiveOfAccount.js';
import { type BulkWaiveRefusal, refusalOf } from './bulkWaiveRefusal.js';
import { type BulkWaiveTotals, bulkWaiveTally } from './bulkWaiveTotals.js';
import type { NotWaived } from './notWaived.js';

/** A bulk waive that was begun, or why it is refused as a whole. */
export type BulkWaive<Entry extends BulkWaiveEntry> =
  | {
      /** The form is in order, and who sent it may. */
      readonly accepted: true;
      /** Patron by patron, in the directory's order. Nothing happens until they are taken; they can be taken once. */
      readonly entries: AsyncGenerator<Entry>;
      /** What the entries taken so far add up to. */
      readonly totals: () => BulkWaiveTotals;
    }
  | {
      /** Nothing was read and nothing happens. */
      readonly accepted: false;
      /** Why. */
      readonly rejection: BulkWaiveRefusal;
    };

/** The part of a plan's entry that a run looks back at. */
const plannedFields = {
  waived: v.string(),
  because: v.nullable(v.object({ type: v.string() })),
  fees: v.array(v.object({ feeId: v.string(), waived: v.string() })),
};

/** What was planned, as far as a run looks back at it. */
type Planned = v.InferOutput<v.ObjectSchema<typeof plannedFields, undefined>>;

/** A patron, planned or not. */
const patronSchema = v.pipe(
  plainObject,
  v.object({ ...directoryPatronFields, ...v.partial(v.object(plannedFields)).entries }),
);

/** A plan's entry of a patron whom its directory did not name: the job finds that account by itself. */
const foundByItself = v.object({ group: v.null(), earlier: v.literal(true), ...plannedFields });

/** What there is to do: an entry of the directory, or an account that the directory does not name. */
type Task =
  | { readonly kind: 'invalid'; readonly entry: BulkWaiveEntry }
  | { readonly kind: 'patron'; readonly patron: DirectoryPatron; readonly planned: Planned | undefined }
  | {
      readonly kind: 'repeated';
      readonly patron: DirectoryPatron;
      readonly planned: Planned | undefined;
      readonly row: number;
    }
  | { readonly kind: 'notNamed'; readonly patron: EntryPatron };

type Work = {
  readonly store: EventStore;
  readonly policy: FeePolicy;
  readonly digits: number;
  readonly form: CheckedForm;
  /** Whether what is decided is stored. */
  readonly writes: boolean;
};

/** Begins a bulk waive: a plan, or one that is stored. */
export function bulkWaiveJob(
  store: EventStore,
  policy: FeePolicy,
  form: BulkWaiveForm,
  patrons: AsyncIterable<unknown> | Iterable<unknown>,
  options: JobOptions,
  writes: boolean,
): BulkWaive<BulkWaiveResult> {
  const rules = definedPolicy(policy);
  const checked = checkedForm(form, rules);
  checkedArgument(directoryField, patrons, 'patrons');
  const rejection = refusalOf(checked, rules);
  if (rejection !== undefined) return { accepted: false, rejection };
  const digits = minorDigits(rules.currency) as number;
  const work: Work = { store, policy: rules, digits, form: checked, writes };
  const tally = bulkWaiveTally(rules.currency);
  async function* entries(): AsyncGenerator<BulkWaiveResult> {
    const named = new Set<string>();
    let notNamed = 0;
    async function* tasks(): AsyncGenerator<Task> {
      yield* directoryTasks(patrons, named, work);
      // What earlier runs waived is in the report, whatever the directory says by now.
      for await (const { institution, patronId } of everyAccount(store, checked.institution)) {
        if (named.has(patronId)) continue;
        notNamed += 1;
        yield { kind: 'notNamed', patron: { institution, patronId, group: null, hasOverdueLoans: null } };
      }
    }
    for await (const entry of runJob(tasks(), (task) => resultOf(task, work), options)) {
      if (entry === null) continue;
      tally.add(entry);
      yield entry;
    }
    tally.setAccountsNotInDirectory(notNamed);
  }
  return { accepted: true, entries: entries(), totals: tally.totals };
}

/**
 * The entries of a directory, checked.
 *
 * @param named - gets the id of every patron of the institution; the job must remember them, since a directory is read
 * once and in any order
 */
async function* directoryTasks(
  patrons: AsyncIterable<unknown> | Iterable<unknown>,
  named: Set<string>,
  { form, digits }: Work,
): AsyncGenerator<Task> {
  let row = 0;
  for await (const input of patrons) {
    row += 1;
    if ('output' in parsed(foundByItself, input)) continue;
    const result = parsed(patronSchema, input);
    if ('faults' in result) {
      const because = { type: 'PatronInvalid', row, faults: result.faults } as const;
      const entry = notWaivedEntry(bestEffortPatron(input), form.institution, digits, because);
      yield { kind: 'invalid', entry };
      continue;
    }
    const { waived, because, fees } = result.output;
    const patron = result.output as DirectoryPatron;
    const isPlanned = waived !== undefined && because !== undefined && fees !== undefined;
    const planned = isPlanned ? { waived, because, fees } : undefined;
    if ((patron.institution ?? form.institution) !== form.institution) {
      yield { kind: 'patron', patron, planned };
    } else if (named.has(patron.patronId)) {
      yield { kind: 'repeated', patron, planned, row };
    } else {
      named.add(patron.patronId);
      yield { kind: 'patron', patron, planned };
    }
  }
}

/** Best-effort patron from an invalid entry. */
function bestEffortPatron(input: unknown): EntryPatron {
  const named = parsed(v.object({ patronId: v.string() }), input);
  const patronId = 'output' in named ? named.output.patronId : '';
  return { patronId, group: null, hasOverdueLoans: null };
}

/** Works on one task; null for an account that the directory does not name and the job never waived anything of. */
async function resultOf(task: Task, work: Work): Promise<BulkWaiveResult | null> {
  const { form, digits } = work;
  switch (task.kind) {
    case 'invalid':
      return beside(undefined, task.entry);
    case 'repeated': {
      const because = { type: 'PatronRepeated', row: task.row } as const;
      return beside(task.planned, notWaivedEntry(task.patron, form.institution, digits, because));
    }
    case 'patron': {
      const forbidden = directoryForbids(task.patron, form);
      if (forbidden?.type !== 'OtherInstitution') {
        return beside(task.planned, await entryOf(task.patron, forbidden, work));
      }
      return beside(task.planned, notWaivedEntry(task.patron, form.institution, digits, forbidden));
    }
    case 'notNamed': {
      const entry = await entryOf(task.patron, 'notNamed', work);
      return entry.because?.type === 'NoAccount' ? null : beside(undefined, entry);
    }
  }
}

/**
 * Decides on an account, and stores what was decided.
 *
 * @param forbidden - why nothing new may be waived of it, if so
 */
async function entryOf(
  patron: EntryPatron,
  forbidden: NotWaived | 'notNamed' | undefined,
  { store, policy, form, digits, writes }: Work,
): Promise<BulkWaiveEntry> {
  const none = (because: NotWaived) => notWaivedEntry(patron, form.institution, digits, because);
  const stream = { institution: form.institution, patronId: patron.patronId };
  const plan = (account: () => PatronAccount, history: readonly AccountEvent[]): AccountBulkWaive => {
    // A patron may have been done before, and have changed groups since.
    const wasDone = history.some(({ metadata }) => metadata?.commandId === form.jobId);
    if (forbidden !== undefined && !wasDone) {
      const isUnknown = history.length === 0 || forbidden === 'notNamed';
      return { entry: none(isUnknown ? { type: 'NoAccount' } : forbidden), events: [] };
    }
    const decided = decideBulkWaive(account(), patron, form, policy);
    return writes ? decided : { ...decided, events: [] };
  };
  try {
    const done = await appendPlanned(store, stream, plan);
    return done?.entry ?? none({ type: 'AccountContested', attempts: ATTEMPTS });
  } catch (error) {
    const { code, message } = unreadable(stream, error);
    return none({ type: 'AccountUnreadable', code, message });
  }
}

/** Sets what came of a patron beside what was planned. */
function beside(plan: Planned | undefined, entry: BulkWaiveEntry): BulkWaiveResult {
  if (plan === undefined) return { ...entry, planned: null, differs: false };
  const planned: BulkWaivePlanned = { waived: plan.waived, because: plan.because?.type ?? null };
  const differs =
    planned.because !== (entry.because?.type ?? null) || waivedIn(plan.fees) !== waivedIn(entry.fees);
  return { ...entry, planned, differs };
}

/** Which fees are waived, and how much of each, as one text. Whether others are owed as well is no difference. */
function waivedIn(fees: readonly Planned['fees'][number][]): string {
  const waived = fees.filter((fee) => /[1-9]/.test(fee.waived));
  return JSON.stringify(waived.map((fee) => [fee.feeId, fee.waived]));
}
