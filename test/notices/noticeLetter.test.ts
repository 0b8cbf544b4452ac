import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeKinds } from '../../src/index.js';
import { type NoticeTextOptions, noticeHtml, noticeText } from '../../src/jobs/index.js';
import { englishNoticeWords } from '../../src/notices/noticeLetter.js';
import { french, german } from '../../src/words/index.js';
import { tried } from '../support/seeded.js';
import { bare, english, noticeWith } from './sampleNotice.js';

describe('the words of a notice', () => {
  it('has a subject and a sentence of its own for each kind, in every language', () => {
    const places: readonly NoticeTextOptions[] = [
      english,
      { locale: 'de-AT', timeZone: 'Europe/Vienna', words: german.notice },
      { locale: 'fr-FR', timeZone: 'Europe/Paris', words: french.notice },
    ];
    const seen = new Set<string>();
    for (const place of places) {
      for (const kind of noticeKinds) {
        const language = place.locale.slice(0, 2);
        const notice = noticeWith('x', { ...bare, kind, language });
        const [subject = '', , sentence = ''] = noticeText(notice, place).split('\n');
        expect(noticeHtml(notice, place)).toContain(`<title>${subject.replace(/'/g, '&#39;')}</title>`);
        seen.add(subject).add(sentence);
      }
    }
    expect(seen.size).toBe(places.length * noticeKinds.length * 2);
  });

  it('never mixes languages', () => {
    const inGerman = { locale: 'de-AT', timeZone: 'Europe/Vienna', words: german.notice };
    for (const format of [noticeText, noticeHtml]) {
      expect(() => format(noticeWith('x'), inGerman)).toThrow('the notice is in en, the words are in de');
      expect(() => format(noticeWith('x', { language: 'de' }), { ...english })).toThrow('INVALID_ARGUMENT');
      expect(() => format(noticeWith('x', { language: 'de' }), { ...inGerman, words: {} })).toThrow(
        'language',
      );
      expect(() => format(noticeWith('x'), {} as typeof english)).toThrow('locale');
    }
  });
});

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
