import { expect, it } from 'vitest';
import { credit, debit } from '../../../src/institution/journal/posting.js';

it('a debit is positive, a credit negative', () => {
  expect(debit(['imported'], 5, 'c1')).toEqual({ account: ['imported'], amountMinor: 5, rowId: 'c1' });
  expect(credit(['imported'], 5, null)).toEqual({ account: ['imported'], amountMinor: -5, rowId: null });
});
