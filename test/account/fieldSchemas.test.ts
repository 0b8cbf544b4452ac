import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  actorField,
  circumstancesFields,
  commandIdField,
  itemField,
  nameField,
} from '../../src/account/fieldSchemas.js';
import { faultsOf } from '../../src/input/faults.js';
import { instantField, isInstant } from '../../src/input/instant.js';
import { badIds, strangeIds } from '../support/hostile.js';
import { tried } from '../support/seeded.js';

describe('names', () => {
  it.each(strangeIds)('may be %j', (id) => {
    expect(v.parse(nameField, id)).toBe(id);
    expect(v.parse(commandIdField, id)).toBe(id);
  });

  it.each(badIds)('may not be $name', ({ id }) => {
    const expected = 'a string of 1 to 200 characters without U+0000 and lone surrogates';
    expect(v.safeParse(nameField, id).issues?.map(({ message }) => message)).toEqual([expected]);
    expect(v.is(commandIdField, id)).toBe(false);
  });

  it('leave room for the suffix that a command appends to its id', () => {
    const [fits, tooLong] = ['x'.repeat(190), 'x'.repeat(191)];
    expect([v.is(commandIdField, fits), v.is(commandIdField, tooLong)]).toEqual([true, false]);
    expect([v.is(nameField, 'x'.repeat(200)), v.is(nameField, 'x'.repeat(201))]).toEqual([true, false]);
  });
});

describe('isInstant', () => {
  it.each([
    '2026-03-02T09:00:00Z',
    '2026-03-02T09:00Z',
    '2026-03-02T09:00:00.123456789+05:45',
    '2024-02-29T23:59:59-11:30',
    '2000-02-29T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '2026-12-31T23:59:59Z',
  ])('accepts %s', (text) => {
    expect(isInstant(text)).toBe(true);
  });

  it.each([
    ['a day that the calendar does not have', '2026-02-29T09:00:00Z'],
    ['a leap day of a century', '1900-02-29T09:00:00Z'],
    ['the 31st of a month with 30 days', '2026-04-31T09:00:00Z'],
    ['the 32nd', '2026-03-32T09:00:00Z'],
    ['the day zero', '2026-03-00T09:00:00Z'],
    ['the month zero', '2026-00-01T09:00:00Z'],
    ['the 13th month', '2026-13-01T09:00:00Z'],
    ['24 hours', '2026-03-02T24:00:00Z'],
    ['60 minutes', '2026-03-02T09:60:00Z'],
    ['a leap second', '2026-12-31T23:59:60Z'],
    ['no zone', '2026-03-02T09:00:00'],
    ['no time', '2026-03-02'],
    ['a zone without a colon', '2026-03-02T09:00:00+0100'],
    ['a zone of 24 hours', '2026-03-02T09:00:00+24:00'],
    ['a blank for the T', '2026-03-02 09:00:00Z'],
    ['a small z', '2026-03-02T09:00:00z'],
    ['ten decimals', '2026-03-02T09:00:00.1234567890Z'],
    ['a year of five digits', '12026-03-02T09:00:00Z'],
    ['digits of another script', '２０26-03-02T09:00:00Z'],
    ['a line break behind', '2026-03-02T09:00:00Z\n'],
    ['nothing', ''],
    ['milliseconds', '1772442000000'],
  ])('refuses %s', (_name, text) => {
    expect(isInstant(text)).toBe(false);
  });

  it('accepts what Date writes for any time in four-digit years', () => {
    const times = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(times, (time) => {
        expect(isInstant(time.toISOString())).toBe(true);
      }),
      tried(1_000),
    );
  });

  it('accepts exactly the days that Date knows', () => {
    const two = (number: number) => String(number).padStart(2, '0');
    for (const year of [1900, 2000, 2023, 2024]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const date = new Date(Date.UTC(year, month - 1, day));
          const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
          expect(isInstant(`${year}-${two(month)}-${two(day)}T00:00:00Z`)).toBe(exists);
        }
      }
    }
  });
});

describe('instantField', () => {
  it('describes the format of an instant', () => {
    for (const input of ['2026-03-02', 17, null, new Date(0)]) {
      const messages = v.safeParse(instantField, input).issues?.map(({ message }) => message);
      expect(messages).toEqual(['an ISO 8601 date and time with a zone']);
    }
  });
});

describe('actorField', () => {
  it('needs a known channel, and refuses unknown fields', () => {
    const anna = { channel: 'desk', userId: 'anna', desk: 'front', library: 'MAIN', institution: 'north' };
    expect(v.is(actorField, anna)).toBe(true);
    expect(v.is(actorField, { channel: 'job' })).toBe(true);
    for (const wrong of [
      {},
      { channel: 'phone' },
      { ...anna, role: 'boss' },
      { ...anna, userId: '' },
      [],
      null,
    ]) {
      expect(v.is(actorField, wrong)).toBe(false);
    }
    const { issues = [] } = v.safeParse(actorField, { channel: 'phone' });
    expect(faultsOf(issues, actorField)).toMatchObject([
      { path: 'channel', expected: 'one of desk, selfCheck, online, job, import' },
    ]);
  });
});

describe('itemField', () => {
  it('needs no field, and refuses unknown fields', () => {
    expect(v.is(itemField, {})).toBe(true);
    expect(v.is(itemField, { title: '', dueAt: '2026-03-02T09:00:00Z' })).toBe(true);
    for (const wrong of [
      [],
      new Date(0),
      null,
      { isbn: '1' },
      { title: 5 },
      { dueAt: 'tomorrow' },
      { id: undefined },
    ]) {
      expect(v.is(itemField, wrong)).toBe(false);
    }
  });
});

describe('circumstancesFields', () => {
  it('need only a time', () => {
    const circumstances = v.strictObject(circumstancesFields);
    expect(v.is(circumstances, { at: '2026-03-02T09:00:00Z' })).toBe(true);
    expect(v.is(circumstances, { at: '2026-03-02T09:00:00Z', reason: '', comment: '', staffNote: '' })).toBe(
      true,
    );
    expect(v.is(circumstances, {})).toBe(false);
  });
});
