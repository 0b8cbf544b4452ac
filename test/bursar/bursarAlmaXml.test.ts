import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, it } from 'vitest';
import { bursarAlmaXml, xmlText } from '../../src/bursar/bursarAlmaXml.js';
import type { BursarTransfer } from '../../src/bursar/index.js';
import { itWith } from '../support/programs.js';
import { transferOf } from './bursarLibrary.js';

/** Text that breaks carelessly written XML. */
const hostile = '<&>"\']]> \u0000\u0001\u001b\ufffe\ud800 😀 =HYPERLINK("x") <!DOCTYPE x>';

function written(...patrons: readonly (readonly BursarTransfer[])[]): string {
  const { head, patron, foot } = bursarAlmaXml('15216075870006761', 'America/New_York');
  return head + patrons.map(patron).join('') + foot;
}

/** The file as a tree, without whitespace between elements. */
const compact = (xml: string) => xml.replaceAll(/>\s+</g, '><');

it('has the shape of an export from Alma', () => {
  const nil = (name: string) => `<xb:${name} xsi:nil="true"/>`;
  expect(compact(written([transferOf()])).trim()).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<xb:xml-fragment xmlns:xb="http://com/exlibris/urm/rep/externalsysfinesfees/xmlbeans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
      '<xb:userExportedFineFees><xb:exportNumber>15216075870006761</xb:exportNumber></xb:userExportedFineFees>',
      '<xb:userExportedFineFees><xb:userExportedList><xb:userExportedFineFeesList>',
      '<xb:user><xb:type>02</xb:type><xb:value>12345678</xb:value>',
      '<xb:owneredEntity><xb:InstitutionId>north</xb:InstitutionId></xb:owneredEntity></xb:user>',
      '<xb:patronName>Transfer, Bursar</xb:patronName>',
      `<xb:finefeeList><xb:userFineFee>${nil('fineFeeComment')}<xb:fineFeeType>OVERDUEFINE</xb:fineFeeType>`,
      '<xb:owneredEntity><xb:InstitutionId>north</xb:InstitutionId>',
      '<xb:libraryId>RTC</xb:libraryId><xb:libraryCode>RTC</xb:libraryCode></xb:owneredEntity>',
      '<xb:lastTransactionDate>09/12/2023 15:22:06</xb:lastTransactionDate>',
      '<xb:itemTitle>Ecology of the saguaro /</xb:itemTitle>',
      '<xb:itemCallNumebr>QK495.C11 S64 1977</xb:itemCallNumebr>',
      '<xb:itemLibrary>Hayden Library.</xb:itemLibrary><xb:itemLocation>Stacks</xb:itemLocation>',
      `<xb:itemInternalLocation>Stacks</xb:itemInternalLocation>${nil('itemDueDate')}`,
      '<xb:itemBarcode>39080036507785</xb:itemBarcode>',
      `<xb:compositeSum><xb:currency>USD</xb:currency><xb:sum>123.45</xb:sum>${nil('vat')}</xb:compositeSum>`,
      '<xb:bursarTransactionId>u17@export-9</xb:bursarTransactionId></xb:userFineFee></xb:finefeeList>',
      '</xb:userExportedFineFeesList></xb:userExportedList></xb:userExportedFineFees></xb:xml-fragment>',
    ].join(''),
  );
});

it.each([
  ['123.45', 'fee', '123.45'],
  ['0.82', 'fee', '0.82'],
  ['300.00', 'fee', '300'],
  ['1.40', 'fee', '1.4'],
  ['50.00', 'credit', '-50'],
  ['1200', 'fee', '1200'],
] as const)('writes a sum of %s (%s) as %s', (amount, kind, sum) => {
  expect(written([transferOf({ amount, kind })])).toContain(`<xb:sum>${sum}</xb:sum>`);
});

it.each([
  ['1.90', 'fee', '<xb:vat>1.9</xb:vat>'],
  ['0.00', 'fee', '<xb:vat>0</xb:vat>'],
  ['0.13', 'credit', '<xb:vat>-0.13</xb:vat>'],
] as const)('writes the tax %s of a %s as %s', (vat, kind, element) => {
  expect(written([transferOf({ kind, vatPercent: 19, vat })])).toContain(element);
});

it('names the fee of a credit in the comment, and no fee for a credit without one', () => {
  const credit = { kind: 'credit', id: 'c1', type: 'CREDIT' } as const;
  expect(written([transferOf({ ...credit, feeId: 'f9', feeType: 'LOST' })])).toContain(
    '<xb:fineFeeComment>LOST f9</xb:fineFeeComment>',
  );
  expect(written([transferOf({ ...credit, feeId: null, feeType: null })])).toContain(
    '<xb:fineFeeComment xsi:nil="true"/>',
  );
});

it('writes local times, at midnight and when the clocks change', () => {
  const times = ['2026-01-02T05:00:00Z', '2026-11-01T05:30:00.9Z', '2026-11-01T06:30:00+00:00'];
  const rows = times.map((lastTransactionAt) =>
    transferOf({ lastTransactionAt, item: { dueAt: lastTransactionAt } }),
  );
  const dates = [...written(rows).matchAll(/<xb:(?:lastTransactionDate|itemDueDate)>([^<]*)/g)].map(
    ([, date]) => date,
  );
  const [midnight, summer, winter] = ['01/02/2026 00:00:00', '11/01/2026 01:30:00', '11/01/2026 01:30:00'];
  expect(dates).toEqual([midnight, midnight, summer, summer, winter, winter]);
});

it('leaves unknown fields empty, and is well-formed for any names and titles', () => {
  const row = transferOf({
    name: hostile,
    identifier: hostile,
    identifierType: hostile,
    institution: hostile,
    owner: '',
    code: hostile,
    item: { title: hostile, callNumber: '', barcode: hostile },
  });
  const xml = written([row, transferOf({ item: null })], [transferOf({ name: '', identifierType: '' })]);
  expect(xml).toContain('<xb:libraryCode xsi:nil="true"/>');
  expect(xml).toContain('<xb:patronName xsi:nil="true"/>');
  expect(faultsIn(xml)).toEqual([]);
  expect(faultsIn(`${xml}<`)).not.toEqual([]);
});

itWith(['xmllint'], 'is well-formed for another reader too (xmllint)', () => {
  const xml = written([transferOf({ name: hostile, item: { title: hostile } })]);
  const lint = (input: string) =>
    execFileSync('xmllint', ['--noout', '--nonet', '-'], { input, stdio: 'pipe' });
  expect(() => lint(xml)).not.toThrow();
  expect(() => lint(`${xml}<`)).toThrow();
});

function faultsIn(xml: string): string[] {
  const faults: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', ({ message }) => faults.push(message));
  parser.write(xml).close();
  return faults;
}

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
