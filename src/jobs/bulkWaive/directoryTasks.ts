import * as v from 'valibot';
import { reportsRowsWithoutAccount, type Shard, shardFilter } from '../../history/shard.js';
import { parsed } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import { type DirectoryPatron, directoryPatronFields } from '../patronDirectory.js';
import {
  type BulkWaiveEntry,
  type BulkWaivePlanned,
  type BulkWaiveResult,
  type EntryPatron,
  notWaivedEntry,
} from './bulkWaiveEntry.js';
import type { CheckedForm } from './bulkWaiveForm.js';

/** The fields of a plan's entry that a run compares. */
const plannedFields = {
  waived: v.string(),
  because: v.nullable(v.object({ type: v.string() })),
  fees: v.array(v.object({ feeId: v.string(), waived: v.string() })),
};

/** The planned result, as far as a run compares it. */
type Planned = v.InferOutput<v.ObjectSchema<typeof plannedFields, undefined>>;

/** A patron, with or without a plan. */
const patronSchema = v.pipe(
  plainObject,
  v.object({ ...directoryPatronFields, ...v.partial(v.object(plannedFields)).entries }),
);

/** A plan's entry of a patron missing from its directory: the job finds that account by itself. */
const foundByItself = v.object({ group: v.null(), earlier: v.literal(true), ...plannedFields });

/** One task: an entry of the directory, or an account missing from the directory. */
export type Task =
  | { readonly kind: 'invalid'; readonly entry: BulkWaiveEntry }
  | { readonly kind: 'patron'; readonly patron: DirectoryPatron; readonly planned: Planned | undefined }
  | {
      readonly kind: 'repeated';
      readonly patron: DirectoryPatron;
      readonly planned: Planned | undefined;
      readonly row: number;
    }
  | { readonly kind: 'notNamed'; readonly patron: EntryPatron };

/**
 * Yields the entries of a directory, checked.
 *
 * @param named - collects the id of every patron of the institution; needed because a directory is read only once and
 * in any order
 */
export async function* directoryTasks(
  patrons: AsyncIterable<unknown> | Iterable<unknown>,
  named: Set<string>,
  {
    form,
    digits,
    shard,
  }: { readonly form: CheckedForm; readonly digits: number; readonly shard: Shard | undefined },
): AsyncGenerator<Task> {
  const isMine = shardFilter(shard);
  let row = 0;
  for await (const input of patrons) {
    row += 1;
    const result = parsed(patronSchema, input);
    if ('faults' in result) {
      if ('output' in parsed(foundByItself, input) || !reportsRowsWithoutAccount(shard)) continue;
      const because = { type: 'PatronInvalid', row, faults: result.faults } as const;
      const entry = notWaivedEntry(bestEffortPatron(input), form.institution, digits, because);
      yield { kind: 'invalid', entry };
      continue;
    }
    const { waived, because, fees } = result.output;
    const patron = result.output as DirectoryPatron;
    const { institution = form.institution, patronId } = patron;
    if (!isMine({ institution, patronId })) continue;
    const isPlanned = waived !== undefined && because !== undefined && fees !== undefined;
    const planned = isPlanned ? { waived, because, fees } : undefined;
    if (institution !== form.institution) {
      yield { kind: 'patron', patron, planned };
    } else if (named.has(patronId)) {
      yield { kind: 'repeated', patron, planned, row };
    } else {
      named.add(patronId);
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

/** Adds the planned result to an entry. */
export function withPlan(plan: Planned | undefined, entry: BulkWaiveEntry): BulkWaiveResult {
  if (plan === undefined) return { ...entry, planned: null, differs: false };
  const planned: BulkWaivePlanned = { waived: plan.waived, because: plan.because?.type ?? null };
  const differs =
    planned.because !== (entry.because?.type ?? null) || waivedIn(plan.fees) !== waivedIn(entry.fees);
  return { ...entry, planned, differs };
}

/** Returns the waived fees and amounts as one text. Other fees with debt make no difference. */
function waivedIn(fees: readonly Planned['fees'][number][]): string {
  const waived = fees.filter((fee) => /[1-9]/.test(fee.waived));
  return JSON.stringify(waived.map((fee) => [fee.feeId, fee.waived]));
}
