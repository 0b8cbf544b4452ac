import type { Mismatch } from './compare.js';
import { differenceFor, type Step } from './differences.js';
import { dollars } from './ourDesk.js';
import type { Outcome, Row } from './outcome.js';

/** A mismatch, and the index of its request, counting those of the history too. */
export type Found = { readonly at: number; readonly mismatch: Mismatch };

/** A step, with the results of FOLIO's rules in each order in which its hashing may distribute spare cents. */
export type Stage = Step & { readonly inOrders: readonly Outcome[] };

const SPARE_CENT =
  'Which of several fees gets the cent that is left over is chance in FOLIO; here it is the oldest that has room';

/**
 * The reason for a mismatch: a rule of this library, or an earlier intended difference from which it follows.
 *
 * @param inOrders - the differences between FOLIO's rules and the scenario, in some order of the spare cents
 */
export function reasonFor(
  found: Found,
  stages: readonly Stage[],
  inOrders: readonly Found[],
): string | undefined {
  if (inOrders.some((other) => other.at === found.at && isSame(other, found))) return SPARE_CENT;
  const { at, mismatch } = found;
  return meantOrInherited(mismatch, stages.slice(0, at + 1));
}

function isSame(one: Found, other: Found): boolean {
  return JSON.stringify(one.mismatch) === JSON.stringify(other.mismatch);
}

/** The reason for the first difference from FOLIO in a fee of a mismatch. */
function inherited({ path }: Mismatch, stages: readonly Stage[]): string | undefined {
  const named = stages.at(-1)?.request.accounts ?? [];
  const isAbout = (ref: string) =>
    named.includes(ref) || path.includes(`s.${ref}.`) || path.endsWith('RefundTotal');
  // The way in which a fee was settled is a label: only labels follow from it.
  const fields = path.endsWith('Status')
    ? (['remaining', 'status', 'paymentStatus'] as const)
    : (['remaining', 'status'] as const);
  for (const [at, stage] of stages.slice(0, -1).entries()) {
    for (const [ref, row] of stage.folio.rows) {
      const here = stage.ours.rows.get(ref) as Row;
      const parted = isAbout(ref) ? fields.find((field) => row[field] !== here[field]) : undefined;
      if (parted !== undefined) return reasonToPart(ref, parted, stages.slice(0, at + 1));
    }
    if (isDoneByOne(stage) && stage.request.accounts.some(isAbout)) {
      const [here, there] = [stage.ours.error, stage.folio.error];
      return meantOrInherited({ path: 'error', expected: there, actual: here }, stages.slice(0, at + 1));
    }
  }
  return undefined;
}

function reasonToPart(ref: string, field: keyof Row, stages: readonly Stage[]): string | undefined {
  const stage = stages.at(-1) as Stage;
  const [here, there] = [stage.ours, stage.folio].map(({ rows }) => rows.get(ref)?.[field]);
  if (stage.inOrders.some(({ rows }) => rows.get(ref)?.[field] === here)) return SPARE_CENT;
  const written = (value: unknown) => (typeof value === 'number' ? dollars(value) : value);
  const mismatch = { path: `accounts.${ref}.${field}`, expected: written(there), actual: written(here) };
  return meantOrInherited(mismatch, stages);
}

/** Returns whether only one of the two accepted the request; the rows may be equal while refundable amounts differ. */
function isDoneByOne({ request, ours, folio }: Stage): boolean {
  return !request.op.startsWith('check-') && (ours.error === undefined) !== (folio.error === undefined);
}

function meantOrInherited(mismatch: Mismatch, stages: readonly Stage[]): string | undefined {
  return differenceFor(mismatch, stages.at(-1) as Stage) ?? inherited(mismatch, stages);
}
