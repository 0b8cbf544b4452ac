import { type Mismatch, unlessSame } from './compare.js';
import { differenceFor, type Step } from './differences.js';
import { dollars } from './ourDesk.js';
import type { Row } from './outcome.js';

/** A mismatch, and the request at which it was found: those of the history are counted, too. */
export type Found = { readonly at: number; readonly mismatch: Mismatch };

/** Why a mismatch is meant: a rule says so, or it follows from an earlier difference that a rule explains. */
export function reasonFor({ at, mismatch }: Found, steps: readonly Step[]): string | undefined {
  return differenceFor(mismatch, steps[at] as Step) ?? inherited(mismatch, steps.slice(0, at + 1));
}

/** The reason for which a fee that a mismatch is about first stood otherwise here than in FOLIO. */
function inherited({ path }: Mismatch, steps: readonly Step[]): string | undefined {
  const named = steps.at(-1)?.request.accounts ?? [];
  const isAbout = (ref: string) =>
    named.includes(ref) || path.includes(`s.${ref}.`) || path.endsWith('RefundTotal');
  for (const step of steps.slice(0, -1)) {
    const parted = [...step.folio.rows]
      .filter(([ref]) => isAbout(ref))
      .flatMap(([ref, row]) => partings(ref, row, step.ours.rows.get(ref)))
      .filter((each) => path.endsWith('Status') || !each.path.endsWith('Status'));
    if (parted[0] !== undefined) return differenceFor(parted[0], step);
  }
  return undefined;
}

/** Where a row differs. What a fee was settled by is a label: nothing but labels follows from it. */
function partings(ref: string, folio: Row, ours: Row | undefined): Mismatch[] {
  return [
    ...unlessSame(`accounts.${ref}.remaining`, dollars(folio.remaining), dollars(ours?.remaining ?? 0)),
    ...unlessSame(`accounts.${ref}.status`, folio.status, ours?.status),
    ...unlessSame(`accounts.${ref}.paymentStatus`, folio.paymentStatus, ours?.paymentStatus),
  ];
}
