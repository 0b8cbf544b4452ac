import { expect, it } from 'vitest';
import {
  foldReceiptSeries,
  type ReceiptIssued,
  type ReceiptSeriesClosed,
} from '../../../src/office/index.js';
import { at, by } from '../till/tills.js';

const issued = (number: number, more: Partial<ReceiptIssued['data']> = {}): ReceiptIssued => ({
  type: 'ReceiptIssued',
  data: {
    series: '2026',
    number,
    patronId: 'p',
    kind: 'payment',
    subjectId: `p${number}`,
    accountVersion: 2,
    amount: '5.00',
    currency: 'USD',
    at,
    by,
    ...more,
  },
});

const closed = (lastNumber: number): ReceiptSeriesClosed => ({
  type: 'ReceiptSeriesClosed',
  data: { series: '2026', lastNumber, at, by },
});

it('counts the receipts of a series', () => {
  expect(foldReceiptSeries([])).toEqual({ first: null, last: null, receipts: 0 });
  expect(foldReceiptSeries([issued(7), issued(8), issued(9)])).toEqual({ first: 7, last: 9, receipts: 3 });
  expect(foldReceiptSeries([issued(7), closed(7)])).toEqual({ first: 7, last: 7, receipts: 1 });
});

it.each([
  ['a gap', [issued(1), issued(3)]],
  ['a repeated number', [issued(1), issued(1, { subjectId: 'x' })]],
  ['another series', [issued(1), issued(2, { series: '2027' })]],
  ['a closing with another number', [issued(1), closed(2)]],
  ['a receipt after its closing', [issued(1), closed(1), issued(2)]],
  ['two closings', [issued(1), closed(1), closed(1)]],
  ['a payment with two numbers', [issued(1), issued(2, { subjectId: 'p1' })]],
])('refuses a series with %s', (_, events) => {
  expect(() => foldReceiptSeries(events)).toThrow('CORRUPT_HISTORY: receipt');
});
