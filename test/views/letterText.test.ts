import { describe, expect, it } from 'vitest';
import {
  free,
  freeDetail,
  freeEntry,
  joined,
  type Letter,
  type Part,
  paragraph,
} from '../../src/views/letter.js';
import { letterHtml } from '../../src/views/letterHtml.js';
import { letterText } from '../../src/views/letterText.js';

const english = { language: 'en', direction: 'ltr' } as const;
const of = (parts: readonly Part[], changed: Partial<Letter> = {}) =>
  letterText({ words: english, issuer: [], heading: 'Receipt', parts, ...changed });

const entries: Part = { kind: 'entries', entries: [['Date', 'May 1'], ...freeEntry('Name', 'Ada')] };
const table: Part = {
  kind: 'table',
  columns: ['For', 'Tax', 'Amount'],
  rows: [
    { head: free('Fine'), details: freeDetail('Comment', 'late'), cells: ['', '$5.00'], alert: 'Overdue' },
    { head: free('Copies'), cells: ['$1.00', '$7.00'] },
  ],
  sum: ['Total', '$12.00'],
};

describe('a letter as text', () => {
  it('has its parts between empty lines, and headings directly above them', () => {
    const plan: Part = { kind: 'heading', level: 2, text: 'Plan' };
    const written = of([entries, paragraph('Hello', 'box'), plan, table, plan, plan, entries], {
      issuer: ['North', 'Main Street'],
    });
    expect(written).toBe(`North
Main Street

Receipt
Date: May 1
Name: Ada

Hello

Plan
- Fine; Comment: late; Amount $5.00; Overdue
- Copies; Tax $1.00; Amount $7.00
Total: $12.00

Plan

Plan
Date: May 1
Name: Ada
`);
  });

  it('begins with the heading alone if a sentence follows', () => {
    expect(of([paragraph('Hello'), entries])).toBe('Receipt\n\nHello\n\nDate: May 1\nName: Ada\n');
    expect(of([])).toBe('Receipt\n');
  });

  it('isolates a label and a title each by itself, so that neither changes the order of the text beside it', () => {
    const title = 'رحلة ابن بطوطة (1), 2nd';
    const head = joined([free('Lost item'), free(title)], ': ');
    const parts: readonly Part[] = [
      { kind: 'table', columns: ['For', 'Owed'], rows: [{ head, cells: ['$1'] }] },
    ];
    expect(of(parts)).toContain(`- Lost item: \u2068${title}\u2069; Owed $1\n`);
    const arabic = { language: 'ar', direction: 'rtl' } as const;
    expect(of(parts, { words: arabic })).toContain(
      `- \u2068Lost item\u2069: \u2068${title}\u2069; Owed $1\n`,
    );
    const html = letterHtml({ words: english, issuer: [], heading: 'A', parts });
    expect(html).toContain(`<bdi>Lost item</bdi>: <bdi>${title}</bdi></th>`);
  });

  it('keeps free text on its line', () => {
    const hostile: Part = { kind: 'entries', entries: freeEntry('Name', 'a\nTotal: 0\u202E') };
    expect(of([hostile])).toBe('Receipt\nName: a Total: 0\n');
  });
});
