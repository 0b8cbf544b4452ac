import * as v from 'valibot';
import { expect, it } from 'vitest';
import { timeZoneField } from '../../src/input/timeZone.js';

it('accepts IANA names that the runtime knows and refuses offsets', () => {
  const known = (input: unknown) => v.safeParse(timeZoneField, input).success;
  for (const zone of ['UTC', 'Europe/Vienna', 'Australia/Lord_Howe']) expect(known(zone), zone).toBe(true);
  for (const zone of ['+01:00', '-05:00', 'Mars/Olympus', '', null, 7])
    expect(known(zone), String(zone)).toBe(false);
});
