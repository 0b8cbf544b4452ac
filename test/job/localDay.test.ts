import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { timeZoneField } from '../../src/input/timeZone.js';
import { daysBetween, endOfDay, hadEvents, localDay, recordedBefore } from '../../src/job/localDay.js';

describe('the local day of an event', () => {
  it('is the day of the library, not of the time zone in which the time was written', () => {
    const vienna = localDay('Europe/Vienna');
    expect(vienna('2026-03-02T23:30:00Z')).toBe('2026-03-03');
    expect(vienna('2026-03-02T23:30:00+01:00')).toBe('2026-03-02');
    expect(localDay('America/New_York')('2026-03-03T04:59:59.999Z')).toBe('2026-03-02');
    expect(localDay('Pacific/Kiritimati')('2025-12-31T10:00:00Z')).toBe('2026-01-01');
  });

  it('starts and ends at midnight, also on days when the clocks change', () => {
    const vienna = localDay('Europe/Vienna');
    const days = ['2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'].map(vienna);
    expect(days).toEqual(['2026-03-29', '2026-03-29', '2026-03-30']);
    const autumn = ['2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'].map(vienna);
    expect(autumn).toEqual(['2026-10-25', '2026-10-25', '2026-10-26']);
  });

  it('has four digits for every year', () => {
    expect(localDay('UTC')('0987-01-31T12:00:00Z')).toBe('0987-01-31');
    expect(localDay('UTC')('9999-12-31T12:00:00Z')).toBe('9999-12-31');
  });

  it('equals the date of the instant in UTC', () => {
    const instants = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    const day = localDay('UTC');
    fc.assert(
      fc.property(instants, (date) => {
        const at = date.toISOString();
        expect(day(at)).toBe(at.slice(0, 10));
      }),
    );
  });
});

it('ends right before the next day, the last possible day with the last instant', () => {
  expect(endOfDay(localDay('America/New_York'), '2026-03-08')).toBe('2026-03-09T04:00:00.000Z');
  expect(endOfDay(localDay('America/New_York'), '9999-12-31')).toBe('9999-12-31T23:59:59.999Z');
});

describe('events before an instant', () => {
  const event = (type: string, recordedAt: string) =>
    ({ version: 1, recordedAt, event: { type, data: { at: recordedAt } } }) as never;
  const [early, late] = ['2026-03-02T09:00:00Z', '2026-05-02T09:00:00Z'];
  const april = '2026-04-01T00:00:00Z';

  it('are the first ones, and what a purge left, whenever it ran', () => {
    expect(recordedBefore([event('A', early), event('A', late), event('A', early)], april)).toBe(1);
    expect(recordedBefore([event('AccountPurged', late), event('A', late)], april)).toBe(1);
  });

  it('show whether an account was there', () => {
    const isOver = (instant: string) => instant > april;
    expect(hadEvents([event('A', late), event('A', early)], 'at', isOver)).toBe(true);
    expect(hadEvents([event('AccountPurged', late)], 'recordedAt', isOver)).toBe(true);
    expect(hadEvents([event('A', late)], 'recordedAt', isOver)).toBe(false);
  });
});

describe('days between days', () => {
  it('follow the calendar, over a change of clocks, a leap day and a year', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2025-12-31', '2026-01-01')).toBe(1);
    expect(daysBetween('2026-01-02', '2026-01-01')).toBe(-1);
    expect(daysBetween('2026-01-01', '2026-01-01')).toBe(0);
  });
});

describe('a time zone', () => {
  it('must be known to the runtime', () => {
    expect(v.is(timeZoneField, 'Europe/Vienna')).toBe(true);
    for (const bad of ['', 'Mars/Olympus', 'vienna', undefined, null, 1, {}]) {
      expect(v.is(timeZoneField, bad)).toBe(false);
    }
  });
});
