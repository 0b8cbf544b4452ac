import { expect, it, vi } from 'vitest';
import { newBell, pause } from '../../src/history/bell.js';

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

it('ends a wait at a ring, and does not wait after a ring that came before', async () => {
  const bell = newBell(new AbortController().signal);
  setTimeout(() => bell.ring(), 10);
  expect(await elapsed(() => bell.wait(10_000))).toBeLessThan(5_000);
  bell.ring();
  expect(await elapsed(() => bell.wait(10_000))).toBeLessThan(5_000);
});

it('looks again soon after a ring, in growing steps, since an event may be readable a little later', async () => {
  const bell = newBell(new AbortController().signal);
  bell.ring();
  await bell.wait(100);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  try {
    for (let n = 0; n < 5; n++) await bell.wait(100);
    expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([20, 40, 80, 100, 100]);
  } finally {
    timers.mockRestore();
  }
});
