import { describe, expect, it } from 'vitest';
import { isPlausibleTime, sip2TimeWriter, TIME_LENGTH } from '../../../src/interop/sip2/sip2Time.js';

describe('sip2TimeWriter', () => {
  it('writes UTC with its mark, or local time with blanks', () => {
    const at = '2026-07-02T22:05:09.123+02:00';
    expect(sip2TimeWriter(undefined)(at)).toBe('20260702   Z200509');
    expect(sip2TimeWriter('Europe/Helsinki')(at)).toBe('20260702    230509');
    expect(sip2TimeWriter('America/New_York')('2026-03-02T04:59:59Z')).toBe('20260301    235959');
    expect(sip2TimeWriter('Europe/London')('2026-01-01T00:00:00Z')).toHaveLength(TIME_LENGTH);
  });
});

describe('isPlausibleTime', () => {
  const now = '2026-03-02T09:00:00Z';

  it.each(['20260302    090000', '20260302   Z090000', '20260303    110000', '20260301    070000'])(
    'accepts %s, which is now in some time zone',
    (time) => {
      expect(isPlausibleTime(time, now)).toBe(true);
    },
  );

  it.each([
    '',
    ' '.repeat(18),
    '00000000    000000',
    '19700101    000000',
    '20260302    250000',
    '20260302    000000',
    '20260305    090000',
    '20260302090000',
  ])('refuses "%s"', (time) => {
    expect(isPlausibleTime(time, now)).toBe(false);
  });
});
