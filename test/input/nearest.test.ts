import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/input/nearest.js';

const names = ['OVERDUEFINE', 'RECALLEDOVERDUEFINE', 'LOSTITEMREPLACEMENTFEE', 'OTHER', 'CASH', 'CHECK'];

describe('nearest', () => {
  it.each([
    ['OVERDUFINE', 'OVERDUEFINE'],
    ['overdue fine', 'OVERDUEFINE'],
    ['OVERDUE_FINE', 'OVERDUEFINE'],
    ['OVREDUEFINE', 'OVERDUEFINE'],
    ['Cash', 'CASH'],
    ['CSAH', 'CASH'],
    ['OTHERS', 'OTHER'],
    ['OVERDUE', 'OVERDUEFINE'],
    ['Recalled', 'RECALLEDOVERDUEFINE'],
  ])('of %s is %s', (text, expected) => {
    expect(nearest(text, names)).toBe(expected);
  });

  it.each(['', 'X', 'LOS', 'BITCOIN', 'Living with diabetes', 'x'.repeat(100_000)])(
    'of %s is undefined',
    (text) => {
      expect(nearest(text, names)).toBeUndefined();
    },
  );

  it('is undefined without names, and the first of several equally near ones', () => {
    expect(nearest('CASH', [])).toBeUndefined();
    expect(nearest('CASE', ['CASH', 'CAST'])).toBe('CASH');
    expect(nearest('lost', ['LOSTITEMPROCESSFEE', 'LOSTITEM_FEE', 'x'.repeat(100)])).toBe('LOSTITEM_FEE');
    expect(nearest('CASE', ['x'.repeat(100_000), 'CASH'])).toBe('CASH');
  });
});
