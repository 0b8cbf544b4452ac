import { expect, it } from 'vitest';
import { openTillTally } from '../../../src/books/payments/tillTally.js';

it('codes that look alike when concatenated have separate rows', () => {
  const tally = openTillTally(['desk', 'library'], 2);
  const places = [
    ['a', 'b,c'],
    ['a,b', 'c'],
    ['a"', '"b'],
    ['a', null],
    ['a', 'null'],
    [null, 'a'],
    ['a', ''],
    ['__proto__', 'x'],
    ['17', 'x'],
    ['9', 'x'],
  ];
  for (const place of places) tally.add(place, 'gross', 1n);
  for (const place of places) tally.add([...place], 'gross', 1n);
  const rows = tally.rows();
  expect(rows.map(({ desk, library }) => [desk, library])).toEqual([
    ['17', 'x'],
    ['9', 'x'],
    ['__proto__', 'x'],
    ['a', ''],
    ['a', 'b,c'],
    ['a', 'null'],
    ['a', null],
    ['a"', '"b'],
    ['a,b', 'c'],
    [null, 'a'],
  ]);
  expect(rows.every(({ gross }) => gross === '0.02')).toBe(true);
});

it('sums beyond the safe integers are exact', () => {
  const tally = openTillTally([], 2);
  for (let index = 0; index < 3; index++) tally.add([], 'refunded', 9_007_199_254_740_993n);
  expect(tally.total()).toEqual({
    payments: 0,
    gross: '0.00',
    reversed: '0.00',
    refunded: '270215977642229.79',
    refundsReversed: '0.00',
    net: '-270215977642229.79',
  });
});

it('has no rows and a total of zero while it is empty', () => {
  const tally = openTillTally(['day'], 0);
  expect(tally.rows()).toEqual([]);
  expect(tally.total().net).toBe('0');
});
