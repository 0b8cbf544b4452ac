import { describe, expect, it } from 'vitest';
import { transactionKind } from '../../../src/interop/alma/almaFees.js';

describe('transactionKind', () => {
  it.each([
    ['PAYMENT', 'payment'],
    ['WAIVE', 'waiver'],
    ['EXPORT', 'export'],
    ['EXPORTED', 'export'],
    ['EXPORTED_AND_PAID', 'export'],
    ['PAYMENT_IMPORTED', 'settlement'],
    ['Payment received', 'settlement'],
  ])('knows the code %s', (value, kind) => {
    expect(transactionKind({ value })).toBe(kind);
  });

  it('recognises the transactions of an export by their names in the guides', () => {
    expect(transactionKind({ value: '17', desc: 'Exported and paid' })).toBe('export');
    expect(transactionKind({ value: '18', desc: 'Payment Imported' })).toBe('settlement');
  });

  it.each([
    [{ value: '19', desc: 'Payment' }],
    [{ value: 'REFUND', desc: 'Refund' }],
    [{ value: '__proto__' }],
    [{ value: '' }],
  ])('returns undefined for %j', (code) => {
    expect(transactionKind(code)).toBeUndefined();
  });
});
