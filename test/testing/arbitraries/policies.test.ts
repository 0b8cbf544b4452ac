import { describe, expect, it } from 'vitest';
import { definePolicy, feeTypeRule, paymentOrders } from '../../../src/index.js';
import { policyVariants, usualPolicies, variantOf } from '../../../src/testing/arbitraries/policies.js';

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
    ...{ currency: 'KWD', waiveReasons: { A: 'A', B: 'B' }, unpaidOnReturn: 'all' },
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
      ...{ currency: 'KWD', overpayment: 'credit', unpaidOnReturn: 'percent', paymentOrder: 'newest-first' },
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
    expect(variantOf(definePolicy({ currency: 'EUR' }), 'foreign').currency).toBe('USD');
  });

  it('keeps the only lost-item type', () => {
    const one = definePolicy({ currency: 'USD', feeTypes: { LOST: { label: 'Lost', lostItem: true } } });
    expect(Object.keys(variantOf(one, 'later').feeTypes)).toEqual(['LOST']);
  });
});
