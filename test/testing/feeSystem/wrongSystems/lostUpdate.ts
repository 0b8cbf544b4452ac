import { setImmediate as nextTurn } from 'node:timers/promises';
import { type PlainFeeSystem, plainFeeSystem } from '../rightSystems/plainFeeSystem.js';

/**
 * A payment reads what is owed, waits for the database, and writes what it worked out: of two payments at the same time
 * one is lost.
 *
 * Source: folio-org/mod-feesfines 68e556d8, `service/action/ActionService.java` (validates, then writes, with no
 * transaction, row lock or version check); the same happens to any program that reads, computes and writes.
 */
export function lostUpdate(): PlainFeeSystem {
  const { books, system } = plainFeeSystem();
  return {
    books,
    system: {
      ...system,
      pay: async (request) => {
        const fees = books.fees.filter(({ id }) => request.feeIds.includes(id));
        const read = fees.map(({ owed }) => owed);
        await nextTurn();
        fees.forEach((fee, index) => {
          fee.owed = read[index] ?? 0;
        });
        return system.pay(request);
      },
    },
  };
}
