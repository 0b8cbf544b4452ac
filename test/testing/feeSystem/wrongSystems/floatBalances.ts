import type { FeeSystem } from '../../../../src/testing/index.js';
import { accepted, refused } from '../rightSystems/plainFeeSystem.js';

/**
 * Amounts as floating-point numbers, shown rounded or as they are: 25 - 22.23 is 2.7699999999999996, so that 2.77 is
 * more than is owed.
 *
 * Source: Koha counts in Perl floats between database reads (bugs 25127, 27079); Evergreen's `fpdiff` and `fpsum` say
 * in a comment that they may be off.
 */
export function floatBalances(shown: (owed: number) => string): FeeSystem {
  const fees = new Map<string, number>();
  const seen = new Set<string>();
  return {
    assess: async ({ id, amount }) => {
      if (!seen.has(id)) fees.set(id, Number(amount));
      seen.add(id);
      return accepted;
    },
    pay: async ({ id, feeIds: [feeId = ''], amount }) => {
      if (seen.has(id)) return accepted;
      const owed = fees.get(feeId) ?? 0;
      if (Number(amount) > owed) return refused;
      seen.add(id);
      fees.set(feeId, owed - Number(amount));
      return accepted;
    },
    balances: async () => ({ fees: [...fees].map(([feeId, owed]) => ({ feeId, owed: shown(owed) })) }),
  };
}
