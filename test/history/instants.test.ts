import { describe, expect, it } from 'vitest';
import { compareInstants } from '../../src/history/instants.js';

describe('compareInstants', () => {
  it.each([
    ['2026-03-02T09:00:00Z', '2026-03-02T09:00:01Z'],
    ['2026-03-02T10:00:00+02:00', '2026-03-02T09:00:00Z'],
    ['2026-03-02T09:00Z', '2026-03-02T09:00:00.001Z'],
    ['2026-03-02T09:00:00.123Z', '2026-03-02T09:00:00.123001Z'],
    ['2026-03-02T09:00:00.1234Z', '2026-03-02T09:00:00.12345Z'],
    ['2026-03-02T09:00:00.123456788Z', '2026-03-02T11:00:00.123456789+02:00'],
  ])('%s is before %s', (earlier, later) => {
    expect(compareInstants(earlier, later)).toBeLessThan(0);
    expect(compareInstants(later, earlier)).toBeGreaterThan(0);
  });

  it.each([
    ['2026-03-02T10:00:00+01:00', '2026-03-02T09:00:00Z'],
    ['2026-03-02T09:00Z', '2026-03-02T09:00:00.000000Z'],
    ['2026-03-02T09:00:00.5Z', '2026-03-02T09:00:00.500000000Z'],
    ['2026-03-02T09:00:00.1234Z', '2026-03-02T09:00:00.123400Z'],
  ])('%s is %s', (one, other) => {
    expect(compareInstants(one, other)).toBe(0);
  });
});
