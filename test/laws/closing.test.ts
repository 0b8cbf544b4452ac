import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  type Credit,
  type Fee,
  type FeePolicy,
  findFee,
  fold,
  moneyIn,
  owed,
  type PatronAccount,
  refundableMoney,
  transferredAndNotReversed,
  unused,
} from '../../src/index.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyPolicy, moves, play } from '../support/stories.js';

function creditsOf({ credits }: PatronAccount, feeId: string): readonly Credit[] {
  return credits.filter((credit) => credit.feeId === feeId);
}

/** Fees that gave back more than came in, and whose own refundable credits could still make up for it. */
function leftOpen(account: PatronAccount): readonly Fee[] {
  return account.fees.filter((fee) => {
    const spare = creditsOf(account, fee.feeId).some(
      (credit) => credit.purpose === 'refundable' && unused(credit) > 0,
    );
    return spare && fee.givenBack > moneyIn(fee) && owed(fee) > 0;
  });
}

function isWaiver({ type, data }: AccountEvent): boolean {
  return type === 'FeeWaived' || (type === 'LostItemCreditIssued' && data.cause === 'waived');
}

function sumOf(credits: readonly Credit[]): number {
  return credits.reduce((sum, { amount, cancelled }) => sum + amount - cancelled, 0);
}

/** What a returned item brings by the contract: in whole minor units, the percentage rounded half up. */
function entitlement(fee: Fee, account: PatronAccount, percent: number, policy: FeePolicy): number {
  const share = (amount: number) =>
    Number((BigInt(amount) * BigInt(Math.round(percent * 10)) * 2n + 1000n) / 2000n);
  if (policy.unpaidOnReturn === 'all') {
    const due = share(fee.transferred + moneyIn(fee)) - fee.transferReversed - fee.givenBack;
    return owed(fee) + Math.max(0, due);
  }
  const credits = creditsOf(account, fee.feeId);
  const fromCancelling = credits.filter(({ cause }) => cause === 'cancelled');
  const inCash = fromCancelling.filter(({ purpose }) => purpose === 'refundable');
  const forgiven = credits.filter(({ cause, purpose }) => cause !== 'cancelled' && purpose !== 'refundable');
  const rightful = share(fee.original - fee.cancelled - sumOf(fromCancelling));
  return Math.max(0, rightful - fee.waived - sumOf(forgiven) - (fee.givenBack - sumOf(inCash)));
}

describe('what closes by itself at the end of a decision', () => {
  it(
    'leaves no fee that gave back too much while its own credits could make up for it',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          for (const { after } of play(story, policy)) expect(leftOpen(after)).toEqual([]);
        }),
        seeded('closing, own credits'),
      );
    },
    PATIENCE,
  );

  it(
    'leaves a credit reserved on a fee of which nothing more is owed only where a waiver brought that about',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          for (const { before, decision, after } of play(story, policy)) {
            for (const fee of after.fees) {
              const earlier = findFee(before, fee.feeId);
              if (earlier === undefined || owed(earlier) === 0 || owed(fee) > 0 || fee.reserved === 0)
                continue;
              expect(decision.events.some(isWaiver)).toBe(true);
            }
          }
        }),
        seeded('closing, reserved credits'),
      );
    },
    PATIENCE,
  );
});

describe('what a returned lost item brings', () => {
  it(
    'is its entitlement, as far as anything of the fee is owed, transferred or paid',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          for (const { command, before, decision, policy: inForce } of play(story, policy)) {
            if (command.type !== 'ReturnLostItem' || !decision.accepted) continue;
            for (const { type, data } of decision.events) {
              const fee = type === 'LostItemReturned' ? findFee(before, data.feeId) : undefined;
              if (fee === undefined) continue;
              const percent = inForce.feeTypes[fee.feeType]?.refundPercent ?? Number.NaN;
              const room = owed(fee) + transferredAndNotReversed(fee) + refundableMoney(fee);
              const given = fold(decision.events, before).credits.slice(before.credits.length);
              const own = given.filter((credit) => credit.feeId === fee.feeId);
              expect(sumOf(own)).toBe(Math.min(entitlement(fee, before, percent, inForce), room));
            }
          }
        }),
        seeded('returned items'),
      );
    },
    PATIENCE,
  );
});
