import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvRows } from '../../src/job/csvRows.js';
import { listOf } from '../interop/import/importLaws.js';

describe('rows of a CSV file', () => {
  it('are objects with the columns as fields, however the text is cut', async () => {
    const text = '\uFEFFid,note\r\n1,"a, ""b""\nc"\r\n\r\n2,\r\n';
    const expected = [
      { id: '1', note: 'a, "b"\nc' },
      { id: '2', note: '' },
    ];
    expect(await listOf(csvRows([...text]))).toEqual(expected);
    expect(await listOf(csvRows([Buffer.from(text)]))).toEqual(expected);
    expect(await listOf(csvRows(['id\t note\n1\tx\n'], { delimiter: '\t' }))).toEqual([
      { id: '1', note: 'x' },
    ]);
  });

  it('are read from a file, and errors of the file system are thrown', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rows-'));
    const file = join(directory, 'rows.csv');
    writeFileSync(file, 'id\n1\n');
    expect(await listOf(csvRows(file))).toEqual([{ id: '1' }]);
    rmSync(directory, { recursive: true });
    await expect(listOf(csvRows(file))).rejects.toThrow('ENOENT');
  });

  it('that cannot be read are reported with their line', async () => {
    const rows = await listOf(csvRows(['id,note\n1\n2,b,c\n3,d\n']));
    expect(rows).toEqual([
      { unreadable: { line: 2, expected: '2 cells, as in the header', found: '1' } },
      { unreadable: { line: 3, expected: '2 cells, as in the header', found: '3' } },
      { id: '3', note: 'd' },
    ]);
  });

  it('end with a row that says so if the rest cannot be read, at the line where the fault begins', async () => {
    const rest = (line: number, expected: string, found: string) => ({
      unreadable: { line, expected, found: `${found}; the rest was not read`, restNotRead: true },
    });
    expect(await listOf(csvRows(['id\n1\n\n"2\n3\n4\n']))).toEqual([
      { id: '1' },
      rest(4, 'a CSV file', 'a quote that is not closed'),
    ]);
    const notUtf8 = (line: number) => rest(line, 'a CSV file in UTF-8', 'bytes that are not UTF-8');
    const bytes = Buffer.concat([Buffer.from('id\nä€😀\n2\n3,'), Buffer.from([0xe4]), Buffer.from('b\n4\n')]);
    const expected = [{ id: 'ä€😀' }, { id: '2' }, notUtf8(4)];
    expect(await listOf(csvRows([bytes]))).toEqual(expected);
    // However the bytes are cut.
    for (let at = 1; at < bytes.length; at += 1)
      expect(await listOf(csvRows([bytes.subarray(0, at), bytes.subarray(at)]))).toEqual(expected);
    expect(await listOf(csvRows([...bytes].map((byte) => Buffer.from([byte]))))).toEqual(expected);
    expect(await listOf(csvRows([Buffer.from('id\n1\n2'), Buffer.from([0xe2, 0x82])]))).toEqual([
      { id: '1' },
      notUtf8(3),
    ]);
    // A quote that is open where the text ends is no second fault.
    expect(await listOf(csvRows(['id\n"1\n', Buffer.from([0xff, 0x0a])]))).toEqual([notUtf8(3)]);
    const long = await listOf(csvRows(['id\n1\n', 'x'.repeat(10_000_010), '\n2\n']));
    expect(long).toMatchObject([{ id: '1' }, { unreadable: { line: 3, restNotRead: true } }]);
  });

  it('have no spaces around cells, and each column once', async () => {
    expect(await listOf(csvRows(['id, note\n1, x \n']))).toEqual([{ id: '1', note: 'x' }]);
    expect(await listOf(csvRows(['id,,\n1,,\n']))).toMatchObject([{ id: '1' }]);
    expect(await listOf(csvRows(['amount,id, amount\n1,2,3\n4,5,6\n']))).toEqual([
      {
        unreadable: {
          line: 1,
          expected: 'each column once',
          found: '"amount" twice; the rest was not read',
          restNotRead: true,
        },
      },
    ]);
  });
});
