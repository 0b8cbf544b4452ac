import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { amountOrZeroSchema, amountSchema } from '../../src/money/amountSchema.js';
import { hostileAmounts } from '../support/hostile.js';

describe('amountSchema', () => {
  it.each([
    [2, '12.5', '12.50'],
    [2, '12', '12.00'],
    [2, '12.50', '12.50'],
    [0, '7', '7'],
    [3, '0.1', '0.100'],
  ])('makes an amount with %i decimals canonical: %s becomes %s', (digits, written, canonical) => {
    expect(v.parse(amountSchema(digits), written)).toBe(canonical);
  });

  it.each([
    ...hostileAmounts,
    { name: 'zero', amount: '0.00' },
    { name: 'one decimal too many', amount: '1.005' },
  ])('refuses $name and says what an amount looks like', ({ amount }) => {
    const result = v.safeParse(amountSchema(2), amount);
    expect(result.success).toBe(false);
    expect(result.issues?.map(({ message }) => message)).toEqual([
      'a positive decimal string with at most 2 decimals and 12 digits in minor units, such as "5.00"',
    ]);
  });
});

describe('amountOrZeroSchema', () => {
  it.each([
    [2, '0', '0.00'],
    [2, '0.0', '0.00'],
    [2, '0.00', '0.00'],
    [2, '12.5', '12.50'],
    [0, '0', '0'],
    [3, '0.00', '0.000'],
  ])('makes zero and amounts with %i decimals canonical: %s becomes %s', (digits, written, canonical) => {
    expect(v.parse(amountOrZeroSchema(digits), written)).toBe(canonical);
  });

  it.each([
    ...hostileAmounts,
    { name: 'one decimal too many', amount: '0.000' },
    { name: 'many decimals too many', amount: `0.${'0'.repeat(9)}` },
    { name: 'a point without decimals', amount: '0.' },
    { name: 'a zero in front', amount: '00' },
    { name: 'text before', amount: 'x0' },
    { name: 'text behind', amount: '0x' },
    { name: 'text behind decimals', amount: '0.00x' },
  ])('refuses $name and says what is expected', ({ amount }) => {
    const result = v.safeParse(amountOrZeroSchema(2), amount);
    expect(result.success).toBe(false);
    expect(result.issues?.map(({ message }) => message)).toEqual([
      '0, or a positive decimal string with at most 2 decimals and 12 digits in minor units, such as "5.00"',
    ]);
  });

  it('refuses decimals of a currency that has none', () => {
    expect(v.safeParse(amountOrZeroSchema(0), '0.0').success).toBe(false);
  });
});
