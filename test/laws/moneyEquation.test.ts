import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Books, booksOf, type FeeBook, total } from '../support/books.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyPolicy, historiesOf, moves, play } from '../support/stories.js';

function moneyIn(fee: FeeBook): bigint {
  return fee.paid + fee.settledByCredit.refundable;
}

/** By how much fees gave back more than came in for them. */
function excess({ fees }: Books): bigint {
  return total(fees.map((fee) => fee.givenBack - moneyIn(fee)).filter((above) => above > 0n));
}

function received({ cash }: Books): bigint {
  return cash.received - cash.handedBack + cash.imported + cash.settledAbove;
}

function refundable({ credits }: Books) {
  return credits.filter(({ purpose }) => purpose === 'refundable');
}

describe('law 3: the money equation', () => {
  it(
    'holds in every state: money received is refunded, handed over, owed as credit, or kept by fees',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const { events } of historiesOf(play(story, policy))) {
            const books = booksOf(events);
            const owedToThePatron = refundable(books).map(
              (credit) =>
                credit.transferred + credit.remaining + (credit.feeId === null ? credit.cancelled : 0n),
            );
            const kept = books.fees.map((fee) => moneyIn(fee) - fee.givenBack);
            expect(received(books)).toBe(books.cash.refunded + total(owedToThePatron) + total(kept));
          }
        }),
        seeded('law 3'),
      );
    },
    PATIENCE,
  );

  it(
    'lets no more cash out than came in, except what fees gave back before a payment was reversed',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const { events } of historiesOf(play(story, policy))) {
            const books = booksOf(events);
            const out = books.cash.refunded + total(refundable(books).map(({ transferred }) => transferred));
            expect(out).toBeLessThanOrEqual(received(books) + excess(books));
          }
        }),
        seeded('law 3, cash'),
      );
    },
    PATIENCE,
  );

  it(
    'lets a fee give back more than came in only where a payment or the use of a credit was reversed',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          let before = 0n;
          for (const { events, step } of historiesOf(play(story, policy))) {
            const now = excess(booksOf(events));
            if (now > before)
              expect(['ReversePayment', 'ReverseCreditApplication']).toContain(step.command.type);
            before = now;
          }
        }),
        seeded('law 3, reversals'),
      );
    },
    PATIENCE,
  );
});
