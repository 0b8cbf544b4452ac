import { describe, expect, it } from 'vitest';
import { differenceOf, pairedRows } from '../../src/bursar/bursarDifference.js';

describe('a difference', () => {
  it('names its place and its amounts in one sentence, and is plain data', () => {
    const found = {
      reference: 'u17@job',
      patronId: 'u17',
      answer: 'a1',
      row: 3,
      inAnswer: '5.00',
      inEvents: '4.00',
    };
    expect(differenceOf('ROW_AMOUNT_DIFFERS', found)).toEqual({
      code: 'ROW_AMOUNT_DIFFERS',
      ...found,
      inFile: null,
      bookedBy: null,
      message:
        'answer a1, row 3, u17@job: another amount was booked from the row (5.00 in the answer, 4.00 in the events)',
    });
  });

  it('is about the whole file without a place', () => {
    expect(differenceOf('FILE_BROKEN', { detail: 'expected CSV' })).toMatchObject({
      reference: null,
      message: 'the file: it cannot be read to its end (expected CSV)',
    });
  });
});

it('pairs the rows of a file with transfers by reference, rows first, then transfers without a row', () => {
  const rows = ['a', 'b', 'a', 'none'].map((reference, index) => ({ reference, index }));
  const transfers = new Map([
    ['b', 200n],
    ['c', 300n],
    ['a', 100n],
  ]);
  const pairs = pairedRows(rows, transfers);
  expect(
    pairs.map(({ reference, row, inEvents, isRepeated }) => [reference, row?.index, inEvents, isRepeated]),
  ).toEqual([
    ['a', 0, 100n, false],
    ['b', 1, 200n, false],
    ['a', 2, 100n, true],
    ['none', 3, null, false],
    ['c', undefined, 300n, false],
  ]);
});
