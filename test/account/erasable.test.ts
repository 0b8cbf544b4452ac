import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/account/circumstances.js';
import { reasonIsCode, splitItem } from '../../src/account/erasable.js';

describe('splitItem', () => {
  const item = {
    id: 'i1',
    barcode: '0017',
    title: 'Walden',
    callNumber: 'PS 3048',
    library: 'MAIN',
    location: 'stacks',
  };

  it('erases title, call number, id and barcode, and keeps the rest', () => {
    expect(splitItem(item)).toEqual({
      kept: { library: 'MAIN', location: 'stacks' },
      erased: { id: 'i1', barcode: '0017', title: 'Walden', callNumber: 'PS 3048' },
    });
    expect(splitItem({ library: 'MAIN' })).toEqual({ kept: { library: 'MAIN' }, erased: null });
    expect(splitItem({ title: '' })).toEqual({ kept: {}, erased: { title: '' } });
  });

  it('puts every field into exactly one of the two parts', () => {
    fc.assert(
      fc.property(fc.subarray(Object.entries(item)), (entries) => {
        const some = Object.fromEntries(entries) as Item;
        const { kept, erased } = splitItem(some);
        expect({ ...kept, ...erased }).toEqual(some);
        expect(Object.keys(kept).filter((name) => name in (erased ?? {}))).toEqual([]);
      }),
    );
  });
});

describe('reasonIsCode', () => {
  it.each([
    ['WaiveFees', undefined, true],
    ['FeeWaived', undefined, true],
    ['IssueCredit', 'manual', true],
    ['IssueCredit', 'imported', false],
    ['CreditIssued', 'manual', true],
    ['CreditIssued', 'waived', true],
    ['CreditIssued', 'cancelled', false],
    ['LostItemCreditIssued', 'waived', true],
    ['LostItemCreditIssued', 'returned', false],
    ['ResolveDispute', undefined, false],
    ['AssessFee', 'manual', false],
  ])('of %s, cause %s: %s', (type, cause, expected) => {
    expect(reasonIsCode({ type, cause })).toBe(expected);
  });
});
