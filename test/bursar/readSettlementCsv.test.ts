import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettlementCsv, type SettlementCsvOptions } from '../../src/bursar/readSettlementCsv.js';
import type { SettlementReading } from '../../src/bursar/settlementRow.js';
import { temporaryFolder } from './bursarLibrary.js';

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
