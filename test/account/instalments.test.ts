import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InstalmentTerms, instalmentsOf, parseAmount } from '../../src/index.js';
import { errorOf } from '../support/events.js';
import { tried } from '../support/seeded.js';

const terms: InstalmentTerms = {
  amount: '100.00',
  currency: 'USD',
  number: 3,
  firstDueOn: '2026-01-31',
  interval: { months: 1 },
};
const days = (more: Partial<InstalmentTerms>) =>
  instalmentsOf({ ...terms, ...more }).map(({ dueOn }) => dueOn);

describe('instalmentsOf', () => {
  it('gives the first instalments the units left over', () => {
    expect(instalmentsOf(terms).map(({ amount }) => amount)).toEqual(['33.34', '33.33', '33.33']);
    expect(instalmentsOf({ ...terms, amount: '0.03' }).map(({ amount }) => amount)).toEqual([
      '0.01',
      '0.01',
      '0.01',
    ]);
    expect(
      instalmentsOf({ ...terms, amount: '5', currency: 'JPY', number: 2 }).map(({ amount }) => amount),
    ).toEqual(['3', '2']);
  });

  it('counts months from the first day, so that a short month moves only its own instalment', () => {
    expect(days({})).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
    expect(days({ firstDueOn: '2028-01-30' })).toEqual(['2028-01-30', '2028-02-29', '2028-03-30']);
    expect(days({ interval: { months: 12 } })).toEqual(['2026-01-31', '2027-01-31', '2028-01-31']);
  });

  it('counts days across months and years', () => {
    expect(days({ interval: { days: 14 }, firstDueOn: '2026-12-24' })).toEqual([
      '2026-12-24',
      '2027-01-07',
      '2027-01-21',
    ]);
    expect(days({ interval: { days: 1 }, firstDueOn: '2028-02-28' })).toEqual([
      '2028-02-28',
      '2028-02-29',
      '2028-03-01',
    ]);
  });

  it('counts from the given year, also below the year 100', () => {
    expect(days({ firstDueOn: '0099-11-30' })).toEqual(['0099-11-30', '0099-12-30', '0100-01-30']);
    expect(days({ interval: { days: 1 }, firstDueOn: '0026-12-31' })).toEqual([
      '0026-12-31',
      '0027-01-01',
      '0027-01-02',
    ]);
  });

  it.each([
    [{ amount: '0' }, 'terms.amount'],
    [{ amount: '1.001' }, 'terms.amount'],
    [{ amount: 5 }, 'terms.amount'],
    [{ currency: 'dollars' }, 'terms.currency'],
    [{ number: 0 }, 'terms.number'],
    [{ number: 601 }, 'terms.number'],
    [{ number: 1.5 }, 'terms.number'],
    [{ amount: '0.02' }, 'terms.number'],
    [{ firstDueOn: '2026-02-29' }, 'terms.firstDueOn'],
    [{ firstDueOn: '9999-11-30' }, 'terms: the last instalment'],
    [{ interval: { days: 0 } }, 'terms.interval.days'],
    [{ interval: { months: 13 } }, 'terms.interval.months'],
    [{ interval: { days: 1, months: 1 } }, 'terms.interval'],
    [{ interval: 'month' }, 'terms.interval'],
    [{ every: 2 }, 'terms.every'],
  ])('throws for %j', (more, path) => {
    const { code, details } = errorOf(() => instalmentsOf({ ...terms, ...more } as InstalmentTerms));
    expect(code).toBe('INVALID_ARGUMENT');
    expect((details.faults as { path: string }[])[0]?.path).toBe(path);
  });

  it('needs a unit of the amount for each instalment, and the fault says how many there are', () => {
    expect(instalmentsOf({ ...terms, amount: '0.03' })).toHaveLength(3);
    const { details } = errorOf(() => instalmentsOf({ ...terms, amount: '0.02' }));
    expect(details.faults).toEqual([
      { path: 'terms.number', expected: 'at most 2, one for each unit of the amount', found: '3' },
    ]);
  });

  it('adds up to the amount, in ascending order, with shares that differ by one unit at most (property)', () => {
    const number = fc.integer({ min: 1, max: 60 });
    const interval = fc.oneof(
      fc.record({ days: fc.integer({ min: 1, max: 366 }) }),
      fc.record({ months: fc.integer({ min: 1, max: 12 }) }),
    );
    const first = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const minor = fc.integer({ min: 60, max: 10_000_000 });
    fc.assert(
      fc.property(number, interval, first, minor, (count, every, day, cents) => {
        const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        const firstDueOn = day.toISOString().slice(0, 10);
        const list = instalmentsOf({ ...terms, amount, number: count, interval: every, firstDueOn });
        const amounts = list.map((one) => parseAmount(one.amount, 2));
        expect(amounts.reduce((sum, one) => sum + one, 0)).toBe(cents);
        expect(Math.max(...amounts) - Math.min(...amounts)).toBeLessThanOrEqual(1);
        const dates = list.map(({ dueOn }) => dueOn);
        expect(dates).toEqual([...new Set(dates)].sort());
        expect(dates[0]).toBe(firstDueOn);
      }),
      tried(300),
    );
  });
});
