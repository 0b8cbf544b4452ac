import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  behindPlan,
  planBehind,
  planDueUntil,
  planOwed,
  planStatus,
  planTotal,
} from '../../src/account/paymentPlan.js';
import { findPaymentPlan, fold, type InstalmentTerms, instalmentsOf, parseAmount } from '../../src/index.js';
import { accountOf, assessed, errorOf, event } from '../support/events.js';
import { tried } from '../support/seeded.js';

const account = accountOf(
  assessed('f1', '6.00'),
  assessed('f2', '9.00'),
  event('PaymentPlanAgreed', {
    planId: 'n1',
    feeIds: ['f1', 'f2'],
    instalments: [
      { dueOn: '2026-04-01', amount: '10.00' },
      { dueOn: '2026-05-01', amount: '5.00' },
    ],
  }),
);
const plan = account.paymentPlans[0] as (typeof account.paymentPlans)[number];

describe('a payment plan', () => {
  it('is found by its id only', () => {
    expect(findPaymentPlan(account, 'n1')).toBe(plan);
    expect(findPaymentPlan(account, 'f1')).toBeUndefined();
  });

  it('is due at the end of the day of each instalment', () => {
    expect(['2026-03-31', '2026-04-01', '2026-05-01'].map((on) => planDueUntil(plan, on))).toEqual([
      0, 1000, 1500,
    ]);
    expect([planTotal(plan), planOwed(account, plan)]).toEqual([1500, 1500]);
  });

  it('is behind by the amount that is due and not paid, or by zero', () => {
    expect(planBehind(plan, 1500, '2026-04-01')).toBe(1000);
    expect(planBehind(plan, 500, '2026-04-01')).toBe(0);
    expect(planBehind(plan, 499, '2026-04-01')).toBe(0);
    expect(planBehind(plan, 501, '2026-04-01')).toBe(1);
    // Of 15.00, 20.00 is owed: an earlier payment bounced.
    expect(planBehind(plan, 2000, '2026-03-31')).toBe(500);
  });

  it.each([
    ['nothing is disputed', [], [0, 1000, 1500]],
    ['one fee is, before anything is due', [['f1', '2026-03-31T23:59:59Z']], [0, 900, 900]],
    ['it is on the day of an instalment', [['f1', '2026-04-01T00:00:00Z']], [0, 900, 900]],
    ['it is the day after, in UTC', [['f1', '2026-04-01T23:30:00-02:00']], [0, 1000, 1500]],
    ['the larger fee is, after one instalment', [['f2', '2026-04-02T09:00:00Z']], [0, 1000, 1500]],
    [
      'both are, before',
      [
        ['f1', '2026-03-02T09:00:00Z'],
        ['f2', '2026-03-03T09:00:00Z'],
      ],
      [0, 0, 0],
    ],
    [
      'both are, the second one first',
      [
        ['f2', '2026-03-02T09:00:00Z'],
        ['f1', '2026-04-02T09:00:00Z'],
      ],
      [0, 600, 600],
    ],
    // What was due before is due once, and not once for each fee.
    [
      'both are, after one instalment',
      [
        ['f1', '2026-04-02T09:00:00Z'],
        ['f2', '2026-04-02T09:00:00Z'],
      ],
      [0, 1000, 1000],
    ],
    [
      'one is before and one after it',
      [
        ['f2', '2026-04-02T09:00:00Z'],
        ['f1', '2026-03-03T09:00:00Z'],
      ],
      [0, 900, 900],
    ],
  ])('is behind by what can be paid if %s', (_when, disputes, expected) => {
    const disputed = disputes.map(([feeId = '', at = ''], index) =>
      event('FeeDisputed', { disputeId: `d${index}`, feeId, at }),
    );
    const now = fold(disputed, account);
    expect(['2026-03-31', '2026-04-01', '2026-05-01'].map((on) => behindPlan(now, plan, on))).toEqual(
      expected,
    );
  });

  it('is behind, once a dispute ends, by all that fell due during the dispute', () => {
    const at = '2026-03-02T09:00:00Z';
    const during = fold([event('FeeDisputed', { disputeId: 'd', feeId: 'f1', at })], account);
    const ended = event('DisputeResolved', {
      disputeId: 'd',
      feeId: 'f1',
      outcome: 'feeStands',
      at: '2026-06-01T09:00:00Z',
    });
    expect([during, fold([ended], during)].map((now) => behindPlan(now, plan, '2026-06-01'))).toEqual([
      900, 1500,
    ]);
    const again = event('FeeDisputed', { disputeId: 'e', feeId: 'f1', at: '2026-06-02T09:00:00Z' });
    expect(behindPlan(fold([ended, again], during), plan, '2026-06-02')).toBe(1500);
  });

  it('has a status', () => {
    expect([planStatus(plan, 1), planStatus(plan, 0)]).toEqual(['running', 'fulfilled']);
    expect(planStatus({ endCause: 'defaulted' }, 0)).toBe('defaulted');
  });
});

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
