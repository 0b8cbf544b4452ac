import * as v from 'valibot';
import { expect, it } from 'vitest';
import { timeZoneField } from '../../src/input/timeZone.js';

it('a time zone is an IANA name that the runtime knows, not an offset', () => {
  const known = (input: unknown) => v.safeParse(timeZoneField, input).success;
  for (const zone of ['UTC', 'Europe/Vienna', 'Australia/Lord_Howe']) expect(known(zone), zone).toBe(true);
  for (const zone of ['+01:00', '-05:00', 'Mars/Olympus', '', null, 7])
    expect(known(zone), String(zone)).toBe(false);
});
