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
  remaining,
  transferredAndNotReversed,
  unused,
} from '../../src/index.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';

function creditsOf({ credits }: PatronAccount, feeId: string): readonly Credit[] {
  return credits.filter((credit) => credit.feeId === feeId);
}

/** Fees that gave back more than came in while their own refundable credits could still cover the difference. */
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

/** The amount of a fee's own refundable credits, or of one of them, that was applied to the fee itself. */
function appliedToItself(account: PatronAccount, fee: Fee, creditId?: string): number {
  const own = account.credits.filter(
    (credit) =>
      credit.purpose === 'refundable' &&
      (credit.feeId === fee.feeId || credit.creditId === fee.shortfallCreditId) &&
      (creditId === undefined || credit.creditId === creditId),
  );
  return account.applications
    .filter((application) => own.some((credit) => credit.creditId === application.creditId))
    .flatMap(({ allocations }) => allocations)
    .filter(({ feeId, reversed }) => feeId === fee.feeId && !reversed)
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** The credits of a returned item by the contract: in whole minor units, the percentage rounded half up. */
function entitlement(fee: Fee, account: PatronAccount, percent: number, policy: FeePolicy): number {
  const share = (amount: number) =>
    Number((BigInt(amount) * BigInt(Math.round(percent * 10)) * 2n + 1000n) / 2000n);
  const credits = creditsOf(account, fee.feeId);
  const fromCancelling = credits.filter(({ cause }) => cause === 'cancelled');
  if (policy.unpaidOnReturn === 'all') {
    const own = appliedToItself(account, fee);
    const used = (credit: Credit) =>
      credit.purpose === 'refundable' ? appliedToItself(account, fee, credit.creditId) : credit.applied;
    const leftOut = own + fromCancelling.reduce((sum, row) => sum + sumOf([row]) - used(row), 0);
    const given = fee.transferReversed + fee.givenBack - leftOut;
    const due = share(Math.max(0, fee.transferred + moneyIn(fee) - leftOut)) - given;
    const excess = Math.max(0, fee.givenBack - moneyIn(fee), -due);
    return Math.max(0, owed(fee) - excess) + Math.max(0, due);
  }
  const inCash = fromCancelling.filter(({ purpose }) => purpose === 'refundable');
  const forgiven = credits.filter(({ cause, purpose }) => cause !== 'cancelled' && purpose !== 'refundable');
  const rightful = share(fee.original - fee.cancelled - sumOf(fromCancelling));
  return Math.max(0, rightful - fee.waived - sumOf(forgiven) - (fee.givenBack - sumOf(inCash)));
}

describe('the end of a decision', () => {
  it(
    'leaves no fee that gave back too much while its own credits could cover the difference',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          for (const { after } of runMoves(story, policy)) expect(leftOpen(after)).toEqual([]);
        }),
        seeded('closing, own credits'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'leaves a reserved credit on a fee that owes nothing only if a waiver caused it',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          for (const { before, decision, after } of runMoves(story, policy)) {
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
    LAW_TIMEOUT_MS,
  );

  it(
    'leaves nothing open on a fee that was cancelled in full',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          for (const { command, decision, after } of runMoves(story, policy)) {
            if (command.type !== 'CancelFee' || command.amount !== undefined || !decision.accepted) continue;
            const fee = findFee(after, command.feeId);
            expect(fee && remaining(fee)).toBe(0);
          }
        }),
        seeded('closing, cancelled fees'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('the credits of a returned lost item', () => {
  it(
    'equal its entitlement, up to what is owed, transferred or paid',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          for (const { command, before, decision, policy: inForce } of runMoves(story, policy)) {
            if (command.type !== 'ReturnLostItem' || !decision.accepted) continue;
            for (const { type, data } of decision.events) {
              const fee = type === 'LostItemReturned' ? findFee(before, data.feeId) : undefined;
              if (fee === undefined) continue;
              const percent = inForce.feeTypes[fee.feeType]?.refundPercent ?? Number.NaN;
              // An amount that is owed or transferred only because more was given back than came in has left the library.
              const excess = Math.max(0, fee.givenBack - moneyIn(fee));
              const open = owed(fee) + transferredAndNotReversed(fee) + refundableMoney(fee);
              const room = Math.max(0, open - excess);
              const given = fold(decision.events, before).credits.slice(before.credits.length);
              const own = given.filter((credit) => credit.feeId === fee.feeId);
              expect(sumOf(own)).toBe(Math.min(entitlement(fee, before, percent, inForce), room));
            }
          }
        }),
        seeded('returned items'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
