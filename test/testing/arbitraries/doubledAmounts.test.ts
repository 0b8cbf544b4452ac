import { describe, expect, it } from 'vitest';
import { doubledAmounts } from '../../../src/testing/arbitraries/doubledAmounts.js';
import { assessed, paid } from '../../support/events.js';

describe('doubledAmounts', () => {
  it('doubles every amount in any currency, including the parts', () => {
    expect(doubledAmounts(paid('p1', 'f1', '7.55'))).toEqual(paid('p1', 'f1', '15.10'));
    const amounts = ['0.01', '500', '0.500'].map((amount) => doubledAmounts(assessed('f1', amount)));
    expect(amounts).toEqual(['0.02', '1000', '1.000'].map((amount) => assessed('f1', amount)));
  });

  it('leaves everything except amounts unchanged', () => {
    expect(doubledAmounts(assessed('f1', 'much'))).toEqual(assessed('f1', 'much'));
  });
});
