import fc from 'fast-check';
import { expect, it } from 'vitest';
import { follow, memoryEventStore, parked } from '../../src/history/index.js';
import { nextTry } from '../../src/history/parkedRetries.js';
import { assessedFee } from '../support/assessedFee.js';
import { parkingProjection } from '../support/parkingProjection.js';
import { tried } from '../support/seeded.js';
import { stream } from '../support/stores.js';
import { until } from '../support/until.js';

const MINUTE_MS = 60_000;

it('a parked account is tried again after 1, 2, 4 ... 60 minutes', () => {
  const pauses: number[] = [];
  let last = 5;
  for (let count = 0; count < 9; count++) {
    const next = nextTry(5, last);
    pauses.push((next - last) / MINUTE_MS);
    last = next;
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

it('after every attempt, the next one is at most an hour later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 2 ** 36 }), (since, age) => {
      const next = nextTry(since, since + age);
      expect(next).toBeGreaterThan(since + age);
      expect(next - since - age).toBeLessThanOrEqual(60 * MINUTE_MS);
    }),
    tried(300),
  );
  expect(nextTry(10, 5)).toBe(10);
});

it('a runner tries an account that apply refused again, by the given clock, and unparks it', async () => {
  const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
  await store.append(stream, [assessedFee('f1')], { expectedVersion: 0 });
  const made = parkingProjection();
  made.setBad(stream);
  let time = Date.parse('2026-03-02T09:00:00Z');
  const applied: number[] = [];
  const ending = new AbortController();
  let passes = 0;
  const running = follow(
    store,
    {
      ...made.projection,
      apply: async (events, ...rest) => {
        if (events.length > 0) applied.push(time);
        await made.projection.apply(events, ...rest);
      },
    },
    {
      signal: ending.signal,
      pollMs: 1,
      maxPauseMs: 1,
      onBadEvent: 'park',
      now: () => new Date(time),
      onProgress: () => {
        passes += 1;
      },
    },
  );
  const pass = async () => {
    const before = passes;
    await until(() => passes > before + 2);
  };
  await until(async () => (await parked(made.checkpoint)).length === 1);
  expect(await parked(made.checkpoint)).toMatchObject([{ since: '2026-03-02T09:00:00.000Z' }]);
  await pass();
  const tries = () => applied.length;
  const counts: number[] = [];
  for (const minutes of [0.9, 0.2, 1.8, 0.2]) {
    const before = tries();
    time += minutes * MINUTE_MS;
    await pass();
    counts.push(tries() - before);
  }
  expect(counts).toEqual([0, 1, 0, 1]);
  made.bad.clear();
  time += 4 * MINUTE_MS;
  await until(async () => (await parked(made.checkpoint)).length === 0);
  expect(made.versionsOf(stream)).toEqual([1]);
  ending.abort();
  await running;
});
