import { expect, it } from 'vitest';
import { receiptText } from '../../../src/office/index.js';
import { german } from '../../../src/words/index.js';
import { place, printed } from './printedReceipt.js';

const issuer = ['North Library', '1 Main Street'];

it('has the number, the lines, the tax and the amount still owed', async () => {
  const [first, copy, undoing] = await printed('Middlemarch');
  for (const receipt of [first, copy, undoing])
    expect(
      receiptText(receipt, { ...place, issuer, patron: 'Ada' }).replace(/[^\S\n]/g, ' '),
    ).toMatchSnapshot();
});

it('says in any language that it was reversed since', async () => {
  const [, copy, undoing] = await printed('Middlemarch');
  const reader = { locale: 'de-AT', timeZone: 'Europe/Vienna', words: german.receipt };
  const said = receiptText(copy, reader).replace(/\s/g, ' ');
  expect(said).toContain('Quittung (Kopie)');
  expect(said).toContain('Storniert: $ 20,00, 02.03.2026, 10:00, Storno 2026/2');
  expect(receiptText(undoing, reader)).toContain('Storno zu: Quittung 2026/1');
});

it('keeps a title on its line', async () => {
  const [first] = await printed('Total: $0.00\nTotal: $0.00\u202E');
  const lines = receiptText(first, place).split('\n');
  expect(lines.filter((line) => line.startsWith('Total:'))).toEqual(['Total: $20.00']);
  expect(lines.join('')).not.toContain('\u202E');
});
