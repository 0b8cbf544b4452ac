import { describe, expect, it } from 'vitest';
import { timeOf } from '../../src/input/clock.js';

describe('timeOf', () => {
  it('returns an instant unchanged, and a Date in UTC', () => {
    expect(timeOf(() => '2026-03-02T10:00:00.123456+01:00')).toBe('2026-03-02T10:00:00.123456+01:00');
    expect(timeOf(() => new Date('2026-03-02T10:00:00+01:00'))).toBe('2026-03-02T09:00:00.000Z');
  });

  it.each([
    ['no zone', '2026-03-02T09:00:00'],
    ['a day that does not exist', '2026-02-30T09:00:00Z'],
    ['an invalid date', new Date('never')],
    ['a year that ISO 8601 writes with a sign', new Date(8.64e15)],
    ['milliseconds', 1_772_442_000_000],
    ['nothing', undefined],
    ['a promise', Promise.resolve('2026-03-02T09:00:00Z')],
  ])('refuses %s', (_, time) => {
    expect(() => timeOf(() => time as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('options.now(): '),
      }),
    );
  });
});
