import { expect, it } from 'vitest';
import { lockHold } from '../../src/history/follow.js';

/** A lock, its holder, and the number of times that it was taken. */
function lockOf() {
  const state = { isFree: true, isHeld: true, taken: 0 };
  const lock = {
    tryAcquire: async () => {
      if (!state.isFree) return undefined;
      state.isFree = false;
      state.isHeld = true;
      state.taken += 1;
      return {
        isHeld: () => state.isHeld,
        release: async () => {
          state.isFree = true;
          if (!state.isHeld) throw new Error('the connection is lost');
        },
      };
    },
  };
  return { state, lock };
}

it('takes a lock once, and releases it', async () => {
  const { state, lock } = lockOf();
  const hold = lockHold(lock);
  expect([await hold.take(), await hold.take(), state.taken]).toEqual([true, true, 1]);
  expect(await lockHold(lock).take()).toBe(false);
  await hold.release();
  await hold.release();
  expect(state.isFree).toBe(true);
});

it('takes a lost lock again', async () => {
  const { state, lock } = lockOf();
  const hold = lockHold(lock);
  await hold.take();
  state.isHeld = false;
  expect([await hold.take(), state.taken]).toEqual([true, 2]);
});

it('always may work without a lock', async () => {
  const hold = lockHold(undefined);
  expect(await hold.take()).toBe(true);
  await hold.release();
});
