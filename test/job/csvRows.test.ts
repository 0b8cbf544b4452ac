import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUnreadable } from '../../src/interop/import/byPatron.js';
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
    const [broken] = await listOf(csvRows(['id\n"1\n']));
    expect(isUnreadable(broken)).toBe(true);
    const [bytes] = await listOf(csvRows([Buffer.from([0x69, 0xff, 0x0a])]));
    expect(bytes).toMatchObject({ unreadable: { found: 'bytes that are not UTF-8' } });
  });
});
