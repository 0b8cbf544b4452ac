import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { decide, definePolicy, emptyAccount, parseAmount } from 'patron-fees';
import {
  defineCalendar,
  defineFineRule,
  type FineRuleInput,
  nextChange,
  type OverdueLoan,
  overdueFine,
} from 'patron-fees/overdue';
import { describe, expect, it } from 'vitest';
import { tried } from '../support/seeded.js';
import { weeks } from './calendars.js';
import { lateLoans, ruleInputs } from './lateLoans.js';

const cents = (amount: string) =>
  amount.startsWith('-') ? -parseAmount(amount.slice(1), 2) : parseAmount(amount, 2);
const later = (instant: string, ms: number) => new Date(Date.parse(instant) + ms).toISOString();

const day = { length: 1, unit: 'day' } as const;
const hour = { length: 1, unit: 'hour' } as const;
const newYork = defineCalendar({ timeZone: 'America/New_York' });
const ruleOf = (rule: Partial<FineRuleInput> = {}) =>
  defineFineRule({ currency: 'USD', period: day, ...(rule.steps ? {} : { amount: '1.00' }), ...rule });
const loanOf = (loan: Partial<OverdueLoan>): OverdueLoan => ({
  dueAt: '2026-03-02T17:00-05:00',
  until: '2026-03-02T17:00-05:00',
  rule: ruleOf(),
  calendar: newYork,
  ...loan,
});
const amountOf = (loan: Partial<OverdueLoan>) => overdueFine(loanOf(loan)).amount;

describe('any fine, under any rule and calendar and at any time', () => {
  it('is an amount of the currency, never negative, never above a limit', () => {
    fc.assert(
      fc.property(lateLoans(), (loan) => {
        const { amount, periods, currency } = overdueFine(loan);
        expect(currency).toBe('USD');
        expect(cents(amount)).toBeGreaterThanOrEqual(0);
        expect(periods).toBeGreaterThanOrEqual(0);
        const recall = loan.recalledAt === undefined ? null : loan.rule.recalled;
        // The fine reached before a recall is kept.
        const limits = [loan.rule.maximum, ...(recall ? [recall.maximum] : [])];
        if (limits.every((limit) => limit !== null))
          expect(cents(amount)).toBeLessThanOrEqual(Math.max(...limits.map(cents)));
        const { priceCap } = loan.rule;
        if (priceCap === null) return;
        const price = cents(loan.price ?? '0.00') || cents(priceCap.defaultPrice ?? '0.00');
        // Half a cent above it is rounded up.
        if (price > 0) expect(cents(amount)).toBeLessThanOrEqual((price * priceCap.percent) / 100 + 0.5);
      }),
    );
  });

  it('is the sum of its explanation lines', () => {
    fc.assert(
      fc.property(lateLoans(), (loan) => {
        const { amount, explanation } = overdueFine(loan);
        expect(explanation.reduce((sum, line) => sum + cents(line.amount), 0)).toBe(cents(amount));
      }),
    );
  });

  it('never falls over time, unless a recall changes the whole time', () => {
    fc.assert(
      fc.property(lateLoans(), fc.integer({ min: 0, max: 20 * 86_400 }), (loan, seconds) => {
        if (loan.recalledAt !== undefined && loan.rule.recalled?.charges === 'allPeriods') return;
        const [now, then] = [
          overdueFine(loan),
          overdueFine({ ...loan, until: later(loan.until, seconds * 1000) }),
        ];
        expect(cents(then.amount)).toBeGreaterThanOrEqual(cents(now.amount));
      }),
    );
  });

  it('is zero up to the due date', () => {
    fc.assert(
      fc.property(lateLoans(), fc.nat(1_000_000), (loan, seconds) => {
        const fine = overdueFine({ ...loan, until: later(loan.dueAt, -seconds * 1000) });
        expect(fine).toMatchObject({ amount: '0.00', periods: 0, limitedBy: null });
        expect(fine.explanation.map(({ kind }) => kind)).toEqual(['notLate']);
      }),
    );
  });

  it('changes next at nextChange, to the amount stated there', () => {
    fc.assert(
      fc.property(lateLoans(), (loan) => {
        const now = overdueFine(loan).amount;
        const next = nextChange(loan);
        const tick = loan.rule.precision === 'minute' ? 60_000 : 1_000;
        if (next === null) {
          for (const days of [1, 40, 400, 40_000])
            expect(overdueFine({ ...loan, until: later(loan.until, days * 86_400_000) }).amount).toBe(now);
          return;
        }
        expect(Date.parse(next.at)).toBeGreaterThan(Date.parse(loan.until));
        expect(next.amount).not.toBe(now);
        expect(overdueFine({ ...loan, until: next.at }).amount).toBe(next.amount);
        expect(overdueFine({ ...loan, until: later(next.at, -tick) }).amount).toBe(now);
        const between = (Date.parse(next.at) + Date.parse(loan.until)) / 2;
        expect(overdueFine({ ...loan, until: new Date(between).toISOString() }).amount).toBe(now);
      }),
    );
  });

  it('does not depend on how an instant is written, and leaves its input unchanged', () => {
    fc.assert(
      fc.property(lateLoans(), (loan) => {
        const written = (text: string) => later(text, -4 * 3_600_000).replace('Z', '-04:00');
        const frozen = Object.freeze({ ...loan });
        expect(overdueFine({ ...frozen, dueAt: written(loan.dueAt), until: written(loan.until) })).toEqual(
          overdueFine(frozen),
        );
        const kept = JSON.parse(JSON.stringify(loan)) as OverdueLoan;
        expect(overdueFine(kept)).toEqual(overdueFine(loan));
      }),
    );
  });

  it('is JSON', () => {
    fc.assert(
      fc.property(lateLoans(), (loan) => {
        const fine = overdueFine(loan);
        expect(JSON.parse(JSON.stringify(fine))).toEqual(fine);
      }),
    );
  });
});

it('is the same in every time zone of the machine', () => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { explanationText, nextChange, overdueFine } from './src/overdue/index.ts';
    const loans = JSON.parse(readFileSync(0, 'utf8'));
    const results = loans.map((loan) => {
      const fine = overdueFine(loan);
      return [fine, explanationText(fine), nextChange(loan)];
    });
    console.log(JSON.stringify({ offset: new Date(2026, 0).getTimezoneOffset(), results }));
  `;
  // Sunday has 23 hours, Monday night has 8.
  const known = loanOf({
    dueAt: '2026-03-07T12:00Z',
    until: '2026-03-12T12:00Z',
    rule: ruleOf({ period: hour, closedTime: 'hoursExcluded' }),
    calendar: defineCalendar({
      timeZone: 'America/New_York',
      openingHours: { sunday: ['00:00-24:00'], monday: ['20:00-04:00'] },
    }),
  });
  const input = JSON.stringify([known, ...fc.sample(lateLoans(), tried(200))]);
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const [first, ...others] = ['UTC', 'Pacific/Apia', 'America/St_Johns'].map((TZ) =>
    JSON.parse(
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
        cwd,
        env: { ...process.env, TZ },
        encoding: 'utf8',
        input,
      }),
    ),
  );
  expect([first, ...others].map(({ offset }) => offset)).toEqual([0, -780, 210]);
  expect(first.results[0][0].amount).toBe('31.00');
  for (const { results } of others) expect(results).toEqual(first.results);
});

describe('days on which clocks change', () => {
  const spring = { dueAt: '2026-03-07T17:00-05:00', until: '2026-03-08T17:00-04:00' };
  const autumn = { dueAt: '2026-10-31T17:00-04:00', until: '2026-11-01T17:00-05:00' };

  it('cost one day of a daily fine, by date and by the clock', () => {
    for (const measure of ['calendarDays', 'time'] as const) {
      const rule = ruleOf({ measure });
      expect(amountOf({ rule, ...spring }), measure).toBe('1.00');
      expect(amountOf({ rule, ...autumn }), measure).toBe('1.00');
    }
    const rule = ruleOf({ measure: 'time' });
    expect(amountOf({ rule, ...autumn, until: '2026-11-01T17:01-05:00' })).toBe('2.00');
  });

  it('cost an hourly fine for the hours that they really have', () => {
    const rule = ruleOf({ period: hour });
    expect([amountOf({ rule, ...spring }), amountOf({ rule, ...autumn })]).toEqual(['23.00', '25.00']);
  });

  it('may be half an hour longer, as on Lord Howe Island', () => {
    const calendar = defineCalendar({ timeZone: 'Australia/Lord_Howe' });
    const rule = ruleOf({ period: { length: 30, unit: 'minute' } });
    const loan = { rule, calendar, dueAt: '2026-04-04T12:00+11:00', until: '2026-04-05T12:00+10:30' };
    expect(overdueFine(loanOf(loan)).periods).toBe(49);
    expect(amountOf({ ...loan, rule: ruleOf({ measure: 'time' }) })).toBe('1.00');
  });

  it('may be skipped, as 30 December 2011 in Samoa: it costs nothing', () => {
    const calendar = defineCalendar({ timeZone: 'Pacific/Apia' });
    const loan = { calendar, dueAt: '2011-12-29T12:00-10:00', until: '2011-12-31T12:00+14:00' };
    expect(amountOf({ ...loan, rule: ruleOf() })).toBe('1.00');
    const byTheClock = { ...loan, rule: ruleOf({ measure: 'time' }) };
    expect(amountOf(byTheClock)).toBe('1.00');
    for (const [until, amount] of [
      ['2011-12-29T12:01-10:00', '1.00'],
      ['2011-12-31T11:59+14:00', '1.00'],
      ['2011-12-31T12:01+14:00', '2.00'],
    ])
      expect(amountOf({ ...byTheClock, until: until as string }), until).toBe(amount);
    expect(amountOf({ ...loan, rule: ruleOf({ period: hour }) })).toBe('24.00');
  });

  it('may depend on Ramadan, as in Morocco', () => {
    const calendar = defineCalendar({ timeZone: 'Africa/Casablanca' });
    const loan = { calendar, dueAt: '2026-02-14T12:00+01:00', until: '2026-02-15T12:00+00:00' };
    expect(amountOf({ ...loan, rule: ruleOf({ period: hour }) })).toBe('25.00');
    expect(amountOf({ ...loan, rule: ruleOf({ measure: 'time' }) })).toBe('1.00');
  });

  it('may lie before time zones, when offsets had seconds', () => {
    const loan = { dueAt: '1850-01-01T12:00Z', until: '1850-01-11T12:00Z' };
    expect(amountOf({ ...loan, rule: ruleOf() })).toBe('10.00');
    expect(overdueFine(loanOf(loan)).explanation[0]).toMatchObject({ dueAt: '1850-01-01T12:00:00Z' });
  });

  it('may have a due time that exists twice, or not at all, in local time', () => {
    const rule = ruleOf({ period: hour });
    // Half past one of 1 November, first and second: an hour apart.
    expect(amountOf({ rule, dueAt: '2026-11-01T01:30-04:00', until: '2026-11-01T01:30-05:00' })).toBe('1.00');
    // Days by the clock from 02:30, which 8 March does not have: it ends at 03:30.
    const daily = ruleOf({ measure: 'time' });
    const dueAt = '2026-03-07T02:30-05:00';
    expect(amountOf({ rule: daily, dueAt, until: '2026-03-08T03:30-04:00' })).toBe('1.00');
    expect(amountOf({ rule: daily, dueAt, until: '2026-03-08T03:31-04:00' })).toBe('2.00');
    expect(amountOf({ rule: daily, dueAt, until: '2026-03-09T02:30-04:00' })).toBe('2.00');
  });
});

describe('closed time', () => {
  const weekday = ['09:00-17:00'];
  const openingHours = {
    monday: weekday,
    tuesday: weekday,
    wednesday: weekday,
    thursday: weekday,
    friday: weekday,
  };
  const calendar = defineCalendar({
    timeZone: 'America/New_York',
    openingHours,
    closures: [{ from: '2027-01-01', to: '2027-12-31', name: 'Renovation' }],
  });
  const excluded = ruleOf({ closedTime: 'daysExcluded' });

  it('on a weekend does not count, nor does a closed last day', () => {
    const friday = { calendar, rule: excluded, dueAt: '2026-03-06T17:00-05:00' };
    expect(amountOf({ ...friday, until: '2026-03-08T12:00-04:00' })).toBe('0.00');
    expect(amountOf({ ...friday, until: '2026-03-09T12:00-04:00' })).toBe('1.00');
    expect(amountOf({ ...friday, rule: ruleOf(), until: '2026-03-09T12:00-04:00' })).toBe('3.00');
  });

  it('after the due date: the rest of an open day is free if the next day is closed, also by the clock', () => {
    const rule = ruleOf({ closedTime: 'daysExcluded', measure: 'time' });
    const friday = { calendar, rule, dueAt: '2026-03-06T17:00-05:00' };
    const at = (until: string) => amountOf({ ...friday, until });
    expect(['2026-03-06T23:59-05:00', '2026-03-07T12:00-05:00', '2026-03-09T00:00-04:00'].map(at)).toEqual(
      Array(3).fill('0.00'),
    );
    // Monday ends at 17:00, when Tuesday begins.
    expect(['2026-03-09T00:01-04:00', '2026-03-09T17:00-04:00', '2026-03-09T17:01-04:00'].map(at)).toEqual([
      '1.00',
      '1.00',
      '2.00',
    ]);
    expect(nextChange(loanOf({ ...friday, until: friday.dueAt }))).toEqual({
      at: '2026-03-09T00:01:00-04:00',
      amount: '1.00',
    });
  });

  it('on the due date: the days after it count, or those after the next open day', () => {
    const sunday = { calendar, dueAt: '2026-03-08T12:00-04:00', until: '2026-03-10T12:00-04:00' };
    expect(amountOf({ ...sunday, rule: excluded })).toBe('2.00');
    const moved = ruleOf({ closedTime: 'daysExcluded', closedDueDate: 'movesToNextOpenDay' });
    const fine = overdueFine(loanOf({ ...sunday, rule: moved }));
    expect(fine.amount).toBe('1.00');
    expect(fine.explanation[0]).toMatchObject({
      dueAt: '2026-03-09T12:00:00-04:00',
      movedFrom: '2026-03-08T12:00:00-04:00',
    });
  });

  it('of a whole year costs nothing', () => {
    const loan = { calendar, rule: excluded, dueAt: '2026-12-31T17:00-05:00' };
    expect(amountOf({ ...loan, until: '2027-12-31T23:00-05:00' })).toBe('0.00');
    expect(amountOf({ ...loan, until: '2028-01-03T10:00-05:00' })).toBe('1.00');
    const { explanation } = overdueFine(loanOf({ ...loan, until: '2028-01-03T10:00-05:00' }));
    expect(explanation).toContainEqual(
      expect.objectContaining({
        kind: 'closed',
        days: 367,
        closures: [{ from: '2027-01-01', to: '2027-12-31', days: 365, name: 'Renovation' }],
      }),
    );
    expect(nextChange(loanOf({ ...loan, until: '2027-01-01T00:00-05:00' }))).toEqual({
      at: '2028-01-03T00:00:00-05:00',
      amount: '1.00',
    });
  });

  it('at the end of grace: the fine begins when the library opens, or grace is extended until then', () => {
    const loan = { calendar, dueAt: '2026-03-05T17:00-05:00' };
    const grace = { length: 2, unit: 'day', closedTime: 'counted' } as const;
    const first = (rule: Partial<FineRuleInput>) =>
      nextChange(
        loanOf({ ...loan, until: loan.dueAt, rule: ruleOf({ closedTime: 'daysExcluded', ...rule }) }),
      );
    // Thursday and two days: Saturday, closed. On Sunday grace is over and Friday counts.
    expect(first({ grace })).toEqual({ at: '2026-03-08T00:00:00-05:00', amount: '1.00' });
    expect(first({ grace: { ...grace, endsOnOpenDay: true } })).toEqual({
      at: '2026-03-10T00:00:00-04:00',
      amount: '3.00',
    });
    expect(first({ grace: { ...grace, closedTime: 'daysExcluded' } })).toEqual({
      at: '2026-03-10T00:00:00-04:00',
      amount: '3.00',
    });
    expect(first({ grace: { ...grace, endsOnOpenDay: true, mode: 'excluded' } })).toEqual({
      at: '2026-03-10T00:00:00-04:00',
      amount: '1.00',
    });
  });

  it('that never ends costs nothing, and the search for its end stops', () => {
    const never = defineCalendar({ timeZone: 'UTC', openingHours: {} });
    const loan = { calendar: never, dueAt: '2020-01-01T00:00Z', until: '2026-01-01T00:00Z' };
    const rules: Partial<FineRuleInput>[] = [
      { closedTime: 'daysExcluded' },
      { closedTime: 'daysExcluded', measure: 'time' },
      { closedTime: 'hoursExcluded', period: hour },
      { closedTime: 'daysExcluded', period: hour, measure: 'wholeHours' },
      { closedDueDate: 'movesToNextOpenDay' },
      { grace: { length: 1, unit: 'day', closedTime: 'daysExcluded' } },
      { grace: { length: 1, unit: 'day', endsOnOpenDay: true } },
    ];
    for (const rule of rules) {
      expect(amountOf({ ...loan, rule: ruleOf(rule) }), JSON.stringify(rule)).toBe('0.00');
      expect(nextChange(loanOf({ ...loan, rule: ruleOf(rule) }))).toBeNull();
    }
  });

  it('declared afterwards lowers the fine', () => {
    const loan = { rule: excluded, dueAt: '2026-03-02T17:00-05:00', until: '2026-03-06T12:00-05:00' };
    expect(amountOf({ ...loan, calendar })).toBe('4.00');
    const storm = defineCalendar({
      ...calendar,
      closures: [{ from: '2026-03-03', to: '2026-03-04', name: 'Storm' }],
    });
    expect(amountOf({ ...loan, calendar: storm })).toBe('2.00');
  });
});

describe('longer units', () => {
  it('are weeks, months and years of the calendar', () => {
    const dueAt = '2026-01-31T12:00-05:00';
    const on = (unit: 'week' | 'month' | 'year', date: string, more: Partial<FineRuleInput> = {}) =>
      amountOf({ rule: ruleOf({ period: { length: 1, unit }, ...more }), dueAt, until: `${date}T12:00Z` });
    expect([on('week', '2026-02-07'), on('week', '2026-02-08')]).toEqual(['1.00', '2.00']);
    expect([on('month', '2026-02-28'), on('month', '2026-03-01'), on('month', '2026-03-31')]).toEqual([
      '1.00',
      '2.00',
      '2.00',
    ]);
    expect([on('year', '2027-01-31'), on('year', '2027-02-01')]).toEqual(['1.00', '2.00']);
    const ended = { charged: 'completed' } as const;
    expect([on('month', '2026-02-27', ended), on('month', '2026-02-28', ended)]).toEqual(['0.00', '1.00']);
    expect([on('year', '2027-01-30', ended), on('year', '2027-01-31', ended)]).toEqual(['0.00', '1.00']);
  });

  it('end at the due time if time is measured', () => {
    const rule = ruleOf({ period: { length: 1, unit: 'month' }, measure: 'time' });
    const at = (time: string) =>
      amountOf({ rule, dueAt: '2026-01-31T12:00-05:00', until: `2026-02-28T${time}-05:00` });
    expect([at('12:00'), at('12:01')]).toEqual(['1.00', '2.00']);
  });
});

describe('centuries', () => {
  it('are counted correctly', () => {
    const rule = ruleOf({ maximum: '999999999' });
    expect(amountOf({ rule, dueAt: '0001-01-02T12:00Z', until: '2026-03-02T12:00Z' })).toBe('739675.00');
    expect(amountOf({ rule, dueAt: '2026-03-02T12:00Z', until: '9999-12-31T23:59Z' })).toBe('2912382.00');
    for (const unit of ['minute', 'hour', 'week', 'month', 'year'] as const) {
      const fine = overdueFine(
        loanOf({
          rule: ruleOf({ period: { length: 1, unit }, maximum: '1.00' }),
          until: '9999-12-31T23:59Z',
        }),
      );
      expect(fine.amount).toBe('1.00');
    }
  });

  it('may end with the year 9999, or begin with the first year, in every zone and under any rule', () => {
    const zones = ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/New_York'];
    const [first, last] = ['0001-01-01T00:00Z', '9999-12-31T23:59Z'].map(Date.parse) as [number, number];
    const near = (edge: number) =>
      fc
        .integer({ min: 0, max: 12 * 1440 })
        .map((minutes) => new Date(edge === first ? edge + minutes * 60_000 : edge - minutes * 60_000))
        .map((instant) => instant.toISOString());
    const pairs = fc.oneof(...[first, last].map((edge) => fc.tuple(near(edge), near(edge))));
    const check = fc.property(
      ruleInputs,
      fc.constantFrom(...zones),
      fc.oneof(fc.constant('always' as const), weeks),
      pairs,
      (input, timeZone, openingHours, [dueAt, until]) => {
        const loan = {
          dueAt,
          until,
          rule: defineFineRule(input),
          calendar: defineCalendar({ timeZone, openingHours }),
        };
        const { amount } = overdueFine(loan);
        const next = nextChange(loan);
        if (next !== null) expect(cents(next.amount)).toBeGreaterThan(cents(amount));
      },
    );
    fc.assert(check);
    const rule = ruleOf({ measure: 'time' });
    const calendar = defineCalendar({ timeZone: 'Pacific/Kiritimati' });
    const loan = { rule, calendar, dueAt: '9999-12-30T12:00Z', until: '9999-12-31T09:00Z' };
    expect(amountOf(loan)).toBe('1.00');
    // There the next year has begun, and the calendar has no days of it.
    expect(nextChange(loanOf({ ...loan, until: '9999-12-31T23:59Z' }))).toBeNull();
  });

  it('may lie between now and the due date: nothing is charged, and the first change is after it', () => {
    const loan = loanOf({ dueAt: '9990-06-01T12:00Z', until: '2026-03-02T12:00Z' });
    expect(overdueFine(loan).amount).toBe('0.00');
    expect(nextChange(loan)).toEqual({ at: '9990-06-02T00:00:00-04:00', amount: '1.00' });
    expect(nextChange({ ...loan, dueAt: '9999-12-31T23:59Z' })).toBeNull();
  });

  it('are refused if the fine has more than twelve digits, unless there is a maximum', () => {
    const rule = ruleOf({ amount: '9999999999', period: { length: 1, unit: 'minute' } });
    expect(() => overdueFine(loanOf({ rule, until: '2026-03-02T17:02-05:00' }))).toThrow(/rule\.maximum/);
    const limited = ruleOf({ amount: '9999999999', period: { length: 1, unit: 'minute' }, maximum: '20' });
    expect(amountOf({ rule: limited, until: '2126-03-02T17:02-05:00' })).toBe('20.00');
  });
});

describe('limits', () => {
  const until = '2026-03-12T12:00-04:00';

  it('are the lower of the maximum and the price', () => {
    const rule = ruleOf({ maximum: '8.00', priceCap: { percent: 50 } });
    expect(overdueFine(loanOf({ rule, until, price: '12.50' }))).toMatchObject({
      amount: '6.25',
      limitedBy: 'price',
    });
    expect(overdueFine(loanOf({ rule, until, price: '100' }))).toMatchObject({
      amount: '8.00',
      limitedBy: 'maximum',
    });
    const higher = ruleOf({ maximum: '80.00', priceCap: { percent: 150 } });
    expect(overdueFine(loanOf({ rule: higher, until, price: '100' }))).toMatchObject({
      amount: '10.00',
      limitedBy: null,
    });
  });

  it('round a percentage of the price once, half up', () => {
    const rule = ruleOf({ priceCap: { percent: 33.3 } });
    expect(amountOf({ rule, until, price: '10.05' })).toBe('3.35');
    const half = ruleOf({ priceCap: { percent: 50 } });
    expect(amountOf({ rule: half, until, price: '10.05' })).toBe('5.03');
  });

  it('of zero mean no fine', () => {
    expect(overdueFine(loanOf({ rule: ruleOf({ maximum: '0' }), until }))).toMatchObject({
      amount: '0.00',
      limitedBy: 'maximum',
    });
    expect(amountOf({ rule: ruleOf({ priceCap: { percent: 0 } }), until, price: '5' })).toBe('0.00');
    expect(amountOf({ rule: ruleOf({ amount: '0' }), until })).toBe('0.00');
  });

  it('by price need a price, unless the rule has a default', () => {
    const needed = ruleOf({ priceCap: { percent: 100 } });
    for (const price of [undefined, '0', '0.00']) {
      expect(() => overdueFine(loanOf({ rule: needed, until, ...(price && { price }) }))).toThrow(
        /loan\.price/,
      );
    }
    const byDefault = ruleOf({ priceCap: { percent: 100, defaultPrice: '3.00' } });
    expect(amountOf({ rule: byDefault, until })).toBe('3.00');
    expect(amountOf({ rule: byDefault, until, price: '4.00' })).toBe('4.00');
    const without = ruleOf({ priceCap: { percent: 100, withoutPrice: 'noLimit' } });
    expect(amountOf({ rule: without, until })).toBe('10.00');
    expect(amountOf({ rule: ruleOf(), until })).toBe('10.00');
  });
});

describe('a recall', () => {
  const rule = ruleOf({ recalled: { amount: '5.00', maximum: '50.00' } });
  const until = '2026-03-12T12:00-04:00';

  it('changes the rate of the days after it', () => {
    expect(amountOf({ rule, until, recalledAt: '2026-03-09T12:00-04:00' })).toBe('22.00');
    expect(amountOf({ rule, until, recalledAt: '2026-02-09T12:00-05:00' })).toBe('50.00');
    expect(amountOf({ rule, until, recalledAt: '2026-03-12T12:01-04:00' })).toBe('10.00');
    expect(amountOf({ rule, until })).toBe('10.00');
    expect(amountOf({ until, recalledAt: '2026-03-09T12:00-04:00' })).toBe('10.00');
  });

  it('that makes it cheaper never lowers the fine already reached', () => {
    const cheaper = ruleOf({ recalled: { amount: '0.10', maximum: '5.00' } });
    const recalledAt = '2026-03-10T12:00-04:00';
    expect(amountOf({ rule: cheaper, until: '2026-03-10T11:59-04:00' })).toBe('8.00');
    const fine = overdueFine(loanOf({ rule: cheaper, until, recalledAt }));
    expect(fine).toMatchObject({ amount: '8.00', limitedBy: 'maximum' });
    expect(nextChange(loanOf({ rule: cheaper, until, recalledAt }))).toBeNull();
  });

  it('can remove grace: all late time is charged at once', () => {
    const grace = { length: 5, unit: 'day' } as const;
    const strict = ruleOf({ grace, recalled: { amount: '5.00', grace: null } });
    const loan = { rule: strict, until: '2026-03-06T12:00-05:00' };
    expect(amountOf(loan)).toBe('0.00');
    expect(amountOf({ ...loan, recalledAt: '2026-03-04T12:00-05:00' })).toBe('12.00');
    // A future recall is the next change.
    const recalledAt = '2026-03-04T12:00-05:00';
    expect(nextChange(loanOf({ ...loan, until: '2026-03-03T12:00-05:00', recalledAt }))).toEqual({
      at: '2026-03-04T12:00:00-05:00',
      amount: '2.00',
    });
  });

  it('can change the whole time, with its own period and grace', () => {
    const whole = ruleOf({
      recalled: {
        charges: 'allPeriods',
        amount: '1.00',
        period: { length: 2, unit: 'day' },
        grace: { length: 3, unit: 'day', mode: 'excluded' },
        maximum: null,
      },
    });
    expect(amountOf({ rule: whole, until, recalledAt: '2026-03-10T12:00-04:00' })).toBe('4.00');
  });
});

describe('a fine', () => {
  it('is accepted by AssessFee, in every currency', () => {
    for (const [currency, amount] of [
      ['USD', '2.50'],
      ['JPY', '250'],
      ['KWD', '2.500'],
    ] as const) {
      const rule = defineFineRule({ currency, amount, period: day });
      const fine = overdueFine(loanOf({ rule, until: '2026-03-03T12:00-05:00' }));
      expect(fine.amount).toBe(amount);
      const { at, owner, feeType } = { at: '2026-03-03T17:00Z', owner: 'MAIN', feeType: 'OVERDUEFINE' };
      const command = { type: 'AssessFee', id: 'f', feeType, amount: fine.amount, owner, at } as const;
      const decision = decide(command, emptyAccount(), definePolicy({ currency }));
      expect(decision.events[0]).toMatchObject({ data: { amount } });
    }
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no zone', { dueAt: '2026-03-02T12:00' }, /loan\.dueAt/],
    ['a date that does not exist', { until: '2026-02-30T12:00Z' }, /loan\.until/],
    ['a number', { recalledAt: 7 }, /loan\.recalledAt/],
    ['an invalid price', { price: '-1' }, /loan\.price/],
    ['a price as a number', { price: 5 }, /loan\.price/],
    ['no rule', { rule: undefined }, /rule/],
    ['no calendar', { calendar: null }, /calendar/],
    ['a calendar with faults', { calendar: { timeZone: 'Mars/Olympus' } }, /calendar\.timeZone/],
  ])('is not computed with %s', (_what, change, message) => {
    const loan = { ...loanOf({}), ...change } as OverdueLoan;
    for (const compute of [overdueFine, nextChange]) {
      expect(() => compute(loan)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
      expect(() => compute(loan)).toThrow(message);
    }
  });

  it('is computed or refused with a typed error, for any input', () => {
    const compute = (input: unknown) => {
      try {
        overdueFine(input as OverdueLoan);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
      }
    };
    fc.assert(fc.property(fc.anything(), compute));
    fc.assert(
      fc.property(
        lateLoans(),
        fc.constantFrom('dueAt', 'until', 'rule', 'calendar', 'price', 'recalledAt'),
        fc.anything(),
        (loan, field, value) => compute({ ...loan, [field]: value }),
      ),
    );
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    );
    for (const each of ['dueAt', 'rule', 'calendar', 'price']) compute({ ...loanOf({}), [each]: hostile });
    compute(hostile);
  });
});
