import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allDifferences,
  fieldTable,
  namedDifferences,
  shownValue,
} from '../../../src/testing/scenario/fieldDifferences.js';
import { tried } from '../../support/seeded.js';

const shuffled = (data: object) => Object.fromEntries(Object.entries(data).reverse());

describe('all differences', () => {
  it('are empty for equal data, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        expect(allDifferences(data, structuredClone(data))).toEqual([]);
        expect(allDifferences(shuffled(data), data)).toEqual([]);
      }),
      tried(300),
    );
  });

  it('name each place where a side has more, less or something else', () => {
    const expected = { a: 1, list: [{ b: 'x' }, { b: 'y' }], gone: true };
    const actual = { a: 2, list: [{ b: 'x', c: null }], more: 0 };
    expect(allDifferences(expected, actual)).toEqual([
      { path: 'a', expected: 1, actual: 2 },
      { path: 'list[0].c', expected: undefined, actual: null },
      { path: 'list[1]', expected: { b: 'y' }, actual: undefined },
      { path: 'gone', expected: true, actual: undefined },
      { path: 'more', expected: undefined, actual: 0 },
    ]);
  });

  it('distinguish a list from an object, and undefined from null', () => {
    expect(allDifferences([], {})).toHaveLength(1);
    expect(allDifferences(undefined, null)).toHaveLength(1);
    expect(allDifferences({ a: undefined }, {})).toEqual([]);
    expect(allDifferences(Number.NaN, Number.NaN)).toEqual([]);
    expect(allDifferences(new Date(0), new Date(1))).toHaveLength(1);
  });

  it('ignore inherited fields', () => {
    expect(allDifferences({ constructor: Object }, {})).toHaveLength(1);
    expect(allDifferences(JSON.parse('{"__proto__": 1}'), {})).toEqual([
      { path: '__proto__', expected: 1, actual: undefined },
    ]);
  });
});

describe('named differences', () => {
  it('ignore fields that are not named, at any depth', () => {
    const actual = { a: 1, b: { c: 2, d: 3 }, list: [{ e: 4, f: 5 }] };
    expect(namedDifferences({ b: { c: 2 }, list: [{ f: 5 }] }, actual)).toEqual([]);
    expect(namedDifferences({}, actual)).toEqual([]);
    expect(namedDifferences({ b: { c: 9 } }, actual)).toEqual([{ path: 'b.c', expected: 9, actual: 2 }]);
  });

  it('require every entry of a list', () => {
    expect(namedDifferences({ list: [] }, { list: [1] })).toEqual([
      { path: 'list[0]', expected: undefined, actual: 1 },
    ]);
  });
});

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
