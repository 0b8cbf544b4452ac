import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isolatedText, shownText } from '../../src/views/shownText.js';
import { tried } from '../support/seeded.js';

describe('shownText', () => {
  it('keeps text of every script', () => {
    for (const text of ['On Numbers', 'Füße & Œuvre', '数の本', 'ספר', '👩‍🎓', 'e\u0301'])
      expect(shownText(text)).toBe(text);
  });

  it('replaces line breaks and control characters', () => {
    expect(shownText('On Numbers\r\nTotal: $0.00')).toBe('On Numbers Total: $0.00');
    expect(shownText('a\u2028b\u2029c\u0085d\u0000e\u001b[31m')).toBe('a b c d e [31m');
  });

  it('removes marks that change the writing direction', () => {
    expect(shownText('\u202E00.05\u202C \u2066x\u2069\u200F\u061C')).toBe('00.05 x');
  });

  it('replaces lone surrogates', () => {
    expect(shownText('a\uD800b\uDC00c')).toBe('a\uFFFDb\uFFFDc');
  });

  it('converts other values to text', () => {
    expect(shownText({ html: '<script>' } as unknown as string)).toBe('[object Object]');
  });

  it('isolates right-to-left text only (isolatedText)', () => {
    expect(isolatedText('ספר 5')).toBe('\u2068ספר 5\u2069');
    expect(isolatedText('كتاب')).toBe('\u2068كتاب\u2069');
    expect(isolatedText('On Numbers')).toBe('On Numbers');
    // In right-to-left text also the others: the sign at the end would move to the beginning.
    expect(isolatedText('C++', 'rtl')).toBe('\u2068C++\u2069');
  });

  it('returns no control characters for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.constantFrom('\u202E', '\n', '\uD800', 'א'), fc.string()) }),
        (text) => {
          expect(shownText(text)).not.toMatch(/[\p{Cc}\p{Surrogate}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        },
      ),
      tried(1_000),
    );
  });
});
