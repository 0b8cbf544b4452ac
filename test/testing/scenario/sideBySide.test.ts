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

it('cuts a text only where it is too long', () => {
  expect(clipped('x'.repeat(60))).toBe('x'.repeat(60));
  expect(clipped('x'.repeat(61))).toBe(`${'x'.repeat(59)}…`);
});
