import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALMA_NAMESPACE } from '../../src/bursar/bursarAlmaXml.js';
import { readSettlementXml } from '../../src/bursar/readSettlementXml.js';
import type { SettlementReading } from '../../src/bursar/settlementRow.js';
import { temporaryFolder } from './bursarLibrary.js';

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
