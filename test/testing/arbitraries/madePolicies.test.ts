import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  fold,
  paymentOrders,
} from '../../../src/index.js';
import { madePolicies } from '../../../src/testing/arbitraries/madePolicies.js';
import { moveCommand } from '../../../src/testing/arbitraries/moveCommand.js';
import { moves } from '../../../src/testing/arbitraries/moves.js';
import { blocks } from '../../../src/views/index.js';

describe('random policies', () => {
  const all = fc.sample(madePolicies(fc), { numRuns: 500, seed: 1 });

  it('have every rule, and are always valid', () => {
    for (const policy of all) expect(definePolicy(policy)).toEqual(policy);
    expect(new Set(all.map(({ currency }) => currency))).toEqual(new Set(['USD', 'EUR', 'JPY', 'KWD']));
    expect(new Set(all.map(({ paymentOrder }) => paymentOrder))).toEqual(new Set(paymentOrders));
    const percents = new Set(all.map(({ feeTypes }) => feeTypes.LOST?.refundPercent));
    expect(percents.size).toBeGreaterThan(100);
    for (const kind of ['fees', 'credits'] as const) {
      const minimums = all.map(({ transfers }) => Object.keys(transfers[kind]).sort().join());
      expect(new Set(minimums)).toEqual(
        new Set(['', 'minimumAmount', 'minimumAgeDays', 'minimumAgeDays,minimumAmount']),
      );
    }
  });

  it('shrink to the default rules', () => {
    const never = fc.check(
      fc.property(madePolicies(fc), () => false),
      { seed: 2 },
    );
    const [{ feeTypes, ...rules }] = never.counterexample as [FeePolicy];
    const { feeTypes: usual, ...defaults } = definePolicy({ currency: 'USD', blockLimits: { STUDENT: [] } });
    expect(rules).toEqual(defaults);
    expect(feeTypes).toMatchObject({ LOST: { refundPercent: 100 } });
  });

  it('work in decisions and views', () => {
    const accepted = new Set<boolean>();
    fc.assert(
      fc.property(madePolicies(fc), fc.array(moves(fc), { maxLength: 10 }), (policy, plot) => {
        let account = emptyAccount();
        for (const [index, move] of plot.entries()) {
          const decision = decide(moveCommand(move, `c${index}`, account, policy), account, policy);
          account = fold(decision.events, account);
          accepted.add(decision.accepted);
        }
        if (account.currency === null || account.currency === policy.currency)
          expect(blocks(account, policy, { group: 'STUDENT' })).toHaveProperty('blocked');
      }),
      { seed: 3 },
    );
    expect(accepted.size).toBe(2);
  });
});
