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

  it('counts from the given year, even before the year 100', () => {
    expect(days({ firstDueOn: '0099-11-30' })).toEqual(['0099-11-30', '0099-12-30', '0100-01-30']);
    expect(days({ interval: { days: 1 }, firstDueOn: '0026-12-31' })).toEqual([
      '0026-12-31',
      '0027-01-01',
      '0027-01-02',
    ]);
  });

  const anAmount =
    'a positive decimal string with at most 2 decimals and 12 digits in minor units, such as "5.00"';
  const aCurrency = 'an ISO 4217 code';
  const anInterval = '{ days } from 1 to 366, or { months } from 1 to 12';

  it.each([
    [{ amount: '0' }, 'terms.amount', anAmount],
    [{ amount: '1.001' }, 'terms.amount', anAmount],
    [{ amount: 5 }, 'terms.amount', 'a decimal string'],
    [{ currency: 'dollars' }, 'terms.currency', aCurrency],
    [{ currency: 840 }, 'terms.currency', aCurrency],
    [{ number: 0 }, 'terms.number', 'a whole number, 1 or more'],
    [{ number: 601 }, 'terms.number', 'a whole number from 1 to 600'],
    [{ number: 1.5 }, 'terms.number', 'a whole number, 1 or more'],
    [{ amount: '0.02' }, 'terms.number', 'at most 2, one for each unit of the amount'],
    [{ firstDueOn: '2026-02-29' }, 'terms.firstDueOn', 'a date, YYYY-MM-DD'],
    [{ firstDueOn: '9999-11-30' }, 'terms: the last instalment', 'a date, YYYY-MM-DD'],
    [{ interval: { days: 0 } }, 'terms.interval.days', 'a whole number, 1 or more'],
    [{ interval: { days: 367 } }, 'terms.interval.days', 'a whole number from 1 to 366'],
    [{ interval: { months: 13 } }, 'terms.interval.months', 'a whole number from 1 to 12'],
    [{ interval: { days: 1, months: 1 } }, 'terms.interval', anInterval],
    [{ interval: 'month' }, 'terms.interval', anInterval],
    [{ every: 2 }, 'terms.every', 'no such field'],
  ])('throws for %j', (more, path, expected) => {
    const { code, details } = errorOf(() => instalmentsOf({ ...terms, ...more } as InstalmentTerms));
    expect(code).toBe('INVALID_ARGUMENT');
    expect((details.faults as { path: string }[])[0]).toMatchObject({ path, expected });
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
