import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { paymentOrders } from '../../policy/paymentOrder.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { minorAmounts } from './amounts.js';
import { feeTypes } from './policies.js';

/** Generates policies with random rules, percentages, minimums and limits. They shrink to the default rules. */
export function madePolicies(fc: FastCheck): Arbitrary<FeePolicy> {
  const minor = minorAmounts(fc);
  const minimum = fc.record({ minor, minimumAgeDays: fc.nat(60) }, { requiredKeys: [] });
  const percent = fc.oneof(
    { withCrossShrink: true },
    fc.constantFrom(100, 0, 50, 33.3),
    fc.nat(10_000).map((hundredths) => hundredths / 100),
  );
  const parts = fc.record({
    currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
    overpayment: fc.constantFrom('refuse', 'credit'),
    paymentOrder: fc.constantFrom(...paymentOrders),
    unpaidOnReturn: fc.constantFrom('percent', 'all'),
    expectsSettlement: fc.boolean(),
    minimums: fc.record({ fees: minimum, credits: minimum }),
    refundPercent: percent,
    accrualLimit: fc.option(minor, { nil: undefined }),
    limits: fc.array(fc.record({ minor, limitItselfBlocks: fc.boolean() }), { maxLength: 2 }),
  });
  return parts.map(({ expectsSettlement, minimums, refundPercent, accrualLimit, limits, ...rules }) => {
    const digits = minorDigits(rules.currency) as number;
    const minimumOf = ({ minor, ...age }: Partial<Record<'minor' | 'minimumAgeDays', number>>) =>
      minor === undefined ? age : { ...age, minimumAmount: formatAmount(minor, digits) };
    const label = `Lost item, ${refundPercent} percent back`;
    return definePolicy({
      ...rules,
      feeTypes: { ...feeTypes, LOST: { label, lostItem: true, refundPercent } },
      transfers: { expectsSettlement, fees: minimumOf(minimums.fees), credits: minimumOf(minimums.credits) },
      accrualLimits: accrualLimit === undefined ? {} : { OTHER: formatAmount(accrualLimit, digits) },
      blockLimits: {
        STUDENT: limits.map(({ minor, limitItselfBlocks }) => ({
          amount: formatAmount(minor, digits),
          limitItselfBlocks,
          excludedFeeTypes: ['FIXED'],
        })),
      },
    });
  });
}
