import { describe, expect, it } from 'vitest';
import { free, type Letter, type Part, paragraph } from '../../src/views/letter.js';
import { letterHtml } from '../../src/views/letterHtml.js';
import { plainMail } from '../support/plainMail.js';

const english = { language: 'en', direction: 'ltr' } as const;
const arabic = { language: 'ar', direction: 'rtl' } as const;
const parts: readonly Part[] = [
  paragraph('Hello'),
  {
    kind: 'table',
    columns: ['For', 'Amount'],
    rows: [{ head: free('Fine'), cells: ['$5.00'] }],
    sum: ['Total', '$5.00'],
  },
  { kind: 'table', columns: ['Title', 'Due'], rows: [{ head: free('A'), cells: ['May 1'] }], wraps: true },
  { kind: 'entries', entries: [['Method', 'Cash']] },
  { kind: 'amounts', amounts: [['Left', '$1.00']], endsWithSum: true },
];
const html = (changed: Partial<Letter> = {}) =>
  letterHtml({ words: english, issuer: [], heading: 'A', parts, ...changed });

describe('a letter as HTML', () => {
  it('has a language, colours for light and dark screens, and nothing from elsewhere', () => {
    const written = html({ title: 'A & B' });
    expect(written).toMatch(/^<!DOCTYPE html>\n<html lang="en" dir="ltr">\n/);
    expect(written).toContain('<title>A &amp; B</title>');
    expect(written).toContain('<meta name="color-scheme" content="light dark">');
    expect(written).toContain('prefers-color-scheme:dark');
    expect(written).toContain('width="600"');
    expect(written).not.toMatch(/<(script|link|img)|url\(|https?:/);
  });

  it('keeps its inline styles and the alignment of amounts if the style sheet is dropped', () => {
    const inline = html().replace(/<style>[\s\S]*<\/style>/, '');
    const cells = inline.match(/<td [^>]*>\$\d/g) ?? [];
    expect(cells).toHaveLength(3);
    for (const cell of cells) expect(cell).toMatch(/text-align:right.*nowrap.*tabular-nums/);
  });

  it('is mirrored in a right-to-left language, except for amounts, whose decimals stay below each other', () => {
    const mirrored = html()
      .replace('lang="en"', 'lang="ar"')
      .replaceAll('"ltr"', '"rtl"')
      .replace(/\b(left|right)\b/g, (side) => (side === 'left' ? 'right' : 'left'));
    const amounts = mirrored
      .replaceAll(
        'text-align:left;padding-right:16px;white-space:nowrap',
        'text-align:right;padding-right:16px;width:1%;white-space:nowrap',
      )
      .replace(/text-align:left([^>]*>Amount<)/, 'text-align:right$1');
    expect(html({ words: arabic })).toBe(amounts);
    expect(amounts.match(/text-align:right;padding-right:16px;width:1%/g)).toHaveLength(3);
    expect(amounts).toMatch(/text-align:left[^>]*>May 1/);
  });

  it('escapes and isolates every given text', () => {
    const evil = '<b>"\u202E';
    const written = plainMail(html({ heading: free(evil), issuer: [evil], parts: [] }));
    expect(written).toContain('<title>&lt;b&gt;&quot;</title>');
    expect(written).toContain('<p><bdi>&lt;b&gt;&quot;</bdi></p>\n<h1><bdi>&lt;b&gt;');
  });

  it('shows details below the head of a row, and a word of warning in its last cell', () => {
    const row = { head: free('A'), details: ['Barcode 1'], cells: ['May 1'], alert: 'Overdue' };
    const written = plainMail(html({ parts: [{ kind: 'table', columns: ['Title', 'Due'], rows: [row] }] }));
    expect(written).toContain(
      '<tr><th scope="row"><bdi>A</bdi><br><span>Barcode 1</span></th><td>May 1 <strong>Overdue</strong></td></tr>',
    );
  });
});
