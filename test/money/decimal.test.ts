import Big from 'big.js';
import { describe, expect, it } from 'vitest';
import { amountFromNumber } from '../../src/money/amountFromNumber.js';
import { Decimal } from '../../src/money/decimal.js';
import { parseLooseAmount } from '../../src/money/money.js';
import { percentOf } from '../../src/money/rounding.js';

describe('Decimal', () => {
  it('refuses JavaScript numbers, which may be inexact already', () => {
    expect(() => new Decimal(0.1)).toThrow();
  });

  it("is not the caller's Big", () => {
    expect(Decimal).not.toBe(Big);
  });

  it("neither changes the settings of the caller's Big nor depends on them", () => {
    const defaults = { DP: 20, RM: 1, NE: -7, PE: 21, strict: false };
    expect(settings()).toEqual(defaults);
    try {
      Object.assign(Big, { DP: 0, RM: 0, NE: 0, PE: 0, strict: true });
      const changed = settings();
      expect([percentOf(1005, 50), percentOf(999, 33.3)]).toEqual([503, 333]);
      expect([parseLooseAmount('12.5', 2), amountFromNumber(25 - 22.23, 2)]).toEqual([1250, 277]);
      expect(settings()).toEqual(changed);
    } finally {
      Object.assign(Big, defaults);
    }
  });
});

function settings() {
  const { DP, RM, NE, PE, strict } = Big;
  return { DP, RM, NE, PE, strict };
}
