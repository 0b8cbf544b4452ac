import { type PlainFeeSystem, plainFeeSystem } from '../rightSystems/plainFeeSystem.js';

/**
 * An overpayment in Evergreen adds the excess to the patron's credit, while the payment keeps its full amount: the
 * excess shows once as a credit and once more as a negative balance of the transaction.
 *
 * Source: Evergreen, `Open-ILS/src/perlmods/lib/OpenILS/Application/Circ/Money.pm` make_payments (inferred from the code).
 */
export function evergreenOverpayment(): PlainFeeSystem {
  const { books, system } = plainFeeSystem({ overpayment: 'credit' });
  return {
    books,
    system: {
      ...system,
      pay: async (request) => {
        const before = books.payments.length;
        const answer = await system.pay(request);
        for (const { parts, credit } of books.payments.slice(before)) {
          const last = parts.at(-1);
          if (last !== undefined && credit !== null) last.fee.owed -= credit.amount;
        }
        return answer;
      },
    },
  };
}
