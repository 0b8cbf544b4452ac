import { expect, it } from 'vitest';
import { localTime } from '../../src/overdue/localTime.js';
import { zoneOf } from '../../src/overdue/zone.js';

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
