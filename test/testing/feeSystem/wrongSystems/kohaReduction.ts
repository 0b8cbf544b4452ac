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
 * A reduction in Koha that is larger than what is outstanding is not applied to it at all: a fine with 3 owed and
 * which is reduced by 5 still owes 3, and the whole 5 is a credit.
 *
 * Source: Koha, `Koha/Account/Line.pm` reduce.
 */
export function kohaReduction(): PlainFeeSystem {
  const { books, system } = plainFeeSystem();
  const tooLarge = answeredOnce()(({ feeId, amount }: { id: string; feeId: string; amount: string }) => {
    const fee = books.fees.find(({ id }) => id === feeId) as PlainFee;
    if (cents(amount) > fee.owed + fee.moneyIn - fee.givenBack) return refused;
    fee.cancelled += cents(amount);
    fee.givenBack += cents(amount) - fee.owed;
    books.credits.push({ feeId, amount: cents(amount), left: cents(amount) });
    return accepted;
  });
  return {
    books,
    system: {
      ...system,
      cancel: async (request) => {
        const fee = books.fees.find(({ id }) => id === request.feeId) as PlainFee;
        return cents(request.amount) <= fee.owed ? system.cancel(request) : tooLarge(request);
      },
    },
  };
}
