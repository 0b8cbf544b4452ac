import {
  type AccountEvent,
  type Command,
  findFee,
  formatAmount,
  moneyIn,
  owed,
  refundableMoney,
  transferredAndNotReversed,
} from '../../src/index.js';
import type { Decide } from '../../src/testing/arbitraries/runMoves.js';
import { type MayDiffer, mayDiffer } from '../../src/testing/index.js';
import { deciding } from '../testing/laws/mutants.js';

/** Old rule A: what was handed out counted as a charge, so a whole cancellation took it too. */
export const handedOutIsCharged: Decide = deciding('CancelFee', (decision, command, account) => {
  const { feeId, id, amount: asked, at } = command as Extract<Command, { type: 'CancelFee' }>;
  const fee = findFee(account, feeId);
  if (fee === undefined || asked !== undefined || fee.waived > 0 || fee.givenBack <= moneyIn(fee))
    return decision;
  const money = (minor: number) => formatAmount(minor, account.minorDigits);
  const data = { feeId, currency: account.currency, at };
  const cancelled = { ...data, cancellationId: id, amount: money(owed(fee)) };
  const open = refundableMoney(fee) + transferredAndNotReversed(fee);
  if (owed(fee) === 0 || open > 0) return decision;
  return { accepted: true, events: [{ type: 'FeeCancelled', data: cancelled } as AccountEvent] };
});

/** Rows of the table of pairs that an exhaustive search found, and 20,000 random scenes had not. */
export const rowsOfJ = {
  returned:
    'with terms `all` a return counts what was given; a cancelled credit counts as long as it was there',
  reported:
    'a report after a refund in cash takes back what is owed then; a later waiver or amount is of what is left',
  ended: 'an ended fine takes back what is owed again above its total, but not what a cancelled credit kept',
  cancelled:
    'a whole cancellation undoes waivers and goodwill, unless they cover what was handed out in cash; later ones stay',
  /** Waived there, then a payment reported there. */
  waived: 'a waiver without an amount forgives what is owed when it comes',
} as const;

/** Runs something while the table of pairs has no row with this reason. */
export async function withoutRow<Found>(reason: string, run: () => Found): Promise<Awaited<Found>> {
  const table = mayDiffer as MayDiffer[];
  const index = table.findIndex((row) => row.reason === reason);
  if (index < 0) throw new Error(`no row of the table: ${reason}`);
  const [row] = table.splice(index, 1) as [MayDiffer];
  try {
    return await run();
  } finally {
    table.splice(index, 0, row);
  }
}
