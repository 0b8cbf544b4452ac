import { dollars, type PlainFeeSystem, plainFeeSystem, sumOf } from '../rightSystems/plainFeeSystem.js';

/**
 * When Koha makes a paid fine smaller, it writes the whole decrease as an offset of the fine and the overpaid part as a
 * credit without one: the fine's own lines add up to less than nothing, and who adds them counts the overpaid part twice.
 *
 * Source: Koha, `Koha/Account/Line.pm` adjust: the offset DECREASE has the full difference, the credit OVERPAYMENT none.
 */
export function kohaOverpaidAdjustment(): PlainFeeSystem {
  const { books, system } = plainFeeSystem();
  const overpaid = new Map<string, number>();
  return {
    books,
    system: {
      ...system,
      cancel: async (request) => {
        const fee = books.fees.find(({ id }) => id === request.feeId);
        const before = fee?.givenBack ?? 0;
        const answer = await system.cancel(request);
        const above = (fee?.givenBack ?? 0) - before;
        overpaid.set(request.feeId, (overpaid.get(request.feeId) ?? 0) + above);
        return answer;
      },
      balances: async () => {
        const lines = books.fees.map(({ id, owed }) => ({ id, sum: owed - (overpaid.get(id) ?? 0) }));
        return {
          ...(await system.balances()),
          fees: lines.map(({ id, sum }) => ({ feeId: id, owed: dollars(sum) })),
          owed: dollars(sumOf(lines.map(({ sum }) => sum))),
        };
      },
    },
  };
}
