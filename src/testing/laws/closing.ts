import assert from 'node:assert/strict';
import { owed } from '../../account/fee.js';
import { findFee } from '../../account/patronAccount.js';
import type { Story } from '../arbitraries/story.js';
import type { FeeBook } from './books.js';
import { type State, statesOf } from './states.js';

/** Holds every decision to the two rules that close what needs no person. */
export function holdClosing(story: Story): void {
  for (const state of statesOf(story))
    for (const fee of state.books.fees) {
      noneReservedWhereNothingIsOwed(fee, state);
      nothingOwedThatItsOwnCreditsCover(fee, state);
    }
}

/** Whatever but a waiver brought what is owed to 0 uses the set-off credits up, so that fee and credits close. */
function noneReservedWhereNothingIsOwed(fee: FeeBook, { step }: State): void {
  const { type } = step.command;
  if (type === 'WaiveFees' || type === 'ResolveDispute') return;
  const before = findFee(step.before, fee.feeId);
  if (before !== undefined && owed(before) > 0 && fee.remaining === fee.reserved)
    assert.equal(fee.reserved, 0n, `${type} left set-off credits of ${fee.feeId} open`);
}

/** Where a fee gave back more than came in, its own credits are not left while it is owed. */
function nothingOwedThatItsOwnCreditsCover(fee: FeeBook, { books }: State): void {
  const { feeId } = fee;
  const excess = fee.givenBack - fee.paid - fee.settledByCredit.refundable;
  if (excess <= 0n || fee.remaining === fee.reserved) return;
  const unused = books.credits.filter(
    (credit) => credit.feeId === feeId && credit.purpose === 'refundable' && credit.remaining > 0n,
  );
  assert.deepEqual(unused, [], `${feeId} gave back ${excess} too much`);
}
