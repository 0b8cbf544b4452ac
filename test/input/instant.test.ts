import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { dateField, instantField, instantOf, isDate, isInstant } from '../../src/input/instant.js';

describe('isInstant', () => {
  it.each(['2026-03-02T09:00Z', '2026-03-02T09:00:30.5+01:00', '2024-02-29T00:00:00Z'])(
    'accepts %s',
    (text) => {
      expect(isInstant(text)).toBe(true);
      expect(v.safeParse(instantField, text).success).toBe(true);
    },
  );

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-03-02T09:00',
    '2026-03-02',
    '2026-03-02T24:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T09:60:00Z',
    '2026-03-02T09:00:60Z',
    '2026-00-02T09:00:00Z',
    '2026-13-02T09:00:00Z',
    '2026-03-00T09:00:00Z',
    '2O26-03-02T09:00:00Z',
    '2026-03-02 09:00:00Z',
    '2026-03-02T09.00:00Z',
    '2026-03-02T09:00:00z',
    '2026-03-02T09:00:0:Z',
  ])('refuses %s', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(v.safeParse(instantField, text).success).toBe(false);
  });
});

describe('isDate', () => {
  it.each(['2026-03-02', '2024-02-29', '0001-12-31'])('accepts %s', (text) => {
    expect(isDate(text)).toBe(true);
    expect(v.safeParse(dateField, text).success).toBe(true);
  });

  it.each(['2026-02-29', '2026-3-2', '2026-04-31', '2026-03-02T00:00Z', ''])('refuses %s', (text) => {
    expect(isDate(text)).toBe(false);
    expect(v.safeParse(dateField, text).success).toBe(false);
  });
});

describe('instantOf', () => {
  it('returns the same moment for every zone', () => {
    expect(instantOf('2026-03-02T10:00:00+01:00')).toBe(Date.UTC(2026, 2, 2, 9));
    expect(instantOf('2026-03-02T09:00:00.000Z')).toBe(Date.UTC(2026, 2, 2, 9));
  });

  it('returns NaN without a zone', () => {
    for (const text of [
      '2026-03-02T09:00:00',
      '2026-03-02',
      'March 2, 2026',
      '',
      '2026-02-30T09:00:00Z',
      '0',
    ]) {
      expect(instantOf(text)).toBeNaN();
    }
  });
});
