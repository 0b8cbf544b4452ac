import { describe, expect, it } from 'vitest';
import { byPatron, comparePatrons, fieldOf, grouped } from '../../../src/interop/import/byPatron.js';
import type { Rows } from '../../../src/interop/import/importFinding.js';
import { listOf } from './importLaws.js';

async function* streamed(rows: readonly unknown[]) {
  yield* rows;
}

const joined = (a: Rows, b: Rows) =>
  listOf(
    byPatron([
      { name: 'a', rows: a, patron: 'p', columns: [] },
      { name: 'b', rows: b, patron: 'p', columns: [] },
    ]),
  );

describe('rows by patron', () => {
  it('joins sorted streams: numbers by value, other ids by code units', async () => {
    const a = [{ p: 2, n: 1 }, { p: 2, n: 2 }, { p: 10 }, { p: 'x' }];
    const b = [{ p: '2' }, { p: 9 }, { p: 'X' }];
    const groups = await joined(streamed(a), streamed(b));
    expect(groups.map(({ patronId, rows }) => [patronId, rows.a?.length, rows.b?.length])).toEqual([
      ['2', 2, 1],
      ['9', 0, 1],
      ['10', 1, 0],
      ['X', 0, 1],
      ['x', 1, 0],
    ]);
    expect(groups.some(({ isUnsorted }) => isUnsorted)).toBe(false);
  });

  it('sorts lists, and keeps the order of the rows of a patron', async () => {
    const [first] = await joined([{ p: 3, n: 1 }, { p: 2 }, { p: 3, n: 2 }].reverse(), []);
    expect(first).toMatchObject({ patronId: '2' });
  });

  it('reports rows that are not sorted, and of rows without a patron', async () => {
    const groups = await joined(streamed([{ p: 3 }, null, { p: 2 }, { p: '' }, { q: 1 }]), []);
    expect(groups.map(({ patronId, isUnsorted }) => [patronId, isUnsorted])).toEqual([
      [null, false],
      ['3', false],
      [null, false],
      [null, false],
      ['2', true],
    ]);
  });

  it('keeps the rows of a patron together around lines that cannot be read', async () => {
    const broken = { unreadable: { line: 3, expected: 'e', found: 'f' } };
    const rows = () => streamed([{ p: 1, n: 1 }, broken, { p: 1, n: 2 }, { p: '' }, { p: 2 }, broken]);
    const [first, second] = await Promise.all([
      listOf(byPatron([{ name: 'a', rows: rows(), patron: 'p', columns: [] }])),
      joined(rows(), streamed([{ p: 1 }, broken, { p: 1 }])),
    ]);
    const shown = (groups: typeof first) =>
      groups
        .filter(({ patronId }) => patronId !== null)
        .map(({ patronId, isUnsorted, rows: { a, b } }) => [patronId, isUnsorted, a?.length, b?.length]);
    expect(shown(first)).toEqual([
      ['1', false, 2, undefined],
      ['2', false, 1, undefined],
    ]);
    expect(shown(second)).toEqual([
      ['1', false, 2, 2],
      ['2', false, 1, 0],
    ]);
    expect(first.filter(({ patronId }) => patronId === null)).toHaveLength(3);
  });

  it('does not need one table to be sorted', async () => {
    const rows = streamed([{ p: 3 }, { p: 2 }]);
    const groups = await listOf(byPatron([{ name: 'a', rows, patron: 'p', columns: [] }]));
    expect(groups.map(({ isUnsorted }) => isUnsorted)).toEqual([false, false]);
  });

  it('reports rows of one table that come after those of another patron', async () => {
    const rows = streamed([{ p: 1 }, { p: 2 }, { p: 1 }, { p: 3 }, { p: 3 }, { p: 1 }]);
    const groups = await listOf(byPatron([{ name: 'a', rows, patron: 'p', columns: [] }]));
    expect(groups.map(({ patronId, isUnsorted }) => [patronId, isUnsorted])).toEqual([
      ['1', false],
      ['2', false],
      ['1', true],
      ['3', false],
      ['1', true],
    ]);
  });

  it('closes the streams when the reader stops', async () => {
    let isClosed = false;
    async function* endless() {
      try {
        for (let p = 1; ; p++) yield { p };
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of byPatron([{ name: 'a', rows: endless(), patron: 'p', columns: [] }])) break;
    expect(isClosed).toBe(true);
  });

  it('compares patrons, and reads fields of rows and of jsonb', () => {
    expect(['b', '10', 'a', '9', '007'].sort(comparePatrons)).toEqual(['9', '10', '007', 'a', 'b']);
    expect(fieldOf({ jsonb: { a: 1 } }, 'a')).toBe(1);
    expect(fieldOf({ a: 2, jsonb: { a: 1 } }, 'a')).toBe(2);
    expect(fieldOf({}, 'constructor')).toBeUndefined();
    const trap = {
      getOwnPropertyDescriptor: () => {
        throw new Error('trap');
      },
    };
    expect(fieldOf(new Proxy({}, trap), 'a')).toBeUndefined();
  });
});

it('groups rows by their keys, in order, and leaves out rows without a key', () => {
  const rows = [{ n: 1, key: 'b' }, { n: 2, key: '__proto__' }, { n: 3 }, { n: 4, key: 'b' }];
  expect([...grouped(rows, ({ key }) => key)]).toEqual([
    [
      'b',
      [
        { n: 1, key: 'b' },
        { n: 4, key: 'b' },
      ],
    ],
    ['__proto__', [{ n: 2, key: '__proto__' }]],
  ]);
});
