import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { retired, retiredBefore, upcasterOf } from '../../src/history/upcast.js';
import type { FeeDisputed } from '../../src/index.js';
import { goldenEvents } from '../support/goldenEvents.js';

const at = '2026-03-02T09:00:00Z';

/** A shape with one field, and one more that distinguishes it from its successor. */
const shape = (type: string, field: string) => ({
  type,
  recognises: ({ data }: { data?: unknown }) => typeof data === 'object' && data !== null && field in data,
  schema: v.object({ type: v.literal(type), data: v.object({ [field]: v.string() }) }),
});

const disputed = (feeId: string): FeeDisputed => ({
  type: 'FeeDisputed',
  data: { disputeId: 'd1', feeId, at },
});

const third = retired(shape('FeeDisputed', 'third'), ({ data }) => disputed(data.third as string));
const second = retiredBefore(
  shape('FeeDisputed', 'second'),
  ({ data }) => ({ type: 'FeeDisputed', data: { third: `${data.second}2` } }),
  third,
);
const first = retiredBefore(
  shape('FeeContested', 'first'),
  ({ data }) => ({ type: 'FeeDisputed', data: { second: `${data.first}1` } }),
  second,
);

const upcast = upcasterOf([first, second, third]);

describe('a chain of retired shapes', () => {
  it('converts every shape through all following ones to the current one', () => {
    expect(upcast({ type: 'FeeContested', data: { first: 'f' } })).toEqual(disputed('f12'));
    expect(upcast({ type: 'FeeDisputed', data: { second: 'f' } })).toEqual(disputed('f2'));
    expect(upcast({ type: 'FeeDisputed', data: { third: 'f' } })).toEqual(disputed('f'));
  });

  it('returns its own result unchanged', () => {
    const current = upcast({ type: 'FeeContested', data: { first: 'f' } });
    expect(upcast(current)).toBe(current);
  });

  it('returns everything else unchanged: current events, unknown ones, garbage', () => {
    for (const event of goldenEvents) expect(upcast(event)).toBe(event);
    const garbage = { type: 'FeeContested', data: null };
    expect(upcast(garbage)).toBe(garbage);
    expect(upcast({})).toEqual({});
  });

  it('refuses an event that it recognises but that is invalid, with its faults', () => {
    expect(() => upcast({ type: 'FeeContested', data: { first: 1 } })).toThrow(
      expect.objectContaining({
        code: 'INVALID_EVENT',
        details: {
          faults: [{ path: 'data.first', expected: 'a string', found: '1', code: 'text', parameters: {} }],
        },
      }),
    );
  });
});
