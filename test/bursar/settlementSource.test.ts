import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALMA_NAMESPACE } from '../../src/bursar/bursarAlmaXml.js';
import type { SettlementSource } from '../../src/bursar/index.js';
import type { SettlementReading } from '../../src/bursar/settlementRow.js';
import {
  readingsOf,
  readSettlementCsv,
  readSettlementXml,
  type SettlementCsvOptions,
  settlementSourceField,
} from '../../src/bursar/settlementSource.js';
import { checkedArgument } from '../../src/input/checkedArgument.js';
import { temporaryFolder } from './bursarLibrary.js';

const checkedSource = (source: unknown) => checkedArgument(settlementSourceField, source, 'form.source');

async function all(source: SettlementSource) {
  const rows: unknown[] = [];
  for await (const reading of readingsOf(checkedSource(source))) rows.push(reading);
  return rows;
}

describe('the answer of an external system', () => {
  const rows = [{ reference: 'a@t', amount: '1' }];

  it('may be rows from any iterable', async () => {
    async function* streamed() {
      yield* rows;
    }
    for (const source of [{ rows }, { rows: new Set(rows) }, { rows: streamed() }]) {
      expect(await all(source)).toEqual([{ line: null, row: rows[0] }]);
    }
  });

  it('may be a file in one of two formats', async () => {
    const file = join(temporaryFolder(), 'answer');
    writeFileSync(file, 'reference|amount\na@t|1\n');
    expect(await all({ file, format: 'csv', delimiter: '|' })).toEqual([{ line: 2, row: rows[0] }]);
    writeFileSync(file, '<xml-fragment><userFineFee/></xml-fragment>');
    expect(await all({ file, format: 'alma-xml' })).toEqual([{ line: 1, row: {} }]);
  });

  it.each([
    null,
    'answer.csv',
    {},
    { rows: 'a@t' },
    { rows: {} },
    { file: 'a' },
    { file: '', format: 'csv' },
    { file: 'a', format: 'xlsx' },
    { file: 'a', format: 'csv', delimiter: ', ' },
    { file: 'a', format: 'csv', columns: { amount: '' } },
    { file: 'a', format: 'alma-xml', delimiter: ',' },
    { rows: [], file: 'a', format: 'csv' },
  ])('cannot be %j', (source) => {
    expect(() => checkedSource(source as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('source') }),
    );
  });
});

describe('readSettlementCsv', () => {
  async function readingsOf(
    text: string | Uint8Array,
    options: SettlementCsvOptions = {},
  ): Promise<readonly SettlementReading[]> {
    const file = join(temporaryFolder(), 'answer.csv');
    writeFileSync(file, text);
    const readings: SettlementReading[] = [];
    for await (const reading of readSettlementCsv(file, options)) readings.push(reading);
    return readings;
  }

  describe('a CSV file', () => {
    it('returns its rows by column, in any column order and with extra columns', async () => {
      const text =
        '\ufeffname,amount,reference,paymentReference\r\n"Ada ""A"", Countess",1.45,a@t,B-1\r\n,2,b@t,\r\n';
      expect(await readingsOf(text)).toEqual([
        { line: 2, row: { reference: 'a@t', amount: '1.45', paymentReference: 'B-1' } },
        { line: 3, row: { reference: 'b@t', amount: '2', paymentReference: '' } },
      ]);
    });

    it('may have other names and another delimiter, empty lines, and cells over several lines', async () => {
      const columns = { reference: 'Charge', amount: 'Paid', paymentReference: 'Receipt', currency: 'Cur' };
      const text = 'Charge;Paid;Receipt;Cur;Note\na@t;1;r1;USD;"two\nlines"\n\n\nb@t;2;r2;USD;x';
      expect(await readingsOf(text, { delimiter: ';', columns })).toEqual([
        { line: 3, row: { reference: 'a@t', amount: '1', paymentReference: 'r1', currency: 'USD' } },
        { line: 6, row: { reference: 'b@t', amount: '2', paymentReference: 'r2', currency: 'USD' } },
      ]);
    });

    it('returns a row with too many or too few cells as misread, and continues', async () => {
      expect(await readingsOf('reference,amount\na@t\nb@t,1,000.00\nc@t,3\n')).toEqual([
        { line: 2, misread: { expected: '2 cells, as in the header', found: '1' } },
        { line: 3, misread: { expected: '2 cells, as in the header', found: '3' } },
        { line: 4, row: { reference: 'c@t', amount: '3' } },
      ]);
    });

    it('may have quotes within a title', async () => {
      const text = 'title,reference,amount\nThe 7" single,a@t,1\n"Say "hi"",b@t,2\n';
      expect((await readingsOf(text)).map((reading) => 'row' in reading && reading.row)).toEqual([
        { reference: 'a@t', amount: '1' },
        { reference: 'b@t', amount: '2' },
      ]);
    });

    it('may have columns named like inherited properties', async () => {
      expect(await readingsOf('__proto__,constructor,reference,amount\nx,y,a@t,1')).toEqual([
        { line: 2, row: { reference: 'a@t', amount: '1' } },
      ]);
    });

    it.each([
      ['is empty', '', {}],
      ['has no header', 'a@t,1\n', {}],
      ['misses a column', 'reference,paid\na@t,1\n', {}],
      ['misses a column that was named', 'reference,amount\na@t,1\n', { columns: { currency: 'Cur' } }],
      ['has a column twice', 'reference,amount,amount\na@t,1,2\n', {}],
      ['breaks off within quotes', 'reference,amount\na@t,1\nb@t,"2\nc@t,3\n', {}],
      ['is no UTF-8', Buffer.from('reference,amount\nM\xfcller@t,1\n', 'latin1'), {}],
      ['is UTF-16', Buffer.from('\ufeffreference,amount\na@t,1\n', 'utf16le'), {}],
      ['is an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), {}],
    ])('is broken if it %s', async (_how, text, options) => {
      expect((await readingsOf(text, options)).at(-1)).toEqual({
        line: expect.any(Number),
        broken: { expected: expect.any(String), found: expect.any(String) },
      });
    });

    it('is abandoned at an endless row before it fills the memory', async () => {
      const [reading] = await readingsOf(`reference,amount\na@t,"${'x\n'.repeat(600_000)}`);
      expect(reading).toMatchObject({ broken: { found: expect.stringContaining('1000000') } });
    });

    it('rejects with the error of the file system', async () => {
      const reading = readSettlementCsv(join(temporaryFolder(), 'nowhere'), {});
      await expect(reading.next()).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });
});

describe('readSettlementXml', () => {
  async function readingsOf(text: string | Uint8Array): Promise<readonly SettlementReading[]> {
    const file = join(temporaryFolder(), 'answer.xml');
    writeFileSync(file, text);
    const readings: SettlementReading[] = [];
    for await (const reading of readSettlementXml(file)) readings.push(reading);
    return readings;
  }

  /** A file with these elements in one fee. */
  function fee(content: string, before = ''): string {
    return `${before}<xb:xml-fragment xmlns:xb="${ALMA_NAMESPACE}"><xb:userFineFee>${content}</xb:userFineFee></xb:xml-fragment>`;
  }

  const sum = (amount: string) =>
    `<xb:compositeSum><xb:currency>USD</xb:currency><xb:sum>${amount}</xb:sum></xb:compositeSum>`;
  const reference = '<xb:bursarTransactionId>u17@t</xb:bursarTransactionId>';
  const row = { reference: 'u17@t', amount: '0.82', currency: 'USD' };

  describe('an XML file in the format of Alma', () => {
    it('has a row for each fee, with the line where it ends', async () => {
      const text = `<?xml version="1.0" encoding="UTF-8"?>
<x:xml-fragment xmlns:x="${ALMA_NAMESPACE}">
 <x:userFineFee>
  <x:itemTitle>R&amp;D &#60;b></x:itemTitle>
  ${reference.replaceAll('xb:', 'x:')} ${sum('0.82').replaceAll('xb:', 'x:')}
 </x:userFineFee>
 <x:userFineFee><x:bursarTransactionId><![CDATA[a@]]>t&#x31;</x:bursarTransactionId><x:paymentReference>B-1</x:paymentReference></x:userFineFee>
</x:xml-fragment>`;
      expect(await readingsOf(text)).toEqual([
        { line: 6, row },
        { line: 7, row: { reference: 'a@t1', paymentReference: 'B-1' } },
      ]);
    });

    it('may have no namespace; elements of another one are ignored', async () => {
      const plain = `<userExportedFineFees><userFineFee>${reference}${sum('0.82')}<o:sum xmlns:o="urn:o">9</o:sum></userFineFee><userFineFee xmlns="urn:o"/></userExportedFineFees>`;
      expect(await readingsOf(plain.replaceAll('xb:', ''))).toEqual([{ line: 1, row }]);
    });

    it('reads sums only in their proper place', async () => {
      const strange = fee(
        `<xb:sum>1</xb:sum><xb:other><xb:bursarTransactionId>x@y</xb:bursarTransactionId></xb:other>${reference}${sum('0.82')}`,
      );
      expect(await readingsOf(strange)).toEqual([{ line: 1, row }]);
    });

    it('is read in chunks', async () => {
      const many = fee('').replace(
        /<xb:userFineFee>.*<\/xb:userFineFee>/,
        `<xb:userFineFee>${reference}${sum('0.82')}</xb:userFineFee>`.repeat(3_000),
      );
      const readings = await readingsOf(many);
      expect(readings).toHaveLength(3_000);
      for (const reading of readings) expect(reading).toEqual({ line: 1, row });
    });

    it('without payments has no rows', async () => {
      expect(await readingsOf(`<xml-fragment xmlns="${ALMA_NAMESPACE}"/>`)).toEqual([]);
    });

    const bomb = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(50)}">${'bcdefghij'
      .split('')
      .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghi'[index]};`.repeat(10)}">`)
      .join('')}]>`;

    it.each([
      ['has entities that unfold', fee(`${reference}${sum('&j;')}`, bomb), /DOCTYPE/],
      [
        'fetches a file',
        fee(`${reference}${sum('&f;')}`, '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
        /DOCTYPE/,
      ],
      ['declares any document type', fee(reference, '<!DOCTYPE html>'), /DOCTYPE/],
      ['never ends to declare one', `<!DOCTYPE x [${'<!ENTITY a "b">'.repeat(200_000)}`, /characters/],
      ['has an entity that nobody declared', fee(`${reference}&nbsp;`), /nbsp|entity/],
      ['breaks off', fee(reference).slice(0, -20), /./],
      ['breaks off after the declaration', '<?xml version="1.0"?>', /./],
      ['is empty', '', /./],
      ['is a page', '<html><body>Not found</body></html>', /html/],
      ['is CSV', 'reference,amount\nu17@t,1\n', /./],
      ['has a fee with two references', fee(reference + reference), /two/],
      [
        'has a fee with two sums',
        fee(`${sum('1')}<xb:compositeSum><xb:sum>2</xb:sum></xb:compositeSum>`),
        /two/,
      ],
      ['has an element within a sum', fee(`${reference}${sum('1<xb:x/>2')}`), /element x/],
      ['goes deeper and deeper', '<xml-fragment>'.repeat(100), /deep/],
      ['has a text without end', fee('x'.repeat(2_000_000)), /characters/],
      ['is in another encoding', fee(reference, '<?xml version="1.0" encoding="ISO-8859-1"?>'), /ISO-8859-1/],
      ['is no UTF-8', Buffer.from(fee('M\xfcller'), 'latin1'), /bytes/],
      ['has a control character', fee('\u0001'), /./],
      ['has a second root', `${fee(reference)}<a/>`, /./],
    ])('is broken if it %s', async (_how, text, found) => {
      const readings = await readingsOf(text);
      expect(readings.filter((reading) => 'broken' in reading)).toEqual([
        {
          line: expect.any(Number),
          broken: { expected: expect.any(String), found: expect.stringMatching(found) },
        },
      ]);
      expect(readings.at(-1)).toHaveProperty('broken');
    });
  });
});
