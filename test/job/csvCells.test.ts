import { describe, expect, it } from 'vitest';
import { type CsvForm, readCsv } from '../../src/job/csvCells.js';
import { listOf } from '../interop/import/importLaws.js';

const read = (text: string, form: CsvForm = {}, needed: readonly string[] = ['day']) =>
  listOf(
    readCsv([text], form, needed, (cells) => ({ day: cells.day('day'), amount: cells.amount('amount', 2) })),
  );

describe('a CSV file with named columns', () => {
  it('is read line by line; lines may be ignored; a column may be missing', async () => {
    expect(await read('x,day , amount\n,2026-03-04, 1.50\n,"2026-03-04 10:00:00",\n')).toEqual([
      { day: '2026-03-04', amount: 150 },
      { day: '2026-03-04', amount: 0 },
    ]);
    expect(await read('day\n2026-03-04\n')).toEqual([{ day: '2026-03-04', amount: 0 }]);
    expect(await listOf(readCsv(['day\n1\n'], {}, ['day'], () => null))).toEqual([]);
  });

  it.each([
    ['DD.MM.YYYY', '4.3.2026'],
    ['DD/MM/YYYY', '04/03/2026'],
    ['MM/DD/YYYY', '3/4/2026'],
    ['YYYY-MM-DD', '2026-03-04T10:00:00Z'],
  ] as const)('may write days as %s', async (dayOrder, text) => {
    expect(await read(`day\n${text}\n`, { dayOrder })).toEqual([{ day: '2026-03-04', amount: 0 }]);
  });

  it('reports a cell that cannot be read, and continues', async () => {
    const text = 'day,amount\n2026-02-30,1\n2026-03-04,1.505\n2026-03-04\n2026-03-04,2\nyesterday,1\n';
    expect(await read(text)).toEqual([
      { unreadable: { line: 2, expected: 'day: a day YYYY-MM-DD', found: '2026-02-30' } },
      { unreadable: { line: 3, expected: 'amount: an amount with at most 2 decimals', found: '1.505' } },
      { unreadable: { line: 4, expected: '2 cells, as in the header', found: '1' } },
      { day: '2026-03-04', amount: 200 },
      { unreadable: { line: 6, expected: 'day: a day YYYY-MM-DD', found: 'yesterday' } },
    ]);
  });

  it.each([
    ['', 'a header line'],
    ['amount\n1\n', 'one column named "day"'],
    ['day,day\n1,1\n', 'one column named "day"'],
  ])('%j is not read at all', async (text, expected) => {
    expect(await read(text)).toMatchObject([{ unreadable: { line: 1, expected } }]);
  });

  it('throws an error of the reader itself', async () => {
    const broken = readCsv(['day\n1\n'], {}, ['day'], () => {
      throw new TypeError('a fault');
    });
    await expect(listOf(broken)).rejects.toThrow('a fault');
  });
});
