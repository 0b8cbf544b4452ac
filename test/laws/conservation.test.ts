import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances, creditStatus, feeStatus, type PatronAccount, remaining, unused } from '../../src/index.js';
import { violations } from '../../src/testing/index.js';
import { type Books, balancesOf, booksOf, minorUnits, total } from '../support/books.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyNaming, anyPolicy, eventsOf, historiesOf, moves, namingNamed, play } from '../support/stories.js';

/** What the projection says, in the words and the order of the books. */
function figuresOf(account: PatronAccount): Pick<Books, 'fees' | 'credits'> {
  return {
    fees: account.fees.map((fee) => ({
      feeId: fee.feeId,
      original: BigInt(fee.original),
      paid: BigInt(fee.paid),
      waived: BigInt(fee.waived),
      settledByCredit: {
        setOff: BigInt(fee.settledByCredit.setOff),
        refundable: BigInt(fee.settledByCredit.refundable),
        external: BigInt(fee.settledByCredit.external),
        goodwill: BigInt(fee.settledByCredit.goodwill),
      },
      transferred: BigInt(fee.transferred),
      transferPending: BigInt(fee.transferPending),
      cancelled: BigInt(fee.cancelled),
      remaining: BigInt(remaining(fee)),
      givenBack: BigInt(fee.givenBack),
      reserved: BigInt(fee.reserved),
      transferReversed: BigInt(fee.transferReversed),
      disputed: fee.disputed,
      returned: fee.returned,
    })),
    credits: account.credits.map((credit) => ({
      creditId: credit.creditId,
      cause: credit.cause,
      purpose: credit.purpose,
      feeId: credit.feeId,
      amount: BigInt(credit.amount),
      applied: BigInt(credit.applied),
      refunded: BigInt(credit.refunded),
      transferred: BigInt(credit.transferred),
      transferPending: BigInt(credit.transferPending),
      cancelled: BigInt(credit.cancelled),
      withdrawn: BigInt(credit.withdrawn),
      remaining: BigInt(unused(credit)),
    })),
  };
}

function big(record: Readonly<Record<string, number>>): Readonly<Record<string, bigint>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, BigInt(value)]));
}

/** The rows with a figure that cannot be. */
function outOfBounds({ fees, credits }: Books): readonly unknown[] {
  const negative = (row: object) =>
    Object.values(row).some((figure) => typeof figure === 'bigint' && figure < 0n);
  return [
    ...fees.filter(
      (fee) =>
        negative(fee) ||
        negative(fee.settledByCredit) ||
        fee.remaining > fee.original ||
        fee.reserved > fee.remaining ||
        fee.transferReversed > fee.transferred ||
        fee.transferPending > fee.transferred,
    ),
    ...credits.filter((credit) => negative(credit) || credit.transferPending > credit.transferred),
  ];
}

describe('law 1: conservation', () => {
  it(
    'keeps, in every state, exactly the figures that the events add up to, per fee and per credit',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, anyNaming, (story, policy, naming) => {
          for (const { events, account } of historiesOf(play(story, policy, namingNamed[naming]))) {
            const { fees, credits } = booksOf(events);
            expect(figuresOf(account)).toEqual({ fees, credits });
          }
        }),
        seeded('law 1, rows'),
      );
    },
    PATIENCE,
  );

  it(
    'keeps what remains within the original amount, what is reserved within what remains, what is reversed within what was transferred, and nothing below zero',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const { events } of historiesOf(play(story, policy))) {
            expect(outOfBounds(booksOf(events))).toEqual([]);
          }
        }),
        seeded('law 1, bounds'),
      );
    },
    PATIENCE,
  );

  it(
    'makes the balances the sums of the rows, also of the rows in each status',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const { events, account } of historiesOf(play(story, policy))) {
            expect(big(balances(account))).toEqual(balancesOf(booksOf(events)));
            const inStatus = (status: string) =>
              total(
                account.fees.filter((fee) => feeStatus(fee) === status).map((fee) => BigInt(remaining(fee))),
              ) -
              total(
                account.credits
                  .filter((credit) => creditStatus(account, credit) === status)
                  .map((credit) => BigInt(unused(credit))),
              );
            expect(inStatus('active')).toBe(BigInt(balances(account).active));
            expect(inStatus('disputed')).toBe(BigInt(balances(account).disputed));
          }
        }),
        seeded('law 1, balances'),
      );
    },
    PATIENCE,
  );

  it(
    'makes every payment the sum of its allocations and its overpayment, and never reverses more of it',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          const reversals = new Map<string, bigint>();
          const received = new Map<string, bigint>();
          for (const event of eventsOf(play(story, policy))) {
            if (event.type === 'PaymentReceived') {
              const { paymentId, amount, allocations, overpayment } = event.data;
              const parts = [...allocations, ...(overpayment === undefined ? [] : [overpayment])];
              expect(total(parts.map((part) => minorUnits(part.amount)))).toBe(minorUnits(amount));
              received.set(paymentId, minorUnits(amount));
            }
            if (event.type === 'PaymentReversed') {
              const { paymentId, amount, allocations, overpayment, shortfall } = event.data;
              const parts = [
                ...allocations,
                ...[overpayment, shortfall].filter((part) => part !== undefined),
              ];
              expect(total(parts.map((part) => minorUnits(part.amount)))).toBe(minorUnits(amount));
              const reversed = (reversals.get(paymentId) ?? 0n) + minorUnits(amount);
              expect(reversed).toBeLessThanOrEqual(received.get(paymentId) ?? 0n);
              reversals.set(paymentId, reversed);
            }
          }
        }),
        seeded('law 1, payments'),
      );
    },
    PATIENCE,
  );

  it(
    'is what violations(account) checks: it finds none in any state',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const { after } of play(story, policy)) expect(violations(after)).toEqual([]);
        }),
        seeded('law 1, violations'),
      );
    },
    PATIENCE,
  );
});
