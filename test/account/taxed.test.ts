import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  type CreditUse,
  entry,
  lastUse,
  move,
  movePooled,
  moveWith,
  newUse,
  subtract,
} from '../../src/account/taxed.js';
import { tried } from '../support/seeded.js';

describe('an amount and its tax', () => {
  it('is divided without losing a unit, however it is moved, and the last part takes all remaining tax', () => {
    const whole = fc.record({ amount: fc.integer({ min: 1, max: 10_000 }), tax: fc.nat(10_000) });
    fc.assert(
      fc.property(
        whole.filter(({ amount, tax }) => tax <= amount),
        fc.array(fc.nat(5_000)),
        (given, amounts) => {
          const from = { ...given };
          const [to, also] = [
            { amount: 0, tax: 0 },
            { amount: 0, tax: 0 },
          ];
          for (const wanted of [...amounts, given.amount]) {
            const amount = Math.min(wanted, from.amount);
            const tax = move(from, amount, to, also);
            expect(tax).toBeGreaterThanOrEqual(0);
            expect(tax).toBeLessThanOrEqual(amount);
            expect([from.amount + to.amount, from.tax + to.tax]).toEqual([given.amount, given.tax]);
          }
          expect(from).toEqual({ amount: 0, tax: 0 });
          expect(also).toEqual(to);
        },
      ),
      tried(500),
    );
  });

  it('is increased and reduced by a given tax', () => {
    const part = { amount: 100, tax: 16 };
    expect(add(part, 19, 3)).toBe(3);
    expect(part).toEqual({ amount: 119, tax: 19 });
    expect(subtract(part, 119, 19)).toBe(19);
    expect(part).toEqual({ amount: 0, tax: 0 });
  });

  it('is moved with the requested tax, if it and the rest can include it', () => {
    const moved = (wanted: number) => moveWith({ amount: 10, tax: 7 }, 5, wanted);
    expect([0, 1, 2, 3, 5, 6].map(moved)).toEqual([2, 2, 2, 3, 5, 5]);
    expect(moveWith({ amount: 5, tax: 2 }, 5, 0)).toBe(2);
  });

  it('is moved into a pool and out of it so that an amount of zero has no tax, where possible', () => {
    const from = { amount: 10, tax: 2 };
    const pool = { amount: -5, tax: -2 };
    expect(movePooled(from, 5, pool, 1)).toBe(2);
    expect([from, pool]).toEqual([
      { amount: 5, tax: 0 },
      { amount: 0, tax: 0 },
    ]);
    const to = { amount: 0, tax: 0 };
    const other = { amount: 4, tax: 0 };
    expect(movePooled({ amount: 6, tax: 1 }, 3, other, -1, to)).toBe(0);
    expect([to, other]).toEqual([
      { amount: 3, tax: 0 },
      { amount: 1, tax: 0 },
    ]);
    expect(movePooled({ amount: 3, tax: 1 }, 3, other, -1, to)).toBe(1);
    expect(other).toEqual({ amount: -2, tax: -1 });
  });

  it('never moves a tax below zero', () => {
    expect(move({ amount: 10, tax: -1 }, 10)).toBe(0);
  });
});

it('a part with an id is zero at first, and the same one afterwards', () => {
  const taken = new Map();
  add(entry(taken, 'p1'), 10, 2);
  expect(entry(taken, 'p1')).toEqual({ amount: 10, tax: 2 });
  expect(entry(taken, 'p2')).toEqual({ amount: 0, tax: 0 });
});

it('the last use with the id and the amount is undone, once; an unknown use has no tax', () => {
  const uses: CreditUse[] = [];
  for (const [at, [id, amount]] of (
    [
      ['f1', 5],
      ['f1', 5],
      ['f2', 5],
      ['f1', 4],
    ] as const
  ).entries())
    add(newUse(uses, id, amount), amount, at);
  expect(lastUse(uses, 'f1', 5)).toEqual({ amount: 5, tax: 1 });
  expect(lastUse(uses, 'f1', 5)).toEqual({ amount: 5, tax: 0 });
  expect(uses.map(({ id, amount }) => [id, amount])).toEqual([
    ['f2', 5],
    ['f1', 4],
  ]);
  expect(lastUse([], 'f1', 5)).toEqual({ amount: 5, tax: 0 });
});
