import { expect, it } from 'vitest';
import { clipped, sideBySide } from '../../../src/testing/scenario/sideBySide.js';

it('lines up the sides and marks the first row that differs', () => {
  const table = sideBySide(
    '',
    ['ours', 'yours'],
    [
      { label: 'f1', cells: ['1.00', '1.00'], differs: false },
      { label: 'all of it', cells: ['12.00', '2.00'], differs: true },
      { label: 'f2', cells: ['11.00', ''], differs: true },
    ],
  );
  expect(table.split('\n')).toEqual([
    '             ours   yours',
    '  f1         1.00   1.00',
    '> all of it  12.00  2.00',
    '  f2         11.00',
  ]);
});

it('cuts a text only if it is too long', () => {
  expect(clipped(['x'.repeat(60)])).toEqual(['x'.repeat(60)]);
  expect(clipped(['x'.repeat(61)])).toEqual([`${'x'.repeat(59)}…`]);
  expect(clipped(['x'.repeat(61), 'x'.repeat(61)])).toEqual(Array(2).fill(`${'x'.repeat(59)}…`));
});

it('cuts texts so that their difference stays visible', () => {
  const long = (end: string) => `${'x'.repeat(500)}${end}`;
  expect(clipped([long('a'), long('b')])).toEqual([`…${'x'.repeat(20)}a`, `…${'x'.repeat(20)}b`]);
  expect(clipped([long(''), long('a'.repeat(100))])).toEqual([
    `…${'x'.repeat(20)}`,
    `…${'x'.repeat(20)}${'a'.repeat(38)}…`,
  ]);
  expect(clipped([`a${long('')}`, 'b'])).toEqual([`a${'x'.repeat(58)}…`, 'b']);
});
