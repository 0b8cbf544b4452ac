import fc from 'fast-check';
import { expect, it } from 'vitest';
import { receiptHtml } from '../../../src/office/index.js';
import { englishReceiptWords } from '../../../src/office/receipts/receiptLetter.js';
import { plainMail } from '../../support/plainMail.js';
import { tried } from '../../support/seeded.js';
import { place, printed } from './printedReceipt.js';

/** The tags of a document, without their attributes. */
const tagsOf = (html: string) => html.match(/<\/?[a-z0-9]+/gi) ?? [];

it('is a complete document with inline styles', async () => {
  const [, copy] = await printed('Middlemarch');
  const html = receiptHtml(copy, { ...place, issuer: ['North Library'], patron: 'Ada' });
  expect(plainMail(html)).toMatchSnapshot();
  expect(html).not.toMatch(/<(script|link|img)|url\(/);
});

it('has a language, one heading, and headers for every cell', async () => {
  const [first] = await printed('text');
  const html = receiptHtml(first, place);
  expect(html).toContain('<html lang="en" dir="ltr">');
  expect(html.match(/<h1 /g)).toHaveLength(1);
  const columns = html.match(/<th scope="col"/g)?.length ?? 0;
  // The lines, and the sums of the tax.
  expect(columns).toBe(4 + 4);
  const rows = (html.match(/<tr><th scope="row".*<\/tr>/g) ?? []).filter((row) => row.includes('nowrap'));
  const cells = rows.map((row) => (row.match(/<td /g) ?? []).length);
  expect(cells).toEqual([3, 3, 3, 1, 3]);
});

it('aligns words of a right-to-left language on the right, and aligns the decimals of amounts', async () => {
  const [, copy] = await printed('text');
  const words = { ...englishReceiptWords, language: 'ar', direction: 'rtl' } as const;
  const html = receiptHtml(copy, { ...place, locale: 'ar', words });
  const other = receiptHtml(copy, place);
  expect(html).toContain('<html lang="ar" dir="rtl">');
  expect(html).not.toContain('text-align:left');
  expect(html.split('padding-right').length).toBe(other.split('padding-left').length);
  // The marks that put an amount into the right order are kept, and the sign stays on its side of the letters.
  const amount = new Intl.NumberFormat('ar', { style: 'currency', currency: 'USD' }).format(20);
  expect(html).toContain(amount.replace('US$', '\u2066US$\u2069'));
});

it('has the same tags for any texts', async () => {
  const tags = tagsOf(receiptHtml((await printed('x'))[1], place));
  const [, copy] = await printed('x');
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.constantFrom('</td><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '<!--', '&lt;', "'"),
  );
  fc.assert(
    fc.property(text, (name) => {
      const lines = copy.lines.map((line) => ({ ...line, title: line.title && name, feeTypeLabel: name }));
      const series = name;
      const html = receiptHtml(
        { ...copy, lines, series, comment: name, reference: name, methodLabel: name },
        place,
      );
      expect(tagsOf(html)).toEqual(tags);
    }),
    tried(200),
  );
});
