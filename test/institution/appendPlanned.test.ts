import { afterEach, expect, it, vi } from 'vitest';
import { type EventStore, versionConflict } from '../../src/history/index.js';
import { appendPlanned } from '../../src/institution/appendPlanned.js';
import { assess } from '../support/account.js';
import { assessedFee } from '../support/assessedFee.js';
import { accountOf, institution, storeOf } from './bursar/bursarLibrary.js';

const stream = { institution, patronId: 'u17' };

it('plans from the account and its events, and appends the result', async () => {
  const store = await storeOf({ u17: [assess('f1', '1.00')] });
  const done = await appendPlanned(store, stream, (account, history) => ({
    events: [assessedFee('f2')],
    seen: [account().fees.length, history.length],
  }));
  expect(done?.seen).toEqual([1, 1]);
  expect((await accountOf(store, 'u17')).fees.map(({ feeId }) => feeId)).toEqual(['f1', 'f2']);
});

it('plans again if another writer appended in between', async () => {
  const store = await storeOf({ u17: [] });
  let plans = 0;
  const racing: EventStore = {
    ...store,
    append: async (to, events, options) => {
      if (plans <= 2) await store.append(to, [assessedFee(`other${plans}`)], { expectedVersion: 'any' });
      return store.append(to, events, options);
    },
  };
  const done = await appendPlanned(racing, stream, (account) => {
    plans += 1;
    return { events: [assessedFee('mine')], seen: account().fees.length };
  });
  expect([plans, done?.seen]).toEqual([3, 2]);
  expect((await accountOf(store, 'u17')).fees.map(({ feeId }) => feeId)).toEqual([
    'other1',
    'other2',
    'mine',
  ]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

it('pauses before each retry, longer each time, and with a different delay than other writers', async () => {
  const store = await storeOf({});
  const busy = { ...store, append: () => Promise.reject(versionConflict(stream, 0, 1)) };
  const timer = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void) => {
    run();
  }) as never);
  const pausesOf = async (feeId: string) => {
    timer.mockClear();
    await appendPlanned(busy, stream, () => ({ events: [assessedFee(feeId)] }));
    return timer.mock.calls.map(([, pause]) => pause as number);
  };
  const pauses = await pausesOf('f1');
  expect(pauses).toHaveLength(9);
  expect(pauses.every((pause, index) => pause >= 0 && pause <= Math.min(200, 8 * 2 ** index))).toBe(true);
  expect(Math.max(...pauses)).toBeGreaterThan(16);
  expect(await pausesOf('f2')).not.toEqual(pauses);
});

it('appends nothing if the plan is empty', async () => {
  const store = await storeOf({ u17: [assess('f1', '1.00')] });
  const append = () => Promise.reject(new Error('appended'));
  expect(await appendPlanned({ ...store, append }, stream, () => ({ events: [] }))).toEqual({ events: [] });
});

it('gives up after too many conflicts, and rejects with the error of the store', async () => {
  const store = await storeOf({});
  const plan = () => ({ events: [assessedFee('f1')] });
  const busy = () => Promise.reject(versionConflict(stream, 0, 1));
  expect(await appendPlanned({ ...store, append: busy }, stream, plan)).toBeUndefined();
  const full = () => Promise.reject(new Error('disk full'));
  await expect(appendPlanned({ ...store, append: full }, stream, plan)).rejects.toThrow('disk full');
});
