import { expect, it } from 'vitest';
import { pairedRows } from '../../src/bursar/pairedRows.js';

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
