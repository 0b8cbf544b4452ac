import { expect, it } from 'vitest';
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
  const waits = [];
  for (let n = 0; n < 4; n++) waits.push(await elapsed(() => bell.wait(100)));
  const [first = 0, second = 0, third = 0, fourth = 0] = waits;
  expect(first).toBeLessThan(second);
  expect(third).toBeLessThan(fourth + 50);
  expect(fourth).toBeGreaterThan(90);
});
