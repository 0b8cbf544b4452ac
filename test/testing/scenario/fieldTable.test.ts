import { expect, it } from 'vitest';
import { fieldTable, shownValue } from '../../../src/testing/scenario/fieldTable.js';

it('shows the expected value beside the actual one', () => {
  const table = fieldTable([
    { path: 'amount', expected: '4.00', actual: undefined },
    { path: '', expected: 1, actual: [1] },
  ]);
  expect(table.split('\n')).toEqual([
    '             expected  actual',
    '> amount     "4.00"    (nothing)',
    '  all of it  1         [1]',
  ]);
});

it('shows any value, and cuts long ones', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  expect([10n, () => 1, circle, null].map(shownValue)).toEqual(['10', '() => 1', '', 'null']);
  expect(shownValue('x'.repeat(100))).toBe(`"${'x'.repeat(58)}…`);
});
