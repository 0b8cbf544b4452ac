import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/institution/journal/plainText.js';
import { strangeIds } from '../../support/hostile.js';

const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: 'binary-ascii', minLength: 1 }),
  fc.constantFrom(...strangeIds),
);

describe('plain text', () => {
  it('has no punctuation used by a format, and no character beyond ASCII', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(plainText(text)).toMatch(/^[\w.@%-]+$/);
      }),
    );
  });

  it('can be decoded', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(decodeURIComponent(plainText(text))).toBe(text);
      }),
    );
  });

  it('can be made from an unpaired surrogate', () => {
    expect(plainText('a\ud800b')).toBe('a%EF%BF%BDb');
  });

  it('keeps ordinary names unchanged', () => {
    for (const text of ['dverma', 'jean.d@example.org', 'u-0001', 'CREDIT_CARD', '__proto__']) {
      expect(plainText(text)).toBe(text);
    }
    expect(plainText("*(a), b:c;'ü'\n")).toBe('%2A%28a%29%2C%20b%3Ac%3B%27%C3%BC%27%0A');
  });
});
