import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareInstants, laterInstant, toMicroseconds } from '../../src/history/instants.js';

describe('a recording time', () => {
  it.each([
    ['2026-03-02T09:00:00Z', '2026-03-02T09:00:00Z'],
    ['2026-03-02T09:00:00.123456Z', '2026-03-02T09:00:00.123456Z'],
    ['2026-03-02T09:00:00.123456789Z', '2026-03-02T09:00:00.123456Z'],
    ['2026-03-02T09:00:00.999999999+01:00', '2026-03-02T09:00:00.999999+01:00'],
  ])('%s is kept as %s', (time, kept) => {
    expect(toMicroseconds(time)).toBe(kept);
    expect(laterInstant(undefined, time)).toBe(kept);
  });

  it('is never later than the original time, and keeps the order of two', () => {
    const time = fc
      .tuple(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.constantFrom(0, 3, 6, 7, 9),
      )
      .map(([second, fraction, digits]) => {
        const shown = digits === 0 ? '' : `.${String(fraction).padStart(9, '0').slice(0, digits)}`;
        return `2026-03-02T09:00:${String(second).padStart(2, '0')}${shown}Z`;
      });
    fc.assert(
      fc.property(time, time, (a, b) => {
        expect(compareInstants(toMicroseconds(a), a)).toBeLessThanOrEqual(0);
        if (compareInstants(a, b) <= 0)
          expect(compareInstants(toMicroseconds(a), toMicroseconds(b))).toBeLessThanOrEqual(0);
      }),
    );
  });
});
