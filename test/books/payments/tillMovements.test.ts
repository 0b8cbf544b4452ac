import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tillMovements } from '../../../src/books/payments/tillMovements.js';
import { referenceModelOf } from '../../../src/testing/laws/referenceModel.js';
import { histories, sum } from '../../support/institutionHistories.js';
import { tried } from '../../support/seeded.js';

it('the movements equal the parts of the events', () => {
  fc.assert(
    fc.property(histories, ({ events, account }) => {
      const movements = tillMovements(events, account);
      const { cash } = referenceModelOf(events.map(({ event }) => event));
      const of = (kind: string) =>
        sum(movements.filter((movement) => movement.kind === kind).map(({ amount }) => BigInt(amount)));
      expect(of('gross')).toBe(cash.received);
      expect(of('reversed')).toBe(cash.handedBack);
      expect(of('refunded') - of('refundsReversed')).toBe(cash.refunded);
      expect(movements.every(({ amount }) => amount > 0)).toBe(true);
    }),
    tried(300),
  );
});

it('the net amount for a fee type is the amount paid on its fees, less the refunded one', () => {
  fc.assert(
    fc.property(histories, ({ events, account }) => {
      const movements = tillMovements(events, account);
      const net = (feeType: string) => {
        const own = movements.filter((movement) => movement.feeType === feeType);
        return sum(
          own.map(({ kind, amount }) =>
            BigInt(kind === 'gross' || kind === 'refundsReversed' ? amount : -amount),
          ),
        );
      };
      for (const feeType of new Set(account.fees.map((fee) => fee.feeType))) {
        const fees = account.fees.filter((fee) => fee.feeType === feeType);
        const ids = new Set(fees.map(({ feeId }) => feeId));
        const credits = account.credits.filter(({ feeId }) => feeId !== null && ids.has(feeId));
        const refunded = sum(credits.map((credit) => BigInt(credit.refunded)));
        expect(net(feeType)).toBe(sum(fees.map(({ paid }) => BigInt(paid))) - refunded);
      }
    }),
    tried(300),
  );
});
