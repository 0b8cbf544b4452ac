import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/input/instant.js';
import { dateOf, dayOf } from '../../src/overdue/localDate.js';
import { localTime, zoneOf } from '../../src/overdue/zone.js';
import { tried } from '../support/seeded.js';

/** Half an hour of summer time, a skipped day, summer time that pauses for Ramadan, midnights that do not exist, seconds. */
const zones = [
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Africa/Cairo',
  'Asia/Manila',
  'Pacific/Kwajalein',
  'Africa/Monrovia',
  'Europe/Dublin',
];

const instants = fc.integer({ min: Date.UTC(1850, 0, 1) / 60_000, max: Date.UTC(2150, 0, 1) / 60_000 });

const local = (text: string) => Date.parse(`${text}Z`);

const iso = (instant: number) => new Date(instant).toISOString();

describe('the clocks of a zone', () => {
  it('agree with Temporal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (name, minute) => {
        const instant = minute * 60_000;
        const clock = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(name);
        expect(zoneOf(name).offsetAt(instant)).toBe(clock.offsetNanoseconds / 1e6);
      }),
      tried(1_000),
    );
  });

  it('give the same instant as Temporal, and the same start of its day', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (name, minute) => {
        const plain = Temporal.Instant.fromEpochMilliseconds(minute * 60_000)
          .toZonedDateTimeISO('UTC')
          .toPlainDateTime();
        const zone = zoneOf(name);
        expect(zone.instantAt(minute * 60_000)).toBe(plain.toZonedDateTime(name).epochMilliseconds);
        const day = plain.toPlainDate();
        expect(zone.startOfDay(dayOf(day.toString()))).toBe(day.toZonedDateTime(name).epochMilliseconds);
      }),
      tried(1_000),
    );
  });

  it('agree with it around every transition too', () => {
    for (const name of zones) {
      const zone = zoneOf(name);
      for (const year of [1844, 1883, 1892, 1972, 1987, 1993, 2006, 2011, 2018, 2026, 2087, 2300]) {
        for (const { at, before, after } of zone.transitionsIn(year)) {
          for (const offset of [before, after]) {
            for (const minutes of [-61, -1, 0, 1, 29, 59, 61]) {
              const time = Math.floor((at + offset) / 60_000 + minutes) * 60_000;
              const plain = Temporal.PlainDateTime.from(iso(time).slice(0, -1));
              expect(iso(zone.instantAt(time)), `${name} ${plain}`).toBe(
                iso(plain.toZonedDateTime(name).epochMilliseconds),
              );
            }
          }
        }
      }
    }
  });

  it('are known for centuries ahead, without computing the centuries in between', () => {
    const zone = zoneOf('America/New_York');
    expect(zone.offsetAt(local('9000-07-01T00:00'))).toBe(-4 * 3_600_000);
    expect(zone.offsetAt(local('9000-01-01T00:00'))).toBe(-5 * 3_600_000);
    for (const year of [2499, 2500, 2899, 2900, 9999]) {
      const [spring] = zone.transitionsIn(year);
      const clock = Temporal.ZonedDateTime.from(`${year}-01-01T00:00[America/New_York]`);
      expect(spring?.at, String(year)).toBe(clock.getTimeZoneTransition('next')?.epochMilliseconds);
    }
    expect(zone.offsetAt(local('0001-01-01T00:00'))).toBe(-(4 * 3600 + 56 * 60 + 2) * 1000);
  });

  it('skip a day in Samoa', () => {
    const zone = zoneOf('Pacific/Apia');
    const skipped = dayOf('2011-12-30');
    expect(zone.startOfDay(skipped)).toBe(zone.startOfDay(skipped + 1));
    expect(zone.startOfDay(skipped) - zone.startOfDay(skipped - 1)).toBe(DAY_MS);
    expect(dateOf(zone.dayAt(zone.startOfDay(skipped)))).toBe('2011-12-31');
  });

  it('never go back to an earlier day, even if set back across midnight', () => {
    // In Newfoundland, one minute after midnight was followed by one minute after eleven of the day before.
    const zone = zoneOf('America/St_Johns');
    const midnight = zone.startOfDay(dayOf('2006-10-29'));
    const days = [-1, 0, 1, 30, 59, 60, 61].map((minutes) => dateOf(zone.dayAt(midnight + minutes * 60_000)));
    expect(days).toEqual(['2006-10-28', ...Array(6).fill('2006-10-29')]);
  });
});

it.each([
  ['America/New_York', '2026-03-08T06:59:59Z', '2026-03-08T01:59:59-05:00'],
  ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08T03:00:00-04:00'],
  ['Australia/Lord_Howe', '2026-06-01T00:00:00Z', '2026-06-01T10:30:00+10:30'],
  ['UTC', '0099-06-01T00:00:00Z', '0099-06-01T00:00:00+00:00'],
  // Offsets before 1883 have seconds.
  ['America/New_York', '1850-01-01T12:00:00Z', '1850-01-01T12:00:00Z'],
])('in %s, %s is %s', (timeZone, instant, local) => {
  expect(localTime(zoneOf(timeZone), Date.parse(instant))).toBe(local);
});
