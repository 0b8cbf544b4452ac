import { describe, expect, it } from 'vitest';
import { versionConflict } from '../../src/history/eventStore.js';
import { RETRY, type Retry, untilNoConflict } from '../../src/history/retry.js';
import { PatronFeesError } from '../../src/index.js';
import { withoutPauses } from '../support/withoutPauses.js';

const conflict = versionConflict({ institution: 'north', patronId: 'p1' }, 0, 1);
const busy = () => Promise.reject(conflict);

/** Writes that conflict a number of times, then succeed. */
function contested(times: number) {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) throw conflict;
    return 'written';
  };
}

/** Returns the lengths of the first pauses, in milliseconds. */
async function pauses(count: number, maxPauseMs: number, events: unknown, random?: () => number) {
  const waited = withoutPauses();
  const before = waited.length;
  const retry: Retry = { attempts: count + 1, maxPauseMs, random };
  await untilNoConflict(
    (write) => write(busy, events),
    retry,
    () => undefined,
  );
  // The test runner sets timers of its own, of seconds.
  return waited.slice(before).filter((ms) => ms <= maxPauseMs);
}

describe('untilNoConflict', () => {
  it('tries again until no other writer was first', async () => {
    withoutPauses();
    let attempts = 0;
    const write = contested(RETRY.attempts - 1);
    const attempt = untilNoConflict(async (run) => {
      attempts += 1;
      return run(write, attempts);
    });
    expect(await attempt).toBe('written');
    expect(attempts).toBe(50);
  });

  it('throws the conflict after the last attempt, or returns what the caller gives', async () => {
    withoutPauses();
    for (const attempts of [1, 2, 50]) {
      let writes = 0;
      const write = () => {
        writes += 1;
        return busy();
      };
      const retry = { attempts, maxPauseMs: 200 };
      await expect(untilNoConflict((run) => run(write, 'e'), retry)).rejects.toBe(conflict);
      expect(writes).toBe(attempts);
      expect(
        await untilNoConflict(
          (run) => run(write, 'e'),
          retry,
          () => 'busy',
        ),
      ).toBe('busy');
      expect(writes).toBe(2 * attempts);
    }
  });

  it('checks once more after the last conflict whether there is still something to write', async () => {
    let reads = 0;
    const attempt = untilNoConflict(
      async (run) => {
        reads += 1;
        return reads === 3 ? 'written by the other' : run(busy, 'e');
      },
      { attempts: 2, maxPauseMs: 0 },
    );
    expect(await attempt).toBe('written by the other');
  });

  it('throws every other error at once, even a conflict that does not come from the write', async () => {
    const isFinal = new PatronFeesError('VERSION_CONFLICT', 'it cannot see the event', { isFinal: true });
    for (const error of [isFinal, new Error('disk full'), undefined]) {
      let attempts = 0;
      const failing = untilNoConflict((run) => {
        attempts += 1;
        return run(() => Promise.reject(error), 'e');
      });
      await expect(failing).rejects.toBe(error);
      expect(attempts).toBe(1);
    }
    let reads = 0;
    const reading = untilNoConflict(() => {
      reads += 1;
      return busy();
    });
    await expect(reading).rejects.toBe(conflict);
    expect(reads).toBe(1);
  });

  it('does not multiply the attempts of a nested call', async () => {
    let writes = 0;
    const retry = { attempts: 3, maxPauseMs: 0 };
    const inner = () => {
      writes += 1;
      return busy();
    };
    const nested = untilNoConflict(async (run) => {
      await untilNoConflict((runInner) => runInner(inner, 'inner'), retry);
      return run(async () => 'outer', 'outer');
    }, retry);
    await expect(nested).rejects.toBe(conflict);
    expect(writes).toBe(3);
  });
});

describe('a pause between attempts', () => {
  it('doubles with each attempt, up to the longest', async () => {
    expect(await pauses(7, 100, 'x', () => 1)).toEqual([8, 16, 32, 64, 100, 100, 100]);
    expect(await pauses(2, 100, 'x', () => 0.25)).toEqual([2, 4]);
  });

  it('has the same length for the same events, and a different one for others', async () => {
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
      parts.push(...(await pauses(1, 8, [{ type: 'FeeAssessed', data: { feeId: `f${writer}` } }])));
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
