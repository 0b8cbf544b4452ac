import { expect, it } from 'vitest';
import { notFound, sumOf } from '../../../src/office/receipts/receiptCopy.js';

// What a copy has is in issueReceipt.test.ts.
it('sums exactly in each currency', () => {
  expect(sumOf([{ amount: '0.10' }, { amount: '0.20' }], 'USD')).toBe('0.30');
  expect(sumOf([{ amount: '9007199254740991' }, { amount: '9007199254740991' }], 'JPY')).toBe(
    '18014398509481982',
  );
  expect(sumOf([], 'KWD')).toBe('0.000');
});

it('names the transaction that has no receipt', () => {
  const error = notFound({ institution: 'north', patronId: 'u1', kind: 'return', subjectId: 'back' });
  expect(error).toMatchObject({ code: 'NOT_FOUND', details: { patronId: 'u1', kind: 'return' } });
});
