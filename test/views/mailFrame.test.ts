import { describe, expect, it } from 'vitest';
import {
  mailAmounts,
  mailDocument,
  mailEntries,
  mailIssuer,
  mailParagraph,
  mailTable,
} from '../../src/views/mailFrame.js';
import { markup, textMarkup } from '../../src/views/markup.js';
import { plainMail } from '../support/plainMail.js';

const english = { language: 'en', direction: 'ltr' } as const;
const arabic = { language: 'ar', direction: 'rtl' } as const;
const body = (direction: 'ltr' | 'rtl') => [
  mailParagraph('Hello'),
  mailTable(direction, ['For', 'Amount'], [{ head: textMarkup('Fine'), cells: ['$5.00'] }], {
    sum: ['Total', '$5.00'],
  }),
  mailTable(direction, ['Title', 'Due'], [{ head: textMarkup('A'), cells: ['May 1'] }], { wraps: true }),
  mailEntries(direction, [['Method', 'Cash']]),
  mailAmounts(direction, [['Left', '$1.00']], 'sum'),
];

describe('the frame of what people receive', () => {
  it('has a language, colours for light and dark screens, and nothing from elsewhere', () => {
    const html = mailDocument(english, { title: 'A & B', heading: 'A', below: body('ltr') });
    expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en" dir="ltr">\n/);
    expect(html).toContain('<title>A &amp; B</title>');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('width="600"');
    expect(html).not.toMatch(/<(script|link|img)|url\(|https?:/);
  });

  it('keeps its inline styles and the alignment of amounts if the style sheet is dropped', () => {
    const html = mailDocument(english, { title: 'A', heading: 'A', below: body('ltr') });
    const inline = html.replace(/<style>[\s\S]*<\/style>/, '');
    const cells = inline.match(/<td [^>]*>\$\d/g) ?? [];
    expect(cells).toHaveLength(3);
    for (const cell of cells) expect(cell).toMatch(/text-align:right.*nowrap.*tabular-nums/);
  });

  it('mirrors every side in a right-to-left language, but amounts, whose fractions are below each other', () => {
    const of = (words: typeof english | typeof arabic) =>
      mailDocument(words, { title: 'A', heading: 'A', below: body(words.direction) });
    const mirrored = of(english)
      .replace('lang="en"', 'lang="ar"')
      .replaceAll('"ltr"', '"rtl"')
      .replace(/\b(left|right)\b/g, (side) => (side === 'left' ? 'right' : 'left'));
    const amounts = mirrored
      .replaceAll(
        'text-align:left;padding-right:16px;white-space:nowrap',
        'text-align:right;padding-right:16px;width:1%;white-space:nowrap',
      )
      .replace(/text-align:left([^>]*>Amount<)/, 'text-align:right$1');
    expect(of(arabic)).toBe(amounts);
    expect(amounts.match(/text-align:right;padding-right:16px;width:1%/g)).toHaveLength(3);
    expect(amounts).toMatch(/text-align:left[^>]*>May 1/);
  });

  it('escapes and isolates what it is given', () => {
    const evil = '<b>"\u202E';
    const parts = { title: evil, heading: markup`${evil}`, above: [mailIssuer(evil)], below: [] };
    const html = plainMail(mailDocument(english, parts));
    expect(html).toContain('<title>&lt;b&gt;&quot;</title>');
    expect(html).toContain('<p><bdi>&lt;b&gt;&quot;</bdi></p>\n<h1>&lt;b&gt;');
  });

  it('shows details below the head of a row, and a word of warning in its last cell', () => {
    const row = { head: textMarkup('A'), details: [markup`Barcode 1`], cells: ['May 1'], alert: 'Overdue' };
    const html = plainMail(mailTable('ltr', ['Title', 'Due'], [row]).html);
    expect(html).toContain(
      '<tr><th scope="row"><bdi>A</bdi><br><span>Barcode 1</span></th><td>May 1 <strong>Overdue</strong></td></tr>',
    );
  });
});
