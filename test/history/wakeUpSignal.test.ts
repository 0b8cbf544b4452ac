import { expect, it, vi } from 'vitest';
import { pause, wakeUpSignal } from '../../src/history/wakeUpSignal.js';

const elapsed = async (task: () => Promise<unknown>) => {
  const start = performance.now();
  await task();
  return performance.now() - start;
};

it('waits for the time, and no longer than until the signal is aborted', async () => {
  const ending = new AbortController();
  expect(await elapsed(() => pause(30, ending.signal))).toBeGreaterThan(25);
  setTimeout(() => ending.abort(), 10);
  expect(await elapsed(() => pause(10_000, ending.signal))).toBeLessThan(5_000);
  expect(await elapsed(() => pause(10_000, ending.signal))).toBeLessThan(5_000);
});

it('ends a wait at a notification, and does not wait after an earlier one', async () => {
  const wakeUp = wakeUpSignal(new AbortController().signal);
  setTimeout(() => wakeUp.notify(), 10);
  expect(await elapsed(() => wakeUp.wait(10_000))).toBeLessThan(5_000);
  wakeUp.notify();
  expect(await elapsed(() => wakeUp.wait(10_000))).toBeLessThan(5_000);
});

it('reads again soon after a notification, in growing steps, since an event may be readable a little later', async () => {
  const wakeUp = wakeUpSignal(new AbortController().signal);
  wakeUp.notify();
  await wakeUp.wait(100);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  try {
    for (let n = 0; n < 5; n++) await wakeUp.wait(100);
    expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([20, 40, 80, 100, 100]);
  } finally {
    timers.mockRestore();
  }
});
