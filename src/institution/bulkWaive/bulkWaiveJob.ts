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
const rowSchema = v.pipe(
  plainObject,
  v.object({ ...directoryPatronFields, ...v.partial(v.object(plannedFields)).entries }),
);

type Row = { readonly row: number; readonly input: unknown };

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
    for await (const entry of runJob(numbered(patrons), (row) => resultOf(row, work), options)) {
      tally.add(entry);
      yield entry;
    }
    let accounts = 0;
    for await (const _ of everyAccount(store, checked.institution)) accounts += 1;
    tally.setAccounts(accounts);
  }
  return { accepted: true, entries: entries(), totals: tally.totals };
}

async function* numbered(patrons: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Row> {
  let row = 0;
  for await (const input of patrons) {
    row += 1;
    yield { row, input };
  }
}

async function resultOf({ row, input }: Row, work: Work): Promise<BulkWaiveResult> {
  const result = parsed(rowSchema, input);
  if ('faults' in result) {
    const because = { type: 'PatronInvalid', row, faults: result.faults } as const;
    return beside(undefined, notWaivedEntry(namedIn(input), work.form.institution, work.digits, because));
  }
  const { waived, because, fees } = result.output;
  const patron = result.output as DirectoryPatron;
  const isPlanned = waived !== undefined && because !== undefined && fees !== undefined;
  return beside(isPlanned ? { waived, because, fees } : undefined, await entryOf(patron, work));
}

/** As much of a patron as can be read of an entry that is none. */
function namedIn(input: unknown): DirectoryPatron {
  const named = parsed(v.object({ patronId: v.string() }), input);
  const patronId = 'output' in named ? named.output.patronId : '';
  return { patronId, group: '', hasOverdueLoans: false };
}

async function entryOf(patron: DirectoryPatron, work: Work): Promise<BulkWaiveEntry> {
  const { store, policy, form, digits, writes } = work;
  const none = (because: NotWaived) => notWaivedEntry(patron, form.institution, digits, because);
  const stream = { institution: form.institution, patronId: patron.patronId };
  const forbidden = directoryForbids(patron, form);
  if (forbidden?.type === 'OtherInstitution') return none(forbidden);
  const plan = (account: () => PatronAccount, history: readonly AccountEvent[]): AccountBulkWaive => {
    // A patron may have been done before, and have changed groups since.
    const wasDone = history.some(({ metadata }) => metadata?.commandId === form.jobId);
    if (forbidden !== undefined && !wasDone) {
      return { entry: none(history.length === 0 ? { type: 'NoAccount' } : forbidden), events: [] };
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
