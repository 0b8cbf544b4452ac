import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { englishStatementWords, statementHtml } from '../../../src/jobs/reports/index.js';
import { plainMail } from '../../support/plainMail.js';
import { tried } from '../../support/seeded.js';
import { empty, place, statementOf } from './statementOf.js';

/** The tags of a document, without their attributes. */
const tagsOf = (html: string) => html.match(/<\/?[a-z0-9]+/gi) ?? [];

describe('a statement as HTML', () => {
  it('is a complete document, with balances and movements', () => {
    expect(plainMail(statementHtml(statementOf('On Numbers'), place))).toMatchSnapshot();
  });

  it('has a language, a direction, one main heading and headers for every cell', () => {
    const words = { ...englishStatementWords, language: 'ar', direction: 'rtl' } as const;
    const html = plainMail(statementHtml(statementOf('text'), { ...place, locale: 'ar', words }));
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    const columns = html.match(/<th scope="col">/g)?.length ?? 0;
    const rows = html.match(/<tr><th scope="row">.*<br>.*<\/tr>/g) ?? [];
    expect(rows).toHaveLength(2);
    for (const row of rows) expect((row.match(/<td>/g) ?? []).length + 1).toBe(columns);
  });

  it('has a note instead of a table if nothing moved', () => {
    const html = plainMail(statementHtml(empty, place));
    expect(html).toContain('<p>No movements.</p>');
    expect(html).not.toContain('<thead>');
  });

  it('has the same tags for any texts', () => {
    const tags = tagsOf(statementHtml(statementOf('x'), place));
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      fc.constantFrom(
        '</td><script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '<!--',
        '&lt;',
        "'",
      ),
    );
    fc.assert(
      fc.property(
        text.filter((name) => !/[\0\p{Surrogate}]/u.test(name)),
        (name) => {
          const html = statementHtml(statementOf(name), place);
          expect(tagsOf(html)).toEqual(tags);
          expect(html).not.toContain('between-us');
        },
      ),
      tried(200),
    );
  });
});
