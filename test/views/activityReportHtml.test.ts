import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { type ActivityReport, activityReport } from '../../src/views/activityReport.js';
import { activityReportHtml } from '../../src/views/activityReportHtml.js';
import { englishReportWords } from '../../src/views/activityReportLetter.js';
import { plainMail } from '../support/plainMail.js';
import { tried } from '../support/seeded.js';
import { assessed, at, credited, transferred } from './story.js';

const policy = definePolicy({ currency: 'USD' });
const options = { locale: 'en-US', timeZone: 'UTC' };

/** A report in which every free text is the same. */
function reportOf(text: string): ActivityReport {
  const item = { title: text, barcode: text };
  const account = fold([
    assessed('f1', '25.00', { owner: text, comment: text, feeType: text, item, at: text }),
  ]);
  return activityReport(account, policy, {
    at,
    patron: { name: text, barcode: text },
    loans: [{ title: text, barcode: text, library: text, dueAt: '2026-03-01T20:00:00Z' }],
    libraryNames: { [text]: text },
  });
}

const empty = activityReport(emptyAccount(), policy, { at, patron: { name: 'Ada' }, loans: [] });

/** The tags of a document without attributes. */
const tagsOf = (html: string) => html.match(/<\/?[a-z0-9]+/gi) ?? [];

describe('activityReportHtml', () => {
  it('returns a complete document with loans, fees by library and totals', () => {
    const account = fold([
      assessed('f1', '1025.00', { item: { title: 'On Numbers', barcode: '17' }, comment: 'Returned late' }),
      credited('c1', '2.00'),
    ]);
    const loans = [{ title: 'On Engines', dueAt: '2026-03-01T20:00:00Z' }, { title: 'On Looms' }];
    const report = activityReport(account, policy, { at, patron: { name: 'Ada', barcode: 'P-1' }, loans });
    const html = plainMail(activityReportHtml(report, options));
    expect(html).toMatchSnapshot();
  });

  it('has no line for a barcode that the patron does not have', () => {
    const patron = { name: 'Ada', barcode: 'P-1' };
    const withBarcode = plainMail(
      activityReportHtml(activityReport(emptyAccount(), policy, { at, patron, loans: [] }), options),
    );
    const line = '\n<tr><th scope="row">Barcode</th><td><bdi>P-1</bdi></td></tr>';
    expect(withBarcode).toContain(line);
    expect(plainMail(activityReportHtml(empty, options))).toBe(withBarcode.replace(line, ''));
  });

  it('has a language, a direction, one main heading, and headers for every cell', () => {
    const html = activityReportHtml(reportOf('text'), options);
    expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en" dir="ltr">\n/);
    expect(html.match(/<h1 /g)).toHaveLength(1);
    expect(html).not.toMatch(/<th(?! scope="(?:row|col)")[ >]/);
    const tables = (html.match(/<table(?! role)[\s\S]*?<\/table>/g) ?? []).filter((table) =>
      table.includes('<thead>'),
    );
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      const columns = table.match(/<th scope="col"/g)?.length ?? 0;
      const cells = (table.match(/<tbody>[\s\S]*/)?.[0] ?? '').match(/<t[dh][ >]/g)?.length;
      expect(cells).toBe(columns);
    }
  });

  it('shows overdue loans and statuses as words', () => {
    const html = plainMail(activityReportHtml(reportOf('text'), options));
    expect(html).toContain('<strong>Overdue</strong>');
    expect(html).toContain('<span>text, Active</span>');
  });

  it('uses the given word for a credit, and marks only growing fines as growing', () => {
    const account = fold([credited('c1', '2.00'), assessed('f1', '1.00')]);
    const report = activityReport(account, policy, { at, patron: { name: 'Ada' }, loans: [] });
    const words = { credit: 'In your favour', accruing: 'grows' };
    const html = plainMail(activityReportHtml(report, { ...options, words }));
    expect(html).toContain('<th scope="row"><bdi>In your favour</bdi><br>');
    expect(html).toContain('<th scope="row"><bdi>Overdue fine</bdi><br>');
    expect(html).not.toContain('<bdi>Credit</bdi>');
    expect(html).not.toContain('grows');
  });

  it('shows the transferred amount at the fee that has one, and at no other', () => {
    const account = fold([assessed('f1', '5.00'), transferred('t1', 'f1', '2.00'), assessed('f2', '1.00')]);
    const report = activityReport(account, policy, { at, patron: { name: 'Ada' }, loans: [] });
    const html = plainMail(activityReportHtml(report, options));
    expect(html.match(/<span>Transferred \$2\.00<\/span>/g)).toHaveLength(1);
    expect(html.match(/Transferred \$/g)).toHaveLength(1);
  });

  it('shows that a patron has no loans and no fees', () => {
    const html = plainMail(activityReportHtml(empty, options));
    expect(html).toContain('<p>No loans.</p>');
    expect(html).toContain('<p>No open fees.</p>');
    expect(html).not.toContain('<thead>');
    expect(html).toContain(
      '<h1>Activity report: <bdi>Ada</bdi></h1>\n<table>\n<tbody>\n<tr><th scope="row">Date</th>',
    );
  });

  it('has the language and direction of the given words', () => {
    const words = { ...englishReportWords, language: 'he', direction: 'rtl', total: 'סה"כ' } as const;
    const place = { locale: 'he', timeZone: 'Asia/Jerusalem' };
    const html = plainMail(activityReportHtml(empty, { ...place, words }));
    expect(html).toContain('<html lang="he" dir="rtl">');
    expect(html).toContain('<h2>סה&quot;כ</h2>');
  });

  it('escapes all text', () => {
    const evil = `"><script>alert('x')</script><img src=x onerror=alert(1)> &`;
    const html = activityReportHtml(reportOf(`${evil}\u202E`), {
      ...options,
      words: { loans: evil, overdue: evil, language: `en-${evil}`, noLibrary: evil },
    });
    expect(html).not.toMatch(/<script|<img|&(?!(?:amp|lt|gt|quot|#39);)|\u202E/);
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
  });

  it('escapes values of a forged report that are not text', () => {
    const patron = { name: { html: '<script>alert(1)</script>' } as unknown as string };
    expect(activityReportHtml({ ...empty, patron }, options)).not.toContain('<script');
  });

  it('has the same tags for any texts', () => {
    const plain = tagsOf(activityReportHtml(reportOf('text'), options));
    const fragment = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '</td>',
      '<!--',
      ']]>',
      '\u202E',
      '\u0000',
      '\uD800',
      'א',
      '`',
    );
    const texts = fc.string({
      unit: fc.oneof(fragment, fc.string({ minLength: 1, unit: 'binary' })),
      minLength: 1,
    });
    fc.assert(
      fc.property(texts, (text) => {
        const html = activityReportHtml(reportOf(text), options);
        expect(tagsOf(html)).toEqual(plain);
        expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069\p{Surrogate}]/u);
      }),
      tried(1_000),
    );
  });

  it('requires a locale and a time zone', () => {
    expect(() => activityReportHtml(empty, {} as typeof options)).toThrow('INVALID_ARGUMENT');
  });
});
