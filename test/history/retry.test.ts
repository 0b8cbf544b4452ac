import { describe, expect, it, vi } from 'vitest';
import { pauseAfter } from '../../src/history/retry.js';

/** Returns the lengths of the first pauses, in milliseconds. */
async function pauses(count: number, maxPauseMs: number, seed: string, random?: () => number) {
  const waited: number[] = [];
  const timer = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((done: () => void, ms: number) => {
    waited.push(ms);
    done();
  }) as never);
  for (let attempt = 1; attempt <= count; attempt++) {
    const how = { attempts: count, maxPauseMs, ...(random && { random }) };
    await pauseAfter(attempt, how as never, () => seed);
  }
  timer.mockRestore();
  return waited;
}

describe('a pause between attempts', () => {
  it('doubles with each attempt, up to the longest', async () => {
    expect(await pauses(7, 100, 'x', () => 1)).toEqual([8, 16, 32, 64, 100, 100, 100]);
    expect(await pauses(2, 100, 'x', () => 0.25)).toEqual([2, 4]);
  });

  it('has the same length for the same events, and another for others', async () => {
    const [a, again, b] = [
      await pauses(20, 200, 'a'),
      await pauses(20, 200, 'a'),
      await pauses(20, 200, 'b'),
    ];
    expect(a).toEqual(again);
    expect(a.filter((pause, index) => pause === b[index])).toEqual([]);
  });

  it('spreads writers evenly over the time', async () => {
    const parts: number[] = [];
    for (let writer = 0; writer < 1_000; writer++) {
      parts.push(
        ...(await pauses(1, 8, JSON.stringify([{ type: 'FeeAssessed', data: { feeId: `f${writer}` } }]))),
      );
    }
    for (const [least, most] of [
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 8],
    ] as const) {
      const share = parts.filter((part) => part >= least && part < most).length;
      expect(share).toBeGreaterThan(200);
      expect(share).toBeLessThan(300);
    }
  });

  it('is skipped if the longest is 0', async () => {
    expect(await pauses(3, 0, 'x')).toEqual([]);
  });
});
