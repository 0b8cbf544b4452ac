import { expect, it, vi } from 'vitest';
import { pause, wakeUpSignal } from '../../src/history/follow.js';

/** Longer than any test may take: a wait of this length that ends was ended by something else. */
const FOREVER_MS = 3_600_000;

it('waits for the time, and no longer than until the signal is aborted', async () => {
  const ending = new AbortController();
  const start = performance.now();
  await pause(30, ending.signal);
  expect(performance.now() - start).toBeGreaterThan(25);
  setTimeout(() => ending.abort(), 10);
  await pause(FOREVER_MS, ending.signal);
  await pause(FOREVER_MS, ending.signal);
});

it('ends a wait at a notification, and does not wait after an earlier one', async () => {
  const wakeUp = wakeUpSignal(new AbortController().signal);
  setTimeout(() => wakeUp.notify(), 10);
  await wakeUp.wait(FOREVER_MS);
  wakeUp.notify();
  await wakeUp.wait(FOREVER_MS);
});

it('reads again soon after a notification, in growing steps, since an event may be readable a little later', async () => {
  const wakeUp = wakeUpSignal(new AbortController().signal);
  wakeUp.notify();
  await wakeUp.wait(100);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  try {
    const waits: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      const before = timers.mock.calls.length;
      const waited = wakeUp.wait(100);
      // Only what the call itself sets: while it waits, the test runner may set timers of its own.
      waits.push(...timers.mock.calls.slice(before).map(([, ms]) => ms));
      await waited;
    }
    expect(waits).toEqual([20, 40, 80, 100, 100]);
  } finally {
    timers.mockRestore();
  }
});
