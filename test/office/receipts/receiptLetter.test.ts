import { expect, it } from 'vitest';
import { receiptLetter } from '../../../src/office/receipts/receiptLetter.js';
import type { Line } from '../../../src/views/letter.js';
import { french } from '../../../src/words/index.js';
import { place, printed } from './printedReceipt.js';

/** A line without the marks of free text. */
const plain = (line: Line) =>
  [line]
    .flat()
    .map((piece) => (typeof piece === 'object' ? piece.free : piece))
    .join('');

type Receipt = Awaited<ReturnType<typeof printed>>[number];

/** What has been undone, the entries above and below, and the tables. */
function partsOf(receipt: Receipt) {
  const { parts } = receiptLetter(receipt, place);
  const entries = parts.flatMap((part) => (part.kind === 'entries' ? [part.entries] : []));
  const [head = [], foot = []] = entries.map((each) =>
    each.map(([label, text]) => [label, plain(text)] as const),
  );
  const tables = parts.flatMap((part) => (part.kind === 'table' ? [part] : []));
  const rows = tables.map((table) => table.rows.map((row) => [plain(row.head), ...row.cells]));
  const undone = parts.flatMap((part) => (part.kind === 'paragraph' ? [plain(part.text)] : []));
  return { undone, head, foot, columns: tables.map((table) => table.columns), rows };
}

it('has a column of tax only if a line has tax', async () => {
  const [first] = await printed('text');
  expect(partsOf(first).columns).toEqual([
    ['For', 'VAT', 'Still owed', 'Amount'],
    ['VAT', 'Net', 'VAT', 'Gross'],
  ]);
  const untaxed = { ...first, vat: [], lines: first.lines.filter(({ vatPercent }) => vatPercent === null) };
  const { columns, rows } = partsOf(untaxed);
  expect(columns).toEqual([['For', 'Still owed', 'Amount']]);
  expect(rows).toEqual([
    [
      ['Overdue fine: text', '$0.00', '$4.00'],
      ['Credit', '', '$4.10'],
    ],
  ]);
});

it('names the patron of each line if one payment was made for several', async () => {
  const [first] = await printed('text');
  const others = [{ patronId: 'child', accountVersion: 1, amount: '1.00' }];
  expect(partsOf({ ...first, others }).rows[0]?.[0]?.[0]).toBe('u1: Overdue fine: text');
});

it('has the reason of a waiver, and whether the debt was given up', async () => {
  const [first] = await printed('text');
  const reasonOf = (reasonLabel: string | null, writeOff: boolean) =>
    partsOf({ ...first, reasonLabel, writeOff }).foot.find(([label]) => label === 'Reason')?.[1];
  expect([
    reasonOf('Too old', true),
    reasonOf('Kind', false),
    reasonOf(null, true),
    reasonOf(null, false),
  ]).toEqual(['Too old, written off', 'Kind', 'written off', undefined]);
});

it('has the time of issue if it differs', async () => {
  const [first] = await printed('text');
  const labels = (receipt: Receipt) => partsOf(receipt).head.map(([label]) => label);
  expect(labels(first)).toEqual(['Number', 'Date', 'Issued', 'Issued by', 'Patron']);
  expect(labels({ ...first, at: first.happenedAt })).toEqual(['Number', 'Date', 'Issued by', 'Patron']);
});

it('refuses words in another language than that of the locale', async () => {
  const [first] = await printed('text');
  expect(() => receiptLetter(first, { ...place, words: french.receipt })).toThrow('INVALID_ARGUMENT');
});

it('has no number of a reversal without a receipt', async () => {
  const [, copy, undoing] = await printed('text');
  const reversals = copy.reversals.map((reversal) => ({ ...reversal, receipt: null }));
  expect(partsOf(copy).undone[0]).toContain('Reversal');
  expect(partsOf({ ...copy, reversals }).undone[0]).not.toContain('Reversal');
  const original = { kind: 'payment', subjectId: 'p1', receipt: null } as const;
  expect(partsOf({ ...undoing, original }).head.at(-1)).toEqual(['Reverses', 'Receipt']);
});
