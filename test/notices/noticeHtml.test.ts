import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeHtml, noticeText } from '../../src/jobs/index.js';
import { englishNoticeWords } from '../../src/notices/noticeLetter.js';
import { tried } from '../support/seeded.js';

import { english, noticeWith } from './sampleNotice.js';

describe('a notice as HTML', () => {
  it('runs from right to left in a right-to-left language', () => {
    const words = { ...englishNoticeWords, language: 'ar', direction: 'rtl' } as const;
    const html = noticeHtml(noticeWith('x', { language: 'ar' }), { locale: 'ar', timeZone: 'UTC', words });
    expect(html).toContain('<html lang="ar" dir="rtl">');
  });

  it('has the same tags and lines for any texts', () => {
    const tagsOf = (html: string) => html.match(/<\/?[a-z0-9]+/gi) ?? [];
    const tags = tagsOf(noticeHtml(noticeWith('x'), { ...english, patron: 'x' }));
    const lines = noticeText(noticeWith('x'), { ...english, patron: 'x' }).split('\n').length;
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      fc.constantFrom('</td><script>alert(1)</script>', '"><img src=x>', '<!--', '&lt;', 'a\nTo pay now: 0'),
    );
    fc.assert(
      fc.property(text, (given) => {
        const options = { ...english, patron: given };
        expect(tagsOf(noticeHtml(noticeWith(given), options))).toEqual(tags);
        expect(noticeText(noticeWith(given), options).split('\n')).toHaveLength(lines);
      }),
      tried(100),
    );
  });
});
