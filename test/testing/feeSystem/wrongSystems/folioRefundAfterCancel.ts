import { type PlainFeeSystem, plainFeeSystem, sumOf } from '../rightSystems/plainFeeSystem.js';

/**
 * FOLIO opens a charge again when its money is refunded, even when the charge had been cancelled as an error: the patron
 * owes again what was never due.
 *
 * Source: folio-org/mod-feesfines 68e556d8, `service/action/RefundActionService.java` and `CancelActionService.java`
 * (since 17.1 a refund always sets the status Open and adds to what remains).
 */
export function folioRefundAfterCancel(): PlainFeeSystem {
  const { books, system } = plainFeeSystem();
  return {
    books,
    system: {
      ...system,
      refund: async (request) => {
        const before = sumOf(books.credits.map(({ left }) => left));
        const answer = await system.refund(request);
        const cancelled = books.fees.find((fee) => fee.cancelledMoney > 0);
        if (cancelled !== undefined) cancelled.owed += before - sumOf(books.credits.map(({ left }) => left));
        return answer;
      },
    },
  };
}
