import { expect, it } from 'vitest';
import { formatReceipt } from '../../../src/office/receipts/receiptFormat.js';
import { french } from '../../../src/words/index.js';
import { place, printed } from './printedReceipt.js';

it('has a column of tax only if a line has tax', async () => {
  const [first] = await printed('text');
  expect(formatReceipt(first, place).headers).toEqual(['For', 'VAT', 'Still owed', 'Amount']);
  const untaxed = { ...first, vat: [], lines: first.lines.filter(({ vatPercent }) => vatPercent === null) };
  const { headers, rows, taxRows } = formatReceipt(untaxed, place);
  expect([headers, taxRows]).toEqual([['For', 'Still owed', 'Amount'], []]);
  expect(rows).toEqual([
    ['Overdue fine: text', '$0.00', '$4.00'],
    ['Credit', '', '$4.10'],
  ]);
});

it('names the patron of each line if one payment was made for several', async () => {
  const [first] = await printed('text');
  const others = [{ patronId: 'child', accountVersion: 1, amount: '1.00' }];
  expect(formatReceipt({ ...first, others }, place).rows[0]?.[0]).toBe('u1: Overdue fine: text');
});

it('has the reason of a waiver, and whether the debt was given up', async () => {
  const [first] = await printed('text');
  const reasonOf = (reasonLabel: string | null, writeOff: boolean) =>
    formatReceipt({ ...first, reasonLabel, writeOff }, place).foot.find(([label]) => label === 'Reason')?.[1];
  expect([
    reasonOf('Too old', true),
    reasonOf('Kind', false),
    reasonOf(null, true),
    reasonOf(null, false),
  ]).toEqual(['Too old, written off', 'Kind', 'written off', undefined]);
});

it('has the time of issue if it differs', async () => {
  const [first] = await printed('text');
  const labels = (receipt: typeof first) => formatReceipt(receipt, place).head.map(([label]) => label);
  expect(labels(first)).toEqual(['Number', 'Date', 'Issued', 'Issued by', 'Patron']);
  expect(labels({ ...first, at: first.happenedAt })).toEqual(['Number', 'Date', 'Issued by', 'Patron']);
});

it('refuses words in another language than that of the locale', async () => {
  const [first] = await printed('text');
  expect(() => formatReceipt(first, { ...place, words: french.receipt })).toThrow('INVALID_ARGUMENT');
});

it('has no number of a reversal without a receipt', async () => {
  const [, copy, undoing] = await printed('text');
  const reversals = copy.reversals.map((reversal) => ({ ...reversal, receipt: null }));
  expect(formatReceipt({ ...copy, reversals }, place).undone[0]).not.toContain('Reversal');
  const original = { kind: 'payment', subjectId: 'p1', receipt: null } as const;
  expect(formatReceipt({ ...undoing, original }, place).head.at(-1)).toEqual(['Reverses', 'Receipt', 'free']);
});
