import assert from 'node:assert/strict';
import { openElsewhere, owed } from '../../account/fee.js';
import { balancesInMinorUnits, findFee, type PatronAccount } from '../../account/patronAccount.js';

/**
 * Fails unless an account has the balances of an earlier one, and the same is owed on each fee. Less may be owed on a fee
 * only by the external credit that had taken back more than was open there, which the recall of a later transfer uses
 * up: the balance, which counts the credit, is the same all the same.
 */
export function checkRestored(after: PatronAccount, before: PatronAccount, what: string): void {
  const usedUp = before.fees.map((fee) => {
    const restored = findFee(after, fee.feeId);
    const above = fee.transferReversed - openElsewhere(fee, fee.transactions);
    return Math.max(0, Math.min(above, owed(fee) - (restored === undefined ? 0 : owed(restored))));
  });
  const { owed: owedBefore, payable, ...balances } = balancesInMinorUnits(before);
  const total = usedUp.reduce((sum, amount) => sum + amount, 0);
  assert.deepEqual(
    {
      ...balancesInMinorUnits(after),
      owedPerFee: before.fees.map(({ feeId }) => {
        const fee = findFee(after, feeId);
        return [feeId, fee && owed(fee)];
      }),
    },
    {
      ...balances,
      owed: owedBefore - total,
      payable: payable - total,
      owedPerFee: before.fees.map((fee, index) => [fee.feeId, owed(fee) - (usedUp[index] as number)]),
    },
    what,
  );
}
