import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../src/index.js';
import { knownCodes, knownFeeTypes } from '../../src/policy/knownCodes.js';

describe('knownCodes', () => {
  it('has the nearest code and the codes in their order', () => {
    expect(knownCodes('CHASH', ['CARD', 'CASH'])).toEqual({
      nearest: 'CASH',
      codes: ['CARD', 'CASH'],
      count: 2,
    });
    expect(knownCodes(undefined, ['CASH'])).toEqual({ nearest: null, codes: ['CASH'], count: 1 });
  });

  it.each([[null], [17], [{}]])(
    'has no nearest code for %j, as an unchecked history may have it',
    (unknown) => {
      expect(knownCodes(unknown as never, ['CASH'])).toEqual({ nearest: null, codes: ['CASH'], count: 1 });
    },
  );

  it('has at most 20 codes, and looks for the nearest one among all', () => {
    const many = Array.from({ length: 500 }, (_, index) => `CODE_NUMBER_${index}`);
    const known = knownCodes('code number 499', many);
    expect(known).toEqual({ nearest: 'CODE_NUMBER_499', codes: many.slice(0, 20), count: 500 });
  });
});

describe('knownFeeTypes', () => {
  it('leaves out retired ones', () => {
    const { feeTypes } = definePolicy({
      currency: 'USD',
      feeTypes: { OLDFINE: { label: 'Old', retired: true }, FINE: { label: 'Fine' } },
    });
    expect(knownFeeTypes('OLDFINES', feeTypes).codes).not.toContain('OLDFINE');
    expect(knownFeeTypes('FNIE', feeTypes)).toMatchObject({ nearest: 'FINE' });
  });
});
