import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  externalTransactionPositions,
  hasOwnId,
  type IdUse,
  idsOnTopOf,
  idsWith,
  idUse,
  useExternalTransaction,
  useId,
  useNewId,
  whileIndexed,
} from '../../src/account/ids.js';
import { strangeIds } from '../support/hostile.js';
import { seeded } from '../support/seeded.js';

const use = (id: string, position = 0): IdUse => ({ id, kind: 'fee', position, digest: null });

describe('a list of ids', () => {
  it.each(strangeIds)('returns undefined for %j until it is added, then the added value', (id) => {
    const ids: IdUse[] = [];
    expect(idUse(ids, id)).toBeUndefined();
    const fee = use(id);
    useId(ids, fee);
    expect(idUse(ids, id)).toBe(fee);
    expect(ids).toEqual([fee]);
    expect([id, `${id}?`].map((asked) => hasOwnId(ids, asked))).toEqual([true, false]);
  });

  it('reads a few entries, and not the whole list, to refuse an id that was used last', () => {
    const ids: IdUse[] = [];
    for (let n = 0; n < 2_000; n++) useId(ids, use(`f${n}`, n));
    useId(ids, use('command'));
    let reads = 0;
    const watched = new Proxy(ids, {
      get: (list, key) => {
        if (typeof key === 'string' && /^[0-9]+$/.test(key)) reads += 1;
        return Reflect.get(list, key);
      },
    });
    expect(useNewId(watched, use('command', 1))).toBe(false);
    expect(idUse(ids, 'command')).toEqual(use('command'));
    expect(reads).toBeLessThan(5);
  });

  it('finds the last use of an id, as does a list that went through JSON or was frozen before the first lookup', () => {
    const id = fc.constantFrom(...strangeIds);
    fc.assert(
      fc.property(fc.array(id), id, (names, asked) => {
        const ids: IdUse[] = [];
        names.forEach((name, position) => {
          useId(ids, use(name, position));
        });
        const found = names.includes(asked) ? use(asked, names.lastIndexOf(asked)) : undefined;
        const copies = [JSON.parse(JSON.stringify(ids)), structuredClone(ids), Object.freeze(ids.slice())];
        for (const list of [ids, ...copies]) {
          expect(idUse(list, asked)).toEqual(found);
          expect(hasOwnId(list, asked)).toBe(found !== undefined);
          expect(list).toStrictEqual(ids);
        }
      }),
      seeded('lists of ids'),
    );
  });

  it('falls back to the list below', () => {
    const below = [use('a'), use('b')];
    const ids = idsOnTopOf(below);
    useId(ids, use('b', 7));
    expect(['a', 'b', 'c'].map((id) => idUse(ids, id)?.position)).toEqual([0, 7, undefined]);
    expect(['a', 'b', 'c'].map((id) => hasOwnId(ids, id))).toEqual([false, true, false]);
    expect(idUse(below, 'b')?.position).toBe(0);
  });
});

describe('a list with appended ids', () => {
  it('is frozen and finds all ids, and the list before it still finds its own, even in two branches', () => {
    const before = idsWith([use('a')], []);
    const one = idsWith(before, [use('b', 1)]);
    const other = idsWith(before, [use('a', 2), use('c', 3)]);
    const found = (ids: readonly IdUse[]) => ['a', 'b', 'c'].map((id) => idUse(ids, id)?.position);
    expect([before, one, other].map(found)).toEqual([
      [0, undefined, undefined],
      [0, 1, undefined],
      [2, undefined, 3],
    ]);
    for (const ids of [before, one, other]) expect([ids, ...ids].every(Object.isFrozen)).toBe(true);
  });
});

describe('the index of a list', () => {
  it('moves to the list with appended ids: no earlier id is read again', () => {
    let reads = 0;
    const entries = Array.from(
      { length: 100 },
      (_, position): IdUse => ({
        ...use('', position),
        get id() {
          reads += 1;
          return `f${position}`;
        },
      }),
    );
    const before = idsWith(entries, []);
    reads = 0;
    const after = idsWith(before, [use('new', 7)]);
    expect(['f99', 'new'].map((id) => idUse(after, id)?.position)).toEqual([99, 7]);
    expect(reads).toBe(0);
  });

  it('is found by another copy of this package', () => {
    const entries = Array.from({ length: 100 }, (_, position) => use(`f${position}`, position));
    expect(Object.getOwnPropertySymbols(idsWith(entries, []))).toEqual([Symbol.for('patron-fees/index')]);
  });

  it('is not kept on a short list, where it would take more memory than it saves time', () => {
    const before = idsWith([use('a')], []);
    const after = idsWith(before, [use('b')]);
    expect([before, after].flatMap((ids) => Object.getOwnPropertySymbols(ids))).toEqual([]);
  });
});

describe('a list that was frozen before the first lookup', () => {
  it('still finds its own ids, and no others, after a longer list was made from it', () => {
    const frozen: readonly IdUse[] = Object.freeze([use('a')]);
    const more = idsWith(frozen, [use('b', 1)]);
    expect(['a', 'b'].map((id) => idUse(frozen, id)?.position)).toEqual([0, undefined]);
    expect(['a', 'b'].map((id) => idUse(more, id)?.position)).toEqual([0, 1]);
  });
});

describe('external transactions', () => {
  const parts = ['a', 'b', 'ab', 'a/b', '__proto__', 'constructor', '17'];
  const pairs = parts.flatMap((method) => parts.map((id) => [method, id] as const));

  it('are identified by method and id, and are not ids of the account', () => {
    const ids: IdUse[] = [];
    pairs.forEach(([method, id], position) => {
      expect(externalTransactionPositions(ids, method, id)).toEqual([]);
      useExternalTransaction(ids, method, id, position);
    });
    for (const list of [ids, JSON.parse(JSON.stringify(ids)), Object.freeze(ids.slice())]) {
      const found = pairs.map(([method, id]) => externalTransactionPositions(list, method, id));
      expect(found).toEqual(pairs.map((_, position) => [position]));
      expect(parts.map((id) => idUse(list, id))).toEqual(parts.map(() => undefined));
    }
  });

  it('have many parts, found oldest first, each in its own list', () => {
    const below: IdUse[] = [];
    useExternalTransaction(below, 'CARD', 'x1', 1);
    useExternalTransaction(below, 'CASH', 'x1', 2);
    useExternalTransaction(below, 'CARD', 'x1', 3);
    const ids = idsOnTopOf(below);
    useExternalTransaction(ids, 'CARD', 'x2', 0);
    const found = (list: IdUse[]) =>
      ['x1', 'x2', 'x3'].map((id) => externalTransactionPositions(list, 'CARD', id));
    expect(found(ids)).toEqual([[], [0], []]);
    expect(found(below)).toEqual([[1, 3], [], []]);
    const long = [...below, ...Array.from({ length: 100 }, (_, place) => use(`f${place}`, place))];
    expect(found(long)).toEqual([[1, 3], [], []]);
  });
});

describe('a new id', () => {
  it('is added once: the second time changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...strangeIds)), (names) => {
        const ids: IdUse[] = [];
        const added = names.map((name, position) => useNewId(ids, use(name, position)));
        expect(added).toEqual(names.map((name, position) => names.indexOf(name) === position));
        expect(ids.map(({ id }) => id)).toEqual([...new Set(names)]);
        for (const name of names) expect(idUse(ids, name)?.position).toBe(names.indexOf(name));
      }),
      seeded('new ids'),
    );
  });

  it('is new in the list below too', () => {
    const below = [use('a')];
    const ids = idsOnTopOf(below);
    expect([useNewId(ids, use('a', 5)), useNewId(ids, use('b', 6)), useNewId(ids, use('b', 7))]).toEqual([
      false,
      true,
      false,
    ]);
    expect([idUse(ids, 'a')?.position, idUse(ids, 'b')?.position]).toEqual([0, 6]);
  });
});

describe('whileIndexed', () => {
  const uses = (count: number): IdUse[] =>
    Array.from({ length: count }, (_, position) => ({
      id: `f-${position}`,
      kind: 'fee' as const,
      position,
      digest: null,
    }));

  it.each([0, 1, 32, 33, 100])('finds the same of %i ids while a list is filled and afterwards', (count) => {
    const ids: IdUse[] = [];
    whileIndexed(ids, () => {
      for (const use of uses(count)) {
        expect(useNewId(ids, use)).toBe(true);
        expect(useNewId(ids, { ...use })).toBe(false);
        expect(idUse(ids, use.id)).toBe(use);
      }
    });
    expect(ids).toEqual(uses(count));
    for (const use of ids) expect(idUse(ids, use.id)).toBe(use);
    expect(useNewId(ids, { id: 'new', kind: 'fee', position: count, digest: null })).toBe(true);
  });

  it('fills a list while another one is filled, and after one that failed', () => {
    const [outer, inner, failed]: [IdUse[], IdUse[], IdUse[]] = [[], [], []];
    const [first, second] = uses(2) as [IdUse, IdUse];
    whileIndexed(outer, () => {
      useNewId(outer, first);
      whileIndexed(inner, () => useNewId(inner, first));
      expect(() =>
        whileIndexed(failed, () => {
          throw new Error('stop');
        }),
      ).toThrow('stop');
      useNewId(outer, second);
      expect(idUse(outer, first.id)).toBe(first);
    });
    expect([outer, inner]).toEqual([[first, second], [first]]);
  });
});
