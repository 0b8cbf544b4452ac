import fc from 'fast-check';
import { balancesInMinorUnits, decide, definePolicy, emptyAccount } from 'patron-fees';
import { loadAccount, memoryEventStore } from 'patron-fees/history';
import { type AccruingLoan, runAccrual } from 'patron-fees/jobs';
import {
  defineCalendar,
  defineFineRule,
  defineReminderRule,
  type FolioFinePolicy,
  type LibraryCalendar,
  likeAlma,
  likeEvergreen,
  likeFolio,
  likeKoha,
  type OverdueLoan,
  overdueFine,
  reminderFees,
} from 'patron-fees/overdue';
import { describe, expect, it } from 'vitest';

// Cases of other systems, numbered as in our notes: FOLIO (F), Koha (K), Evergreen (E), RERO ILS (R), Aleph (A),
// a mailing list (L). Each is computed with the preset of its system. Cases about lines of an account that grow (K8 to K12,
// K15, K17) are tests of AccrueFine, in test/account/decisions/accrueFine.test.ts.

const utc = defineCalendar({ timeZone: 'UTC' });
const currency = 'USD';

/** A number of minutes after noon of a Monday. */
const minutesLate = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 12) + minutes * 60_000).toISOString();

function fineOf(loan: Partial<OverdueLoan> & Pick<OverdueLoan, 'rule'>) {
  return overdueFine({ dueAt: minutesLate(0), until: minutesLate(0), calendar: utc, ...loan });
}

function amountOf(loan: Partial<OverdueLoan> & Pick<OverdueLoan, 'rule'>) {
  return fineOf(loan).amount;
}

/** A calendar with these openings every day. */
function daily(timeZone: string, ...openings: string[]): LibraryCalendar {
  return defineCalendar({
    timeZone,
    openingHours: {},
    specialHours: [{ from: '2000-01-01', to: '2100-01-01', hours: openings }],
  });
}

const DAY = 86_400_000;
const dateOn = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);

/** Loans due on a day and late by some, with the closed days about them, and the calendar that has these. */
const lateDays = fc
  .record({
    due: fc.integer({ min: 20_500, max: 20_900 }),
    late: fc.integer({ min: 0, max: 40 }),
    offsets: fc.uniqueArray(fc.integer({ min: -3, max: 45 })),
  })
  .map(({ due, late, offsets }) => {
    const closed = offsets.map((offset) => due + offset);
    const closures = closed.map((day) => ({ from: dateOn(day) }));
    return { due, late, closed, calendar: defineCalendar({ timeZone: 'UTC', closures }) };
  });

describe('FOLIO', () => {
  const minutesOf = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 44_640, year: 525_600 } as const;
  const intervals = Object.entries(minutesOf) as [keyof typeof minutesOf, number][];
  const policy = (intervalId: keyof typeof minutesOf, more: Partial<FolioFinePolicy> = {}) =>
    likeFolio({
      currency,
      overdueFine: { quantity: '1.00', intervalId },
      maxOverdueFine: '10.00',
      overdueRecallFine: { quantity: '3.00', intervalId },
      maxOverdueRecallFine: '30.00',
      countClosed: true,
      ...more,
    });

  it.each(intervals)('F1, F2: 1.00 a %s, at most 10.00', (interval, minutes) => {
    expect(amountOf({ rule: policy(interval), until: minutesLate(5 * minutes) })).toBe('5.00');
    expect(fineOf({ rule: policy(interval), until: minutesLate(15 * minutes) })).toMatchObject({
      amount: '10.00',
      limitedBy: 'maximum',
    });
  });

  it.each(intervals)('F3, F4: recalled, 3.00 a %s, at most 30.00', (interval, minutes) => {
    const recalled = { rule: policy(interval), recalledAt: minutesLate(-60) };
    expect(amountOf({ ...recalled, until: minutesLate(5 * minutes) })).toBe('15.00');
    expect(amountOf({ ...recalled, until: minutesLate(15 * minutes) })).toBe('30.00');
  });

  it('charges nothing without a rate or without a maximum, and has no limit if the maximum is 0', () => {
    const until = minutesLate(20 * 1440);
    expect(amountOf({ rule: likeFolio({ currency, maxOverdueFine: '10' }), until })).toBe('0.00');
    const rate = { quantity: '1.00', intervalId: 'day' } as const;
    expect(amountOf({ rule: likeFolio({ currency, overdueFine: rate }), until })).toBe('0.00');
    expect(amountOf({ rule: likeFolio({ currency, overdueFine: rate, maxOverdueFine: '0' }), until })).toBe(
      '20.00',
    );
  });

  it('F5: 1,500 minutes are two days of 3.00', () => {
    const rule = policy('day', { overdueFine: { quantity: '3.00', intervalId: 'day' }, maxOverdueFine: '0' });
    const fine = fineOf({ rule, dueAt: '2026-09-01T17:00Z', until: '2026-09-02T18:00Z' });
    expect(fine).toMatchObject({ amount: '6.00', periods: 2, counted: { number: 1500, unit: 'minute' } });
  });

  it('F6: grace of a day, closed time not counted, 2,280 open minutes', () => {
    const rule = policy('day', {
      overdueFine: { quantity: '3.00', intervalId: 'day' },
      maxOverdueFine: '0',
      gracePeriod: { duration: 1, intervalId: 'Days' },
      countClosed: false,
    });
    const calendar = daily('UTC', '08:00-24:00');
    const loan = { rule, calendar, dueAt: '2026-05-08T23:59:59Z', until: '2026-05-11T14:00Z' };
    // The source cuts the due time to the minute, which the documentation leaves out: one minute more than its 2,280.
    expect(fineOf(loan)).toMatchObject({ amount: '6.00', counted: { number: 2281, unit: 'minute' } });
    expect(fineOf({ ...loan, dueAt: '2026-05-09T00:00Z' })).toMatchObject({
      amount: '6.00',
      counted: { number: 2280 },
    });
  });

  describe('counts minutes of opening hours', () => {
    const rule = policy('minute', { countClosed: false, maxOverdueFine: '0' });
    const loan = { rule, dueAt: '2020-04-08T14:00Z', until: '2020-04-10T15:00Z' };
    const split = ['07:00-12:00', '13:30-18:30'];
    const days = (timeZone: string, hours: readonly (readonly string[])[]) =>
      defineCalendar({
        timeZone,
        openingHours: {},
        specialHours: hours.map((each, index) => ({
          from: `2020-04-0${8 + index}`.replace('010', '10'),
          hours: each,
        })),
      });
    const minutes = (calendar: LibraryCalendar) => fineOf({ ...loan, calendar }).counted.number;

    it('F7: of two openings a day', () => {
      expect(minutes(days('UTC', [split, split, split]))).toBe(1260);
    });

    it('F8: of whole days, which FOLIO ends at 23:59; two minutes more if the calendar says 24:00', () => {
      const [folio, ours] = [['00:00-23:59'], ['00:00-24:00']];
      expect(minutes(days('America/New_York', [folio, folio, folio]))).toBe(2938);
      expect(minutes(days('America/New_York', [ours, ours, ours]))).toBe(49 * 60);
    });

    it('F9: of both kinds', () => {
      expect(minutes(days('Europe/London', [split, ['00:00-23:59'], split]))).toBe(2099);
    });

    it('F10: with a closed day between; without the lost minute if the calendar says 24:00', () => {
      expect(minutes(days('America/New_York', [['00:00-23:59'], [], ['00:00-23:59']]))).toBe(1499);
      expect(minutes(days('America/New_York', [['00:00-24:00'], [], ['00:00-24:00']]))).toBe(1500);
    });

    it('F11: nothing without openings; 06:00 to 05:00 differs on purpose, since it is open until the next morning', () => {
      expect(minutes(days('UTC', [[], [], []]))).toBe(0);
      // FOLIO has no openings past midnight, and counts nothing.
      expect(minutes(days('UTC', [['06:00-05:00'], [], []]))).toBe(15 * 60);
      expect(minutes(defineCalendar({ timeZone: 'UTC', openingHours: {} }))).toBe(0);
    });
  });

  it('F12: closed time counted, 7 days and a minute', () => {
    const calendar = defineCalendar({ timeZone: 'UTC', openingHours: {} });
    const rule = policy('minute', { maxOverdueFine: '0' });
    expect(fineOf({ rule, calendar, until: minutesLate(10_081) }).counted).toEqual({
      number: 10_081,
      unit: 'minute',
    });
  });

  it.each<[string, NonNullable<FolioFinePolicy['gracePeriod']>, number, number]>([
    ['F13', { duration: 5, intervalId: 'Minutes' }, 10, 10],
    ['F14', { duration: 12, intervalId: 'Minutes' }, 10, 0],
    ['equal is free', { duration: 9, intervalId: 'Minutes' }, 9, 0],
    ['of hours', { duration: 4, intervalId: 'Hours' }, 255, 255],
    ['F15', { duration: 3, intervalId: 'Days' }, 4350, 4350],
    ['F16', { duration: 4, intervalId: 'Days' }, 4350, 0],
    ['of weeks', { duration: 2, intervalId: 'Weeks' }, 20_200, 20_200],
    ['of more weeks', { duration: 3, intervalId: 'Weeks' }, 20_200, 0],
    ['F17', { duration: 1, intervalId: 'Months' }, 44_700, 44_700],
    ['F18', { duration: 2, intervalId: 'Months' }, 44_700, 0],
  ])('%s: grace of %j, %i minutes late, %i charged', (_number, gracePeriod, late, charged) => {
    const rule = policy('minute', { gracePeriod, maxOverdueFine: '0' });
    expect(fineOf({ rule, until: minutesLate(late) }).periods).toBe(charged);
  });

  it('ignores grace while recalled if the policy says so', () => {
    const gracePeriod = { duration: 5, intervalId: 'Hours' } as const;
    const loan = { until: minutesLate(255), recalledAt: minutesLate(-60) };
    expect(
      fineOf({ rule: policy('minute', { gracePeriod, gracePeriodRecall: true }), ...loan }).periods,
    ).toBe(255);
    expect(fineOf({ rule: policy('minute', { gracePeriod }), ...loan }).periods).toBe(0);
  });

  it('F19: grace of an unknown unit differs on purpose: FOLIO ignores the grace, here it is a fault', () => {
    const gracePeriod = { duration: 9, intervalId: 'Random' as 'Minutes' };
    expect(() => policy('minute', { gracePeriod })).toThrow(/policy\.gracePeriod\.intervalId/);
  });

  it('F20: 5.00 a day, closed time not counted, few open hours', () => {
    const rule = policy('day', {
      overdueFine: { quantity: '5', intervalId: 'day' },
      maxOverdueFine: '50',
      countClosed: false,
    });
    // That test's calendar is a fake with some openings about the due date; any below 24 hours do.
    const calendar = defineCalendar({
      timeZone: 'UTC',
      openingHours: {},
      specialHours: [{ from: '2020-01-22', to: '2020-01-23', hours: ['08:00-12:00', '14:00-19:00'] }],
    });
    expect(amountOf({ rule, calendar, dueAt: '2020-01-22T12:00Z', until: '2020-01-25T12:00Z' })).toBe('5.00');
  });

  it('F21, F22: recalled, 1.00 an hour, ten open hours', () => {
    const rule = policy('day', {
      overdueRecallFine: { quantity: '1', intervalId: 'hour' },
      maxOverdueRecallFine: '50',
      countClosed: false,
    });
    const calendar = defineCalendar({
      timeZone: 'UTC',
      openingHours: {},
      specialHours: [{ from: '2020-01-20', to: '2020-01-21', hours: ['09:00-14:00'] }],
    });
    const loan = { rule, calendar, dueAt: '2020-01-18T12:00Z', until: '2020-01-28T12:00Z' };
    expect(amountOf({ ...loan, recalledAt: '2020-01-18T10:00Z' })).toBe('10.00');
  });

  it('F23: an item resolved as found by library costs nothing, whether its fine was charged before or not', async () => {
    const rule = policy('day');
    const store = memoryEventStore({ now: () => minutesLate(0) });
    const run = (day: number, ...loans: AccruingLoan[]) => {
      const form = { jobId: `night ${day}`, at: minutesLate(day * 1440), institution: 'north' };
      return runAccrual(store, definePolicy({ currency }), form, { loans });
    };
    const loan = (loanId: string): AccruingLoan => ({
      patronId: 'p1',
      loanId,
      dueAt: minutesLate(0),
      owner: 'MAIN',
      rule,
      calendar: utc,
    });
    expect((await run(1, loan('charged'))).total.charged).toEqual({ count: 1, amount: '1.00' });
    const found = ['charged', 'notCharged'].map(
      (id) => ({ ...loan(id), ends: 'other', forgiven: true }) as const,
    );
    const { total } = await run(2, ...found);
    expect(total).toMatchObject({ decreased: { count: 1, amount: '1.00' }, ended: 1, unchanged: 1 });
    const { account } = await loadAccount(store, { institution: 'north', patronId: 'p1' });
    expect(account.fees.map(({ feeId }) => feeId)).toEqual(['fine/0/charged']);
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 0, owed: 0 });
  });

  it('F23: without an owner FOLIO silently charges nothing; here the charge is refused', () => {
    const { amount } = fineOf({ rule: policy('day'), until: minutesLate(60) });
    const command = {
      type: 'AssessFee',
      id: 'fine',
      feeType: 'OVERDUEFINE',
      amount,
      at: minutesLate(60),
    } as const;
    const policyOfFees = definePolicy({ currency });
    expect(decide({ ...command, owner: 'MAIN' }, emptyAccount(), policyOfFees).accepted).toBe(true);
    expect(decide(command, emptyAccount(), policyOfFees).accepted).toBe(false);
  });

  it('F24: reminders after 1, 2 and 2 days, run daily at 00:01', () => {
    const rule = defineReminderRule({
      currency,
      steps: [
        { after: { length: 1, unit: 'day' }, amount: '1.50' },
        { after: { length: 2, unit: 'day' }, amount: '0.00' },
        { after: { length: 2, unit: 'day' }, amount: '2.15' },
      ],
      onClosedDays: 'send',
    });
    const sentAt: string[] = [];
    const sent = Array.from({ length: 10 }, (_, index) => {
      const until = new Date(Date.UTC(2026, 4, 2 + index, 0, 1)).toISOString();
      const { due } = reminderFees({ dueAt: '2026-05-01T12:00Z', until, rule, calendar: utc, sentAt });
      sentAt.push(...due.map(() => until));
      return due.map(({ amount }) => amount);
    });
    expect(sent).toEqual([[], ['1.50'], [], ['0.00'], [], ['2.15'], [], [], [], []]);
  });
});

describe('Koha', () => {
  const noon = (date: string) => `${date}T12:00Z`;
  const days = (from: string, to: string) => ({ dueAt: noon(from), until: noon(to) });

  it('K1: 1.00 a day, 29 days', () => {
    const rule = likeKoha({ currency, fine: '1.00' });
    expect(amountOf({ rule, ...days('2000-01-01', '2000-01-30') })).toBe('29.00');
  });

  it('K2 to K4: the replacement price is a limit, or the default price if an item has none', () => {
    const koha = { currency, fine: '1.00', cap_fine_to_replacement_price: true } as const;
    const late = days('2000-01-01', '2000-01-30');
    expect(amountOf({ rule: likeKoha(koha), ...late, price: '5.00' })).toBe('5.00');
    const rule = likeKoha({ ...koha, defaultReplacementCost: '6.00' });
    expect(fineOf({ rule, ...late, price: '0' })).toMatchObject({ amount: '6.00', limitedBy: 'price' });
    expect(amountOf({ rule, ...late })).toBe('6.00');
    expect(amountOf({ rule: likeKoha(koha), ...late, price: '0' })).toBe('29.00');
  });

  it('K5: recalled 5.00 a day; the recall over, 1.00 a day', () => {
    const rule = likeKoha({ currency, fine: '1.00', recall_overdue_fine: '5.00' });
    const late = days('2000-01-01', '2000-01-06');
    expect(amountOf({ rule, ...late, recalledAt: noon('1999-12-30') })).toBe('25.00');
    expect(amountOf({ rule, ...late })).toBe('5.00');
  });

  it('bug 37942: a cheaper recall lowers the fine of the whole time, and the explanation shows the fine before it', () => {
    const rule = likeKoha({ currency, fine: '1.00', recall_overdue_fine: '0.10' });
    const fine = fineOf({ rule, ...days('2025-01-01', '2026-01-01'), recalledAt: noon('2026-01-01') });
    expect(fine.amount).toBe('36.50');
    expect(fine.explanation).toContainEqual(
      expect.objectContaining({ kind: 'recalled', charges: 'allPeriods', fineBefore: '365.00' }),
    );
  });

  it('K6, K7: a period of 7 days charged at its end', () => {
    const rule = likeKoha({ currency, fine: '1.00', chargeperiod: 7, chargeperiod_charge_at: 0 });
    expect(amountOf({ rule, ...days('2026-03-02', '2026-03-06') })).toBe('0.00');
    expect(amountOf({ rule, ...days('2026-03-02', '2026-03-11') })).toBe('1.00');
    const atStart = likeKoha({ currency, fine: '1.00', chargeperiod: 7, chargeperiod_charge_at: 1 });
    expect(amountOf({ rule: atStart, ...days('2026-03-02', '2026-03-06') })).toBe('1.00');
  });

  it('K14: 12 days of 0.15 are 1.80, whole cents', () => {
    const rule = likeKoha({ currency, fine: '0.15' });
    expect(amountOf({ rule, ...days('2026-03-01', '2026-03-13') })).toBe('1.80');
  });

  it('K19: eight weeks without their weekends are 40 days; backwards differs on purpose, a return before it is due is not late', () => {
    const weekday = ['09:00-17:00'];
    const openingHours = {
      monday: weekday,
      tuesday: weekday,
      wednesday: weekday,
      thursday: weekday,
      friday: weekday,
    };
    const calendar = defineCalendar({ timeZone: 'UTC', openingHours });
    const rule = likeKoha({ currency, fine: '1.00' });
    const fine = fineOf({ rule, calendar, ...days('2012-07-23', '2012-09-17') });
    expect(fine.counted).toEqual({ number: 40, unit: 'day' });
    expect(amountOf({ rule, calendar, ...days('2012-09-17', '2012-07-23') })).toBe('0.00');
  });

  it('moves a due date on a closed day to the next open day, which gives the same as subtracting it twice', () => {
    const calendar = defineCalendar({
      timeZone: 'UTC',
      closures: [{ from: '2026-03-08' }, { from: '2026-03-14' }, { from: '2026-03-15' }],
    });
    const rule = likeKoha({ currency, fine: '1.00' });
    const until = (from: string, to: string) => amountOf({ rule, calendar, ...days(from, to) });
    // Koha: days between the dates, less every closed day from the first to the last, both included.
    expect(until('2026-03-08', '2026-03-09')).toBe('0.00');
    expect(until('2026-03-08', '2026-03-11')).toBe('2.00');
    expect(until('2026-03-14', '2026-03-17')).toBe('1.00');
    expect(until('2026-03-07', '2026-03-09')).toBe('1.00');
    expect(until('2026-03-13', '2026-03-15')).toBe('0.00');
  });

  it('counts the days that Koha counts, whatever days are closed', () => {
    const rule = likeKoha({ currency, fine: '1.00' });
    const check = fc.property(lateDays, ({ due, late, closed, calendar }) => {
      // Koha/Calendar.pm, days_between: closed days at both ends are subtracted.
      const units = late - closed.filter((day) => day >= due && day <= due + late).length;
      const { periods } = fineOf({ rule, calendar, ...days(dateOn(due), dateOn(due + late)) });
      expect(periods).toBe(Math.max(0, units));
    });
    fc.assert(check);
  });

  it('counts whole hours, the first as soon as it begins; differs on purpose within a closed day', () => {
    const rule = likeKoha({ currency, fine: '1.00', lengthunit: 'hours' });
    expect(
      [1, 59, 60, 119, 120, 185].map((minutes) => fineOf({ rule, until: minutesLate(minutes) }).periods),
    ).toEqual([1, 1, 1, 1, 2, 3]);
    const calendar = defineCalendar({ timeZone: 'UTC', closures: [{ from: '2026-03-08' }] });
    const loan = { rule, calendar, dueAt: '2026-03-07T10:00Z' };
    expect(fineOf({ ...loan, until: '2026-03-09T12:00Z' }).periods).toBe(26);
    // Koha subtracts 24 hours as soon as a closed day begins: 14 hours at midnight, 2 at noon of the closed day.
    expect(fineOf({ ...loan, until: '2026-03-08T12:00Z' }).periods).toBe(14);
  });

  it('L1: 0.50, first reminder after 7 days, then every 7: 0.50 on day 14, 1.00 on day 21', () => {
    const rule = likeKoha({
      currency,
      fine: '0.50',
      firstremind: 7,
      chargeperiod: 7,
      FinesIncludeGracePeriod: false,
    });
    const onDay = (day: number) => amountOf({ rule, until: minutesLate(day * 1440) });
    expect([7, 13, 14, 20, 21].map(onDay)).toEqual(['0.00', '0.00', '0.50', '0.50', '1.00']);
  });
});

describe('Evergreen', () => {
  const day = { length: 1, unit: 'day' } as const;
  const daily = { currency, recurring_fine: '0.10', fine_interval: day, max_fine: '5.00' } as const;
  const rule = likeEvergreen(daily);

  it('E1: a loan of 7 days, out for 20: 13 bills', () => {
    const loan = { rule, dueAt: '2026-03-02T23:59:59Z', until: '2026-03-15T12:00Z' };
    expect(fineOf(loan)).toMatchObject({ periods: 13, amount: '1.30' });
  });

  it('E2: one of these days closed: 12 bills', () => {
    const calendar = defineCalendar({ timeZone: 'UTC', closures: [{ from: '2026-03-08' }] });
    const loan = { rule, calendar, dueAt: '2026-03-02T23:59:59Z', until: '2026-03-15T12:00Z' };
    expect(fineOf(loan).periods).toBe(12);
    const charged = likeEvergreen({ ...daily, chargeWhenClosed: true });
    expect(fineOf({ ...loan, rule: charged }).periods).toBe(13);
  });

  it('writes the bills that Evergreen writes, whatever days are closed', () => {
    // Not at midnight sharp: after a closed day Evergreen's interval has begun then, a second before the open day.
    const times = fc.integer({ min: 1_000, max: DAY - 1 });
    const check = fc.property(lateDays, times, ({ due, late, closed, calendar }, time) => {
      const dueAt = (due + 1) * DAY - 1_000;
      const now = Math.floor(((due + late) * DAY + time) / 1_000) * 1_000;
      // CircCommon.pm, generate_fines: one bill for each interval that began, unless it ends on a closed day.
      const begun = Math.max(0, Math.ceil((now - dueAt) / DAY));
      const bills = Array.from({ length: begun }, (_, index) => due + 1 + index);
      const { periods } = fineOf({
        rule: likeEvergreen({ ...daily, max_fine: '50.00' }),
        calendar,
        dueAt: new Date(dueAt).toISOString(),
        until: new Date(now).toISOString(),
      });
      expect(periods).toBe(bills.filter((day) => !closed.includes(day)).length);
    });
    fc.assert(check);
  });

  it("E3: a return in the year 3001 differs on purpose: Evergreen ignores it, this library does not know today's date", () => {
    const loan = { rule, dueAt: '2026-03-02T23:59:59Z', until: '3001-01-23T12:00Z' };
    expect(fineOf(loan)).toMatchObject({ amount: '5.00', limitedBy: 'maximum' });
  });

  it('E4: 2.30 is 2.30', () => {
    expect(
      amountOf({ rule: likeEvergreen({ ...daily, recurring_fine: '2.30' }), until: minutesLate(1) }),
    ).toBe('2.30');
  });

  it('E6: due at 14:00, hourly: the first fine at 14:01, not at 15:00', () => {
    const hourly = likeEvergreen({
      ...daily,
      recurring_fine: '0.50',
      fine_interval: { length: 1, unit: 'hour' },
    });
    const at = (time: string) =>
      amountOf({ rule: hourly, dueAt: '2026-03-02T14:00Z', until: `2026-03-02T${time}Z` });
    expect(['14:00', '14:01', '15:00', '15:01'].map(at)).toEqual(['0.00', '0.50', '0.50', '1.00']);
  });

  it('E7: grace of 2 days, returned on day 3: the whole fine, days of grace included', () => {
    const grace = likeEvergreen({ ...daily, grace_period: { length: 2, unit: 'day' } });
    const at = (until: string) => amountOf({ rule: grace, dueAt: '2026-03-02T23:59:59Z', until });
    expect(at('2026-03-04T23:59:58Z')).toBe('0.00');
    // The very end of grace is charged.
    expect(at('2026-03-04T23:59:59Z')).toBe('0.20');
    expect(at('2026-03-05T10:00:00Z')).toBe('0.30');
  });

  it('lengthens grace that ends on a closed day, or by every closed day', () => {
    const calendar = defineCalendar({
      timeZone: 'UTC',
      closures: [{ from: '2026-03-04' }, { from: '2026-03-06' }],
    });
    const grace = { ...daily, grace_period: { length: 2, unit: 'day' } } as const;
    const firstCharged = (extendGrace: 'no' | 'atEnd' | 'all') => {
      const dates = Array.from({ length: 9 }, (_, index) => `2026-03-${String(3 + index).padStart(2, '0')}`);
      return dates.find(
        (date) =>
          amountOf({
            rule: likeEvergreen({ ...grace, extendGrace }),
            calendar,
            dueAt: '2026-03-02T23:59:59Z',
            until: `${date}T12:00Z`,
          }) !== '0.00',
      );
    };
    expect(firstCharged('no')).toBe('2026-03-05');
    expect(firstCharged('atEnd')).toBe('2026-03-06');
    expect(firstCharged('all')).toBe('2026-03-06');
  });

  it('has limits by amount and by price; a maximum of zero is no fine', () => {
    const late = { until: minutesLate(100 * 1440) };
    expect(amountOf({ rule: likeEvergreen({ ...daily, max_fine: '0' }), ...late })).toBe('0.00');
    const half = likeEvergreen({ ...daily, max_fine: { percent: 50 } });
    expect(amountOf({ rule: half, ...late, price: '8.50' })).toBe('4.25');
    const capped = likeEvergreen({ ...daily, capAtPrice: true });
    expect(amountOf({ rule: capped, ...late, price: '3.00' })).toBe('3.00');
    expect(amountOf({ rule: capped, ...late, price: '30.00' })).toBe('5.00');
    expect(amountOf({ rule: capped, ...late })).toBe('5.00');
  });

  it('stops at the maximum, and differs on purpose if the last bill would exceed it', () => {
    // 0.30 three times is 0.90; Evergreen writes a fourth bill unless configured to cut it.
    const odd = likeEvergreen({ ...daily, recurring_fine: '0.30', max_fine: '1.00' });
    expect(amountOf({ rule: odd, until: minutesLate(9 * 1440) })).toBe('1.00');
  });
});

describe('RERO ILS', () => {
  const weekday = ['09:00-17:00'];
  const openingHours = {
    monday: weekday,
    tuesday: weekday,
    wednesday: weekday,
    thursday: weekday,
    friday: weekday,
  };
  const calendar = defineCalendar({ timeZone: 'Europe/Zurich', openingHours });
  const amounts = (last: { from: number; to?: number; amount: string }) => {
    const rule = defineFineRule({
      currency: 'CHF',
      steps: [{ from: 1, to: 1, amount: '0.10' }, { from: 2, to: 2, amount: '0.20' }, last],
      period: { length: 1, unit: 'day' },
      closedTime: 'daysExcluded',
    });
    // Ten open days from a Friday on.
    const dates = ['09', '10', '11', '12', '13', '16', '17', '18', '19', '20'];
    return dates.map((date) =>
      amountOf({ rule, calendar, dueAt: '2026-03-06T16:00+01:00', until: `2026-03-${date}T10:00+01:00` }),
    );
  };

  it('R1: 0.10, 0.20, then 0.50 an open day', () => {
    expect(amounts({ from: 3, amount: '0.50' })).toEqual([
      '0.10',
      '0.30',
      '0.80',
      '1.30',
      '1.80',
      '2.30',
      '2.80',
      '3.30',
      '3.80',
      '4.30',
    ]);
  });

  it('R2: the last step for the third day only', () => {
    expect(amounts({ from: 3, to: 3, amount: '0.50' })).toEqual(['0.10', '0.30', ...Array(8).fill('0.80')]);
  });
});

describe('Alma and Aleph', () => {
  const perHour = (amount: string, minutes?: number) =>
    likeAlma({
      currency,
      overdueFine: { amount, per: 'hour' },
      ...(minutes === undefined ? {} : { gracePeriod: { length: minutes, unit: 'minute' } }),
    });
  const at = (time: string) => `2026-03-02T${time}Z`;

  it('A1: grace of 60 minutes, 66 minutes late: two hours', () => {
    expect(amountOf({ rule: perHour('1.00', 60), dueAt: at('08:00'), until: at('09:06') })).toBe('2.00');
    expect(amountOf({ rule: perHour('1.00', 30), dueAt: at('08:30'), until: at('09:06') })).toBe('1.00');
    expect(amountOf({ rule: perHour('5.00'), dueAt: at('10:15'), until: at('10:17') })).toBe('5.00');
    expect(amountOf({ rule: perHour('5.00'), dueAt: at('10:15'), until: at('11:17') })).toBe('10.00');
  });

  it('A2: ten minutes of grace, 5.00 the first hour, 2.00 each further one', () => {
    const rule = defineFineRule({
      currency,
      steps: [
        { from: 1, to: 1, amount: '5.00' },
        { from: 2, amount: '2.00' },
      ],
      period: { length: 1, unit: 'hour' },
      grace: { length: 10, unit: 'minute' },
    });
    const late = (minutes: number) => amountOf({ rule, until: minutesLate(minutes) });
    expect([10, 11, 60, 61, 181].map(late)).toEqual(['0.00', '5.00', '5.00', '7.00', '11.00']);
  });

  it('has no maximum, a maximum amount, or a maximum of zero, which means no fine', () => {
    const policies = { currency, overdueFine: { amount: '10', per: 'day' } } as const;
    const late = { until: minutesLate(100 * 1440) };
    expect(amountOf({ rule: likeAlma(policies), ...late })).toBe('1000.00');
    expect(amountOf({ rule: likeAlma({ ...policies, maximumFine: '500' }), ...late })).toBe('500.00');
    expect(amountOf({ rule: likeAlma({ ...policies, maximumFine: '0' }), ...late })).toBe('0.00');
  });

  it('charges nothing if no opening hours are defined', () => {
    const calendar = defineCalendar({ timeZone: 'UTC', openingHours: {} });
    for (const per of ['minute', 'hour', 'day'] as const) {
      const rule = likeAlma({ currency, overdueFine: { amount: '1', per } });
      expect(amountOf({ rule, calendar, until: minutesLate(9_999_999) })).toBe('0.00');
    }
  });

  it('leaves out days of grace if their unit is excluded from the fine', () => {
    const policies = { currency, overdueFine: { amount: '1', per: 'day' } } as const;
    const late = { until: minutesLate(3 * 1440) };
    const gracePeriod = { length: 2, unit: 'day' } as const;
    expect(amountOf({ rule: likeAlma({ ...policies, gracePeriod }), ...late })).toBe('3.00');
    const excluded = { ...gracePeriod, excludedFromFine: true };
    expect(amountOf({ rule: likeAlma({ ...policies, gracePeriod: excluded }), ...late })).toBe('1.00');
  });

  it('charges the recalled overdue fine while recalled, with its own maximum, and not once the recall is cancelled', () => {
    const rule = likeAlma({
      currency,
      overdueFine: { amount: '0.25', per: 'day' },
      maximumFine: '10',
      recalledOverdueFine: { amount: '3', per: 'day' },
      maximumRecalledFine: '45',
    });
    const late = { until: minutesLate(20 * 1440) };
    expect(amountOf({ rule, ...late, recalledAt: minutesLate(-1440) })).toBe('45.00');
    expect(amountOf({ rule, ...late })).toBe('5.00');
    const onlyMaximum = likeAlma({
      currency,
      overdueFine: { amount: '1', per: 'day' },
      maximumRecalledFine: 'none',
    });
    expect(onlyMaximum.recalled?.maximum).toBeNull();
  });
});
