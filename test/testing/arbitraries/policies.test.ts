import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  feeTypeRule,
  fold,
  paymentOrders,
} from '../../../src/index.js';
import { moveCommand } from '../../../src/testing/arbitraries/moveCommand.js';
import { moves } from '../../../src/testing/arbitraries/moves.js';
import {
  madePolicies,
  policyVariants,
  usualPolicies,
  variantOf,
} from '../../../src/testing/arbitraries/policies.js';
import { blocks } from '../../../src/views/index.js';

describe('the usual policies', () => {
  it('differ in everything that affects a rule', () => {
    const seen = (field: 'currency' | 'overpayment' | 'unpaidOnReturn' | 'paymentOrder') =>
      [...new Set(usualPolicies.map((policy) => policy[field]))].sort();
    expect(seen('currency')).toEqual(['BHD', 'EUR', 'JPY', 'KWD', 'USD']);
    expect(seen('overpayment')).toEqual(['credit', 'refuse']);
    expect(seen('unpaidOnReturn')).toEqual(['all', 'percent']);
    expect(seen('paymentOrder')).toEqual([...paymentOrders].sort());
    expect(new Set(usualPolicies.map(({ transfers }) => transfers.expectsSettlement)).size).toBe(2);
  });
});

describe('a policy at another time or place', () => {
  const policy = definePolicy({
    currency: 'KWD',
    waiveReasons: { A: 'A', B: 'B' },
    unpaidOnReturn: 'all',
    feeTypes: {
      FINE: { label: 'Fine' },
      LOST: { label: 'Lost', lostItem: true, refundPercent: 50 },
      GONE: { label: 'Gone', lostItem: true, refundPercent: 10 },
    },
    transfers: { fees: { minimumAmount: '1.250' }, expectsSettlement: true },
    blockLimits: { student: [{ amount: '5.125' }] },
  });

  it('is created once', () => {
    for (const variant of policyVariants) expect(variantOf(policy, variant)).toBe(variantOf(policy, variant));
    expect(variantOf(policy, 'same')).toBe(policy);
  });

  it('has different rules', () => {
    expect(variantOf(policy, 'next')).toMatchObject({
      currency: 'KWD',
      overpayment: 'credit',
      unpaidOnReturn: 'percent',
      paymentOrder: 'newest-first',
      transfers: policy.transfers,
    });
    const back = variantOf(variantOf(policy, 'next'), 'next');
    expect(back).toMatchObject({ overpayment: 'refuse', unpaidOnReturn: 'all' });
  });

  it('has lost-item types and reasons added later', () => {
    const later = variantOf(policy, 'later');
    expect(feeTypeRule(later, 'FINE')?.retired).toBe(true);
    expect(feeTypeRule(later, 'LOST')?.refundPercent).toBe(30);
    expect(feeTypeRule(later, 'GONE')).toBeUndefined();
    expect(Object.keys(later.waiveReasons)).toEqual(['A']);
  });

  it('has another currency at another place', () => {
    expect(variantOf(policy, 'foreign').currency).toBe('EUR');
    const { permissions } = variantOf(policy, 'strict');
    expect(permissions?.ReceivePayment).toEqual({ MANAGER: {}, CLERK: { upTo: '0.500' } });
    expect(Object.values(permissions ?? {}).some((roles) => !('CLERK' in roles))).toBe(true);
    expect(variantOf(definePolicy({ currency: 'EUR' }), 'foreign').currency).toBe('USD');
  });

  it('keeps the only lost-item type', () => {
    const one = definePolicy({ currency: 'USD', feeTypes: { LOST: { label: 'Lost', lostItem: true } } });
    expect(Object.keys(variantOf(one, 'later').feeTypes)).toEqual(['LOST']);
  });
});

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
      { seed: 2, numRuns: 100 },
    );
    const [{ feeTypes, waiveReasons, ...rules }] = never.counterexample as [FeePolicy];
    expect(Object.values(waiveReasons).map(({ kind }) => kind)).toEqual(['waiver', 'writeOff']);
    const {
      feeTypes: usual,
      waiveReasons: _,
      ...defaults
    } = definePolicy({ currency: 'USD', blockLimits: { STUDENT: [] } });
    expect(rules).toEqual(defaults);
    expect(feeTypes).toMatchObject({ LOST: { refundPercent: 100 } });
  });

  it('work in decisions and views', () => {
    const accepted = new Set<boolean>();
    fc.assert(
      fc.property(madePolicies(fc), fc.array(moves(fc), { maxLength: 10 }), (policy, moveList) => {
        let account = emptyAccount();
        for (const [index, move] of moveList.entries()) {
          const decision = decide(moveCommand(move, `c${index}`, account, policy), account, policy);
          account = fold(decision.events, account);
          accepted.add(decision.accepted);
        }
        if (account.currency === null || account.currency === policy.currency)
          expect(blocks(account, policy, { group: 'STUDENT' })).toHaveProperty('blocked');
      }),
      { seed: 3, numRuns: 100 },
    );
    expect(accepted.size).toBe(2);
  });
});
