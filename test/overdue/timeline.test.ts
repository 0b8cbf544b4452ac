import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineCalendar, definedSchedule } from '../../src/overdue/defineCalendar.js';
import { dateOf, dayOf } from '../../src/overdue/localDate.js';
import { closedWeek, neverClosed, type Schedule, withHours } from '../../src/overdue/schedule.js';
import { spansOn, timelineOf } from '../../src/overdue/timeline.js';
import { calendarsAround } from './calendars.js';

/** Around each of these dates, a clock in one of the zones changes in an unusual way. */
const oddDates = [
  '2011-12-30',
  '2026-03-08',
  '2026-04-05',
  '2026-11-01',
  '2006-10-29',
  '2018-11-04',
  '2024-02-28',
];

const cases = fc.constantFrom(...oddDates).chain((date) =>
  fc.record({
    date: fc.constant(date),
    input: calendarsAround(date),
    before: fc.integer({ min: 0, max: 15 * 1440 }),
    minutes: fc.integer({ min: 0, max: 25 * 1440 }),
  }),
);

/** The same count, computed by looking at every day. */
function counted(schedule: Schedule, from: number, to: number): number {
  let ms = 0;
  for (let day = schedule.zone.dayAt(from) - 2; day <= schedule.zone.dayAt(to) + 1; day++) {
    for (const span of spansOn(schedule, day))
      ms += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  }
  return ms;
}

describe('a timeline', () => {
  it('counts the same as looking at every day', () => {
    fc.assert(
      fc.property(cases, ({ date, input, before, minutes }) => {
        const schedule = definedSchedule(defineCalendar(input));
        const timeline = timelineOf(schedule);
        const from = Date.parse(`${date}T12:00Z`) - before * 60_000;
        const to = from + minutes * 60_000;
        expect(timeline.openMs(from, to)).toBe(counted(schedule, from, to));
        const [first, last] = [dayOf(date) - 12, dayOf(date) + 13];
        const days = Array.from({ length: last - first }, (_, index) => first + index);
        const open = days.filter((day) => spansOn(schedule, day).length > 0);
        expect(timeline.openDays(first, last)).toBe(open.length);
        for (const [index, day] of open.entries())
          expect(timeline.nthOpenDay(first - 1, index + 1)).toBe(day);
      }),
    );
  });

  it('finds the first instant up to which it was open for a given time', () => {
    fc.assert(
      fc.property(cases, ({ date, input, before, minutes }) => {
        const timeline = timelineOf(definedSchedule(defineCalendar(input)));
        const from = Date.parse(`${date}T12:00Z`) - before * 60_000;
        const ms = (minutes + 1) * 30_000;
        const instant = timeline.instantAfter(from, ms);
        if (instant === undefined) expect(timeline.openMs(from, Date.UTC(9999, 0))).toBeLessThan(ms);
        else
          expect([timeline.openMs(from, instant), timeline.openMs(from, instant - 1)]).toEqual([ms, ms - 1]);
      }),
    );
  });

  it('has no overlapping openings at times that the clocks skip', () => {
    // Found by the property below: the clocks of St John's go from 2:00 to 3:00 on 8 March 2026.
    const schedule = definedSchedule(
      defineCalendar({
        timeZone: 'America/St_Johns',
        openingHours: { sunday: ['01:30-02:15', '02:15-02:45', '03:00-08:00'] },
      }),
    );
    const spans = spansOn(schedule, dayOf('2026-03-08')).map(({ from, to }) =>
      [from, to].map((instant) => new Date(instant).toISOString()),
    );
    expect(spans).toEqual([
      ['2026-03-08T05:00:00.000Z', '2026-03-08T05:30:00.000Z'],
      ['2026-03-08T05:30:00.000Z', '2026-03-08T10:30:00.000Z'],
    ]);
  });

  it('has openings in order that never overlap', () => {
    fc.assert(
      fc.property(cases, ({ date, input }) => {
        const schedule = definedSchedule(defineCalendar(input));
        let end = 0;
        for (let day = dayOf(date) - 20; day < dayOf(date) + 20; day++) {
          for (const { from, to } of spansOn(schedule, day)) {
            expect(from, dateOf(day)).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            end = to;
          }
        }
      }),
    );
  });

  it('counts decades and centuries the same as day by day', () => {
    const schedule = definedSchedule(
      defineCalendar({
        timeZone: 'America/New_York',
        openingHours: { monday: ['22:00-04:00'], wednesday: ['09:00-17:00'], sunday: ['00:00-24:00'] },
        closures: [{ everyYear: '12-25' }, { everyYear: '02-29' }, { from: '2027-01-01', to: '2027-12-31' }],
        specialHours: [{ from: '2030-06-01', to: '2030-08-31', hours: ['10:00-12:00'] }],
      }),
    );
    const timeline = timelineOf(schedule);
    const from = Date.parse('2021-05-05T15:30Z');
    for (const until of ['2031-05-05T15:30Z', '2130-01-01T00:00Z']) {
      const to = Date.parse(until);
      expect(timeline.openMs(from, to)).toBe(counted(schedule, from, to));
    }
    // The calendar repeats every 400 years, so that the far future follows from the near one.
    const years400 = 146_097 * 86_400_000;
    const [a, b] = [Date.parse('2150-01-01T00:00Z'), Date.parse('2200-01-01T00:00Z')];
    for (const cycles of [1, 5, 18]) {
      expect(timeline.openMs(a + cycles * years400, b + cycles * years400)).toBe(timeline.openMs(a, b));
    }
  });

  it('counts all time if it never closes, and none if it never opens', () => {
    const schedule = definedSchedule(defineCalendar({ timeZone: 'America/New_York', openingHours: {} }));
    const [from, to] = [Date.parse('2020-01-01T00:00Z'), Date.parse('2030-06-01T12:34Z')];
    const always = timelineOf(neverClosed(schedule));
    expect(always.openMs(from, to)).toBe(to - from);
    expect(always.instantAfter(from, to - from)).toBe(to);
    const never = timelineOf(schedule);
    expect(never.openMs(from, to)).toBe(0);
    expect(never.openDays(0, 1_000_000)).toBe(0);
    expect(never.nthOpenDay(0, 1)).toBeUndefined();
    expect(never.instantAfter(from, 1)).toBeUndefined();
    expect(timelineOf(withHours(schedule, () => [])).openDays(0, 1000)).toBe(0);
    expect(closedWeek).toHaveLength(7);
  });

  it('does not open on the day that Samoa skipped', () => {
    const schedule = definedSchedule(defineCalendar({ timeZone: 'Pacific/Apia' }));
    expect(timelineOf(schedule).openDays(dayOf('2011-12-29'), dayOf('2012-01-01'))).toBe(2);
  });
});

it('finds no open day after the last special hours of a library without opening hours', () => {
  const calendar = defineCalendar({
    timeZone: 'UTC',
    openingHours: {},
    specialHours: [{ from: '2026-01-20', to: '2026-01-21', hours: ['09:00-14:00'] }],
  });
  const timeline = timelineOf(definedSchedule(calendar));
  const before = dayOf('2026-01-18');
  expect(dateOf(timeline.nthOpenDay(before, 2) as number)).toBe('2026-01-21');
  expect(timeline.nthOpenDay(before, 3)).toBeUndefined();
});
