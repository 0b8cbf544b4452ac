import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { owed } from '../../account/fee.js';
import { findFee } from '../../account/patronAccount.js';
import { percentOf } from '../../money/rounding.js';
import type { Story } from '../arbitraries/story.js';
import { type CreditBook, type FeeBook, total } from './books.js';
import { type State, statesOf } from './states.js';

/** Checks every decision against three of the closing rules. */
export function holdClosing(story: Story): void {
  for (const state of statesOf(story))
    for (const fee of state.books.fees) {
      noneReservedWhereNothingIsOwed(fee, state);
      nothingOwedThatItsOwnCreditsCover(fee, state);
      nothingMissingOfTheReturn(fee, state);
    }
}

/**
 * Checks that set-off credits are applied when anything but a waiver brought what is owed to 0, so that fee and credits
 * close.
 */
function noneReservedWhereNothingIsOwed(fee: FeeBook, { step }: State): void {
  const { type } = step.command;
  if (type === 'WaiveFees' || type === 'ResolveDispute') return;
  const before = findFee(step.before, fee.feeId);
  if (before !== undefined && owed(before) > 0 && fee.remaining === fee.reserved)
    assert.equal(fee.reserved, 0n, `${type} left set-off credits of ${fee.feeId} open`);
}

/** Checks that a fee that gave back more than came in is not owed while it has unused credits of its own. */
function nothingOwedThatItsOwnCreditsCover(fee: FeeBook, { books, events }: State): void {
  const { feeId } = fee;
  const excess = fee.givenBack - fee.paid - fee.settledByCredit.refundable;
  if (excess <= 0n || fee.remaining === fee.reserved) return;
  const unused = books.credits.filter(
    (credit) =>
      (credit.feeId === feeId || shortfallsOf(feeId, events).includes(credit.creditId)) &&
      credit.purpose === 'refundable' &&
      credit.remaining > 0n,
  );
  assert.deepEqual(unused, [], `${feeId} gave back ${excess} too much`);
}

/** Returns the overpayment and surplus credits whose shortfall was charged to a fee. */
function shortfallsOf(feeId: string, events: readonly AccountEvent[]): readonly string[] {
  return events.flatMap(({ type, data }) =>
    (type === 'PaymentReversed' || type === 'SettlementReversed') && data.shortfall?.feeId === feeId
      ? [data.shortfall.creditId]
      : [],
  );
}

/** Checks that with percentage terms a returned fee costs no more than the rest, whatever was undone since. */
function nothingMissingOfTheReturn(fee: FeeBook, { books, events }: State): void {
  const terms = events.find(({ type, data }) => type === 'LostItemReturned' && data.feeId === fee.feeId);
  if (terms?.type !== 'LostItemReturned' || terms.data.unpaid !== 'percent') return;
  const own = books.credits.filter((credit) => credit.feeId === fee.feeId);
  const sum = (which: (credit: CreditBook) => boolean, of: (credit: CreditBook) => bigint) =>
    total(own.filter(which).map(of));
  const standing = ({ amount, cancelled }: CreditBook) => amount - cancelled;
  const rightful = fee.original - fee.cancelled - sum(({ cause }) => cause === 'cancelled', standing);
  const shortfall = fee.givenBack - sum(({ purpose }) => purpose === 'refundable', standing);
  const had =
    fee.waived +
    sum(({ cause }) => cause === 'waived', standing) +
    sum(
      ({ cause }) => cause === 'returned',
      ({ amount }) => amount,
    ) +
    shortfall;
  const cost =
    fee.remaining -
    fee.reserved +
    (fee.paid + fee.settledByCredit.refundable - fee.givenBack) +
    (fee.transferred - fee.transferReversed);
  const missing = BigInt(percentOf(Number(rightful), terms.data.refundPercent)) - had;
  assert.ok(
    missing <= 0n || cost <= 0n,
    `${missing} of the return of ${fee.feeId} is missing, it costs ${cost}`,
  );
}
