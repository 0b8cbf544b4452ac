import assert from 'node:assert/strict';
import { feeStatus } from '../../account/fee.js';
import { creditStatus } from '../../account/patronAccount.js';
import type { Story } from '../arbitraries/story.js';
import { statesOf } from './states.js';

/** Checks the status of every row against its events. */
export function holdStatuses(story: Story): void {
  for (const { account, books } of statesOf(story)) {
    const disputed = new Set(books.fees.filter((fee) => fee.disputed).map(({ feeId }) => feeId));
    assert.deepEqual(
      account.fees.map((fee) => feeStatus(fee)),
      books.fees.map((fee) => statusOf(fee, fee.disputed)),
    );
    assert.deepEqual(
      account.credits.map((credit) => creditStatus(account, credit)),
      books.credits.map((credit) =>
        statusOf(credit, credit.purpose === 'setOff' && disputed.has(credit.feeId ?? '')),
      ),
    );
  }
}

type Row = { readonly remaining: bigint; readonly transferPending: bigint };

function statusOf({ remaining, transferPending }: Row, inDispute: boolean): string {
  if (remaining > 0n) return inDispute ? 'disputed' : 'active';
  return transferPending > 0n ? 'transferred' : 'closed';
}
