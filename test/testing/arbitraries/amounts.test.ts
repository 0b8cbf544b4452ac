import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, parseAmount, parseLooseAmount } from '../../../src/index.js';
import { AMOUNT_MAX, amounts, minorAmounts, notAmounts } from '../../../src/testing/arbitraries/amounts.js';

describe('amounts', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('of %s are canonical', (currency, digits) => {
    fc.assert(
      fc.property(amounts(fc, currency), (amount) => {
        const minor = parseAmount(amount, digits) as number;
        expect(minor).toBeGreaterThan(0);
        expect(formatAmount(minor, digits)).toBe(amount);
      }),
    );
  });

  it('are edge values every third time: the smallest and the largest occur soon', () => {
    const seen = fc.sample(minorAmounts(fc), { numRuns: 300, seed: 1 });
    expect(seen).toEqual(expect.arrayContaining([1, 99, 100, AMOUNT_MAX]));
    expect(Math.max(...seen)).toBe(AMOUNT_MAX);
  });

  it('shrink to the smallest', () => {
    const { counterexample } = fc.check(
      fc.property(amounts(fc, 'USD'), () => false),
      { seed: 1, numRuns: 100 },
    );
    expect(counterexample).toEqual(['0.01']);
  });
});

describe('an invalid amount', () => {
  it('is refused in every currency', () => {
    for (const odd of notAmounts)
      expect([0, 2, 3].map((digits) => parseLooseAmount(odd as string, digits))).toEqual([-1, -1, -1]);
  });
});
