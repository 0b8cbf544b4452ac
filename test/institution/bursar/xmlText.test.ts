import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, it } from 'vitest';
import { xmlText } from '../../../src/institution/bursar/xmlText.js';

/** The text as an XML parser reads it. */
function readBack(written: string): string {
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.write(`<a>${written}</a>`).close();
  return text;
}

/** A character that is allowed in XML 1.0. */
const allowed = (unit: string) => /^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]$/u.test(unit);

it('is read back character by character, forbidden ones as U+FFFD', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)))
      .map((units) => units.join('')),
    fc
      .array(
        fc.constantFrom(
          '&',
          '<',
          '>',
          '"',
          "'",
          ']]>',
          '\r',
          '\n',
          '\r\n',
          '\u0000',
          '\u0085',
          '\ud800',
          '😀',
        ),
      )
      .map((units) => units.join('')),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      const expected = [...text].map((unit) => (allowed(unit) ? unit : '\uFFFD')).join('');
      expect(readBack(xmlText(text))).toBe(expected);
    }),
  );
});

it('keeps line feeds and tabs, and escapes carriage returns so that they are kept', () => {
  expect(xmlText('a\tb\nc\rd')).toBe('a\tb\nc&#13;d');
  expect(xmlText('R&D <b>]]>')).toBe('R&amp;D &lt;b&gt;]]&gt;');
  expect(xmlText('\u0001\u001f\ufffe\ud800😀')).toBe('\ufffd\ufffd\ufffd\ufffd😀');
});
