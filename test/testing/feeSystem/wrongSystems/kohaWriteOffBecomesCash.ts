import {
  accepted,
  answeredOnce,
  cents,
  type PlainFee,
  type PlainFeeSystem,
  plainFeeSystem,
  refused,
} from '../rightSystems/plainFeeSystem.js';

/**
 * A fine that had been written off in Koha and was then made smaller left a credit of the difference, which could be
 * paid out, though no money had ever come in.
 *
 * Source: Koha bug 29923 (critical, shipped, fixed since), `Koha/Account/Line.pm` adjust: what is outstanding falls by
 * the difference, and what is below zero becomes a credit.
 */
export function kohaWriteOffBecomesCash(): PlainFeeSystem {
  const { books, system } = plainFeeSystem();
  return {
    books,
    system: {
      ...system,
      cancel: answeredOnce()(({ feeId, amount }) => {
        const fee = books.fees.find(({ id }) => id === feeId) as PlainFee;
        if (cents(amount) > fee.amount - fee.cancelled) return refused;
        const outstanding = fee.owed - cents(amount);
        fee.owed = Math.max(0, outstanding);
        fee.cancelled += cents(amount);
        if (outstanding < 0) books.credits.push({ feeId, amount: -outstanding, left: -outstanding });
        return accepted;
      }),
    },
  };
}
