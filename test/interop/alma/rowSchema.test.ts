import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { rowSchema } from '../../../src/interop/alma/rowSchema.js';
import { feeRow } from './almaRows.js';

const time = (creation_time: unknown) => {
  const result = v.safeParse(rowSchema, feeRow({ creation_time }));
  return result.success ? result.output.creation_time.at : undefined;
};

describe('rowSchema', () => {
  it.each([
    ['2026-03-02T09:00:00.000Z', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02T09:00:00+01:00', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T09:00Z', '2026-03-02T09:00:00.000Z'],
    [1_413_879_432_450, '2014-10-21T08:17:12.450Z'],
    [0, '1970-01-01T00:00:00.000Z'],
  ])('reads the time %j', (input, at) => {
    expect(time(input)).toBe(at);
  });

  it.each([
    ['2026-02-30T09:00:00Z'],
    ['2026-03-02'],
    ['2026-03-02T09:00:00'],
    ['9999-12-31T23:59:59-01:00'],
    ['0000-01-01T00:00:00+01:00'],
    [''],
    ['1413879432450'],
    [-1],
    [1.5],
    [8.64e15],
    [Number.NaN],
    [null],
  ])('refuses the time %j', (input) => {
    expect(time(input)).toBeUndefined();
  });

  it.each([['\uD800'], ['\u0000'], ['x'.repeat(201)], ['']])('refuses the id %j', (id) => {
    expect(v.safeParse(rowSchema, feeRow({ id })).success).toBe(false);
  });
});
