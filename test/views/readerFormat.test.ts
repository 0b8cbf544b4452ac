import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { timeZoneField } from '../../src/input/timeZone.js';
import { localeField, readerFormat } from '../../src/views/readerFormat.js';

/** Replaces every kind of space by a plain one, because they differ between versions of the locale data. */
const spaced = (text: string) => text.replace(/\s/g, ' ');

describe('readerFormat', () => {
  it('formats amounts and instants for the locale and the time zone', () => {
    const { amount, moment } = readerFormat('USD', { locale: 'en-US', timeZone: 'America/New_York' });
    expect(amount('-90071992547409.93')).toBe('-$90,071,992,547,409.93');
    expect(spaced(moment('2026-03-02T04:30:00Z'))).toBe('Mar 1, 2026, 11:30 PM');
    expect(moment('long\nago\u202E')).toBe('long ago');
  });

  it('accepts only locales and time zones that the runtime knows, not offsets', () => {
    const known = (schema: v.GenericSchema, input: unknown) => v.safeParse(schema, input).success;
    for (const zone of ['UTC', 'Europe/Vienna', 'Asia/Kathmandu'])
      expect(known(timeZoneField, zone), zone).toBe(true);
    for (const zone of ['+01:00', '-05:00', 'Mars/Olympus', '', null, undefined, 0, ['UTC']]) {
      expect(known(timeZoneField, zone), String(zone)).toBe(false);
    }
    for (const locale of ['en', 'de-AT', 'ar-EG']) expect(known(localeField, locale), locale).toBe(true);
    for (const locale of ['xx-XX', 'not a locale', '', null, []])
      expect(known(localeField, locale)).toBe(false);
  });
});
