import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catchUp,
  checkpointMoved,
  type ErasingEventStore,
  type EventStore,
  follow,
  memoryEventStore,
  type ParkedAccount,
  parked,
  retryParked,
  type StreamId,
} from '../../src/history/index.js';
import { nextTry } from '../../src/history/projectionRun.js';
import { isPatronFeesError } from '../../src/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { damageable } from '../support/damageable.js';
import { parkingProjection } from '../support/parkingProjection.js';
import { tried } from '../support/seeded.js';
import { libsql } from '../support/sqliteDrivers.js';
import { stream } from '../support/stores.js';
import { until } from '../support/until.js';

describe('projectionRun', () => {
  const now = () => '2026-03-02T09:00:00Z';
  const account = (index: number): StreamId => ({ institution: 'north', patronId: `p${index}` });

  /** A store, what makes its events unreadable, and a projection. */
  function setUp() {
    const { codec, damage, upgrade } = damageable();
    const store = memoryEventStore({ now, codec });
    const append = async (index: number, count = 1) => {
      const { version } = await store.append(account(index), [], { expectedVersion: 'any' });
      const events = Array.from({ length: count }, (_, n) => assessedFee(`f${index}-${version + n + 1}`));
      await store.append(account(index), events, { expectedVersion: version });
    };
    const made = parkingProjection();
    const run = (pageSize = 1_000) =>
      catchUp(store, made.projection, made.checkpoint, { pageSize, onBadEvent: 'park' });
    return { ...made, store, append, damage: damage.bind(null, store), upgrade, run };
  }

  const places = (accounts: readonly ParkedAccount[]) =>
    accounts.map(({ patronId, version, lastVersion, reason }) => [
      patronId,
      version,
      lastVersion,
      reason.code,
    ]);

  describe('an event that cannot be read', () => {
    it('parks its account from that event on, and the others are applied', async () => {
      const { append, damage, run, versionsOf, markOf, checkpoint } = setUp();
      for (const index of [1, 2, 1, 2, 1]) await append(index);
      await damage(account(1), 2);
      expect((await run()).events).toBe(5);
      expect([versionsOf(account(1)), versionsOf(account(2))]).toEqual([[1], [1, 2]]);
      expect(places(await parked(checkpoint))).toEqual([['p1', 2, 3, 'INVALID_EVENT']]);
      expect(markOf(account(1))).toBe('INVALID_EVENT');
    });

    it('keeps later events waiting, over pages and restarts, until all of them are applied in order', async () => {
      const { append, damage, upgrade, run, versionsOf, checkpoint, store, projection } = setUp();
      await append(1, 2);
      await damage(account(1), 2);
      await run();
      await append(1, 3);
      await append(2, 1);
      await run(1);
      expect(versionsOf(account(1))).toEqual([1]);
      expect(places(await parked(checkpoint))).toEqual([['p1', 2, 5, 'INVALID_EVENT']]);
      expect(await retryParked(store, projection, checkpoint)).toMatchObject({ unparked: 0 });
      upgrade();
      expect(await retryParked(store, projection, checkpoint)).toEqual({ unparked: 1, parked: [] });
      await append(1, 1);
      await run();
      expect(versionsOf(account(1))).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('ends the run by default, and keeps those parked that were', async () => {
      const { append, damage, run, versionsOf, store, projection, checkpoint } = setUp();
      await append(1, 1);
      await append(2, 1);
      await damage(account(1), 1);
      await run();
      await append(1, 1);
      await append(2, 1);
      await catchUp(store, projection, checkpoint);
      expect([versionsOf(account(1)), versionsOf(account(2))]).toEqual([[], [1, 2]]);
      expect(places(await parked(checkpoint))).toEqual([['p1', 1, 2, 'INVALID_EVENT']]);
      await append(3, 1);
      await damage(account(3), 1);
      await expect(catchUp(store, projection, checkpoint)).rejects.toMatchObject({ code: 'INVALID_EVENT' });
    });
  });

  describe('an account that apply throws for', () => {
    it('is found in a page of many, parked, and applied later', async () => {
      const { append, run, setBad, bad, versionsOf, checkpoint, store, projection } = setUp();
      for (let index = 0; index < 100; index++) await append(index, 3);
      for (const index of [0, 41, 42, 99]) setBad(account(index));
      await run();
      expect(places(await parked(checkpoint))).toEqual(
        [0, 41, 42, 99].map((index) => [`p${index}`, 1, 3, 'TypeError']),
      );
      for (let index = 0; index < 100; index++)
        expect(versionsOf(account(index))).toEqual([0, 41, 42, 99].includes(index) ? [] : [1, 2, 3]);
      const [{ reason } = expect.fail()] = await parked(checkpoint);
      expect(reason.text).not.toContain('p0');
      bad.clear();
      expect((await retryParked(store, projection, checkpoint)).unparked).toBe(4);
      expect(versionsOf(account(41))).toEqual([1, 2, 3]);
    });

    it('is parked if no other event follows, once the checkpoint can be saved', async () => {
      const { append, run, setBad, checkpoint } = setUp();
      await append(1);
      setBad(account(1));
      await run();
      expect(places(await parked(checkpoint))).toEqual([['p1', 1, 1, 'TypeError']]);
    });

    it('is reported once, with its error', async () => {
      const { append, setBad, store, projection, checkpoint } = setUp();
      await append(1, 2);
      setBad(account(1));
      const told: unknown[] = [];
      const onParked = ({ patronId }: ParkedAccount, error: unknown) => told.push([patronId, String(error)]);
      await catchUp(store, projection, checkpoint, { onBadEvent: 'park', onParked });
      await append(1, 2);
      await catchUp(store, projection, checkpoint, { onBadEvent: 'park', onParked });
      expect(told).toEqual([['p1', 'TypeError: cannot show p1']]);
    });
  });

  describe('no account is parked', () => {
    it('for a failure of the database', async () => {
      const { append, run, failures, checkpoint, saved } = setUp();
      await append(1);
      await append(2);
      for (let tries = 0; tries < 5; tries++) {
        failures.push('before');
        await expect(run()).rejects.toMatchObject({ code: 'ECONNRESET' });
      }
      expect([saved(), await parked(checkpoint)]).toEqual([undefined, []]);
    });

    it('if the checkpoint cannot be saved after apply, or onParked throws', async () => {
      const { append, damage, store, projection, checkpoint, versionsOf } = setUp();
      await append(1);
      const failing = { ...checkpoint, save: () => Promise.reject(new TypeError('no room')) };
      await expect(catchUp(store, projection, failing, { onBadEvent: 'park' })).rejects.toThrow('no room');
      await append(2);
      await append(3);
      await damage(account(2), 1);
      const onParked = () => {
        throw new TypeError('not told');
      };
      await expect(catchUp(store, projection, checkpoint, { onBadEvent: 'park', onParked })).rejects.toThrow(
        'not told',
      );
      expect([1, 2, 3].map((index) => versionsOf(account(index)))).toEqual([[1], [], [1]]);
      expect(places(await parked(checkpoint))).toEqual([['p2', 1, 1, 'INVALID_EVENT']]);
    });

    it('if apply throws for every account', async () => {
      const { append, run, setBad, checkpoint, saved } = setUp();
      for (let index = 0; index < 50; index++) {
        await append(index);
        setBad(account(index));
      }
      await expect(run()).rejects.toThrow('cannot show p0');
      expect([saved(), await parked(checkpoint)]).toEqual([undefined, []]);
    });

    it('if its event comes from another runner, which has moved the checkpoint', async () => {
      const { append, run, projection, checkpoint, store } = setUp();
      await append(1);
      const stale = { ...checkpoint, load: async () => 'parked:{"cursor":"0","parked":[]}' };
      await expect(catchUp(store, projection, stale, { onBadEvent: 'park' })).rejects.toMatchObject({
        code: 'CHECKPOINT_MOVED',
      });
      await run();
      expect(await parked(checkpoint)).toEqual([]);
    });

    it('if a thousand are: then the run ends', async () => {
      const { append, damage, run, checkpoint } = setUp();
      for (let index = 0; index < 1_001; index++) await append(index);
      for (let index = 0; index < 1_000; index++) await damage(account(index), 1);
      await run();
      expect(await parked(checkpoint)).toHaveLength(1_000);
      await append(1_000);
      await damage(account(1_000), 2);
      await append(1_001, 3);
      const saved = await checkpoint.load();
      await expect(run()).rejects.toMatchObject({ details: { stream: 'north/p1000' } });
      expect(await checkpoint.load()).toBe(saved);
    });
  });

  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ append: fc.nat(4), count: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ damage: fc.nat(4), at: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ bad: fc.nat(4) }) },
    { weight: 4, arbitrary: fc.constantFrom('fixed' as const, 'upgrade' as const, 'retry' as const) },
    { weight: 2, arbitrary: fc.record({ fail: fc.constantFrom('before' as const, 'after' as const) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        pageSize: fc.integer({ min: 1, max: 9 }),
        runners: fc.integer({ min: 1, max: 2 }),
      }),
    },
  );

  it('applies every event once and in order, whatever cannot be read or applied, fails, restarts or runs twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const {
          append,
          damage,
          upgrade,
          run,
          setBad,
          bad,
          failures,
          versionsOf,
          markOf,
          store,
          projection,
          checkpoint,
        } = setUp();
        const accounts = [0, 1, 2, 3, 4].map(account);
        /** A failure of the database ends a run, or a moved checkpoint; what was done stays done. */
        const may = async (task: () => Promise<unknown>) => {
          try {
            await task();
          } catch (error) {
            const isExpected =
              (error as { code?: string }).code === 'ECONNRESET' ||
              isPatronFeesError(error, 'CHECKPOINT_MOVED') ||
              (error instanceof TypeError && error.message.startsWith('cannot show'));
            if (!isExpected) throw error;
          }
        };
        for (const given of steps) {
          if (given === 'fixed') bad.clear();
          else if (given === 'upgrade') upgrade();
          else if (given === 'retry') await may(() => retryParked(store, projection, checkpoint));
          else if ('append' in given) await append(given.append, given.count);
          else if ('bad' in given) setBad(account(given.bad));
          else if ('fail' in given) failures.push(given.fail);
          else if ('damage' in given) {
            const { version } = await store.append(account(given.damage), [], { expectedVersion: 'any' });
            // What was read once stays readable.
            const next = versionsOf(account(given.damage)).length + 1 + given.at;
            if (next <= version) await damage(account(given.damage), next).catch(() => undefined);
          } else {
            await Promise.all(Array.from({ length: given.runners }, () => may(() => run(given.pageSize))));
          }
          const list = await parked(checkpoint);
          for (const one of accounts) {
            const versions = versionsOf(one);
            expect(versions).toEqual(versions.map((_, index) => index + 1));
            const waits = list.find(({ patronId }) => patronId === one.patronId);
            expect(markOf(one)).toBe(waits?.reason.code);
            if (waits !== undefined) expect(waits.version).toBe(versions.length + 1);
          }
        }
        bad.clear();
        upgrade();
        failures.length = 0;
        await run();
        await retryParked(store, projection, checkpoint);
        await run();
        expect(await parked(checkpoint)).toEqual([]);
        for (const one of accounts) expect(versionsOf(one)).toHaveLength((await store.read(one)).version);
      }),
      tried(1_000),
    );
  });
});

describe('retryParked', () => {
  const now = () => '2026-03-02T09:00:00Z';
  const fees = (count: number, from = 0) =>
    Array.from({ length: count }, (_, n) => assessedFee(`f${from + n}`));

  /** A projection that has parked the account from its first event on. */
  async function withParked(store: EventStore, count = 2) {
    const made = parkingProjection();
    await store.append(stream, fees(count), { expectedVersion: 0 });
    made.setBad(stream);
    await catchUp(store, made.projection, made.checkpoint, { onBadEvent: 'park' });
    return made;
  }

  it('applies the events that have waited, and leaves those that no runner has read to the next one', async () => {
    const store = memoryEventStore({ now });
    const { projection, checkpoint, bad, versionsOf } = await withParked(store);
    await store.append(stream, fees(3, 2), { expectedVersion: 2 });
    bad.clear();
    await retryParked(store, projection, checkpoint);
    expect(versionsOf(stream)).toEqual([1, 2]);
    await catchUp(store, projection, checkpoint);
    expect(versionsOf(stream)).toEqual([1, 2, 3, 4, 5]);
  });

  it('applies them even if an event that no runner has read cannot be read', async () => {
    const { codec, damage } = damageable();
    const store = memoryEventStore({ now, codec });
    const { projection, checkpoint, bad, versionsOf } = await withParked(store);
    await store.append(stream, fees(1, 2), { expectedVersion: 2 });
    await damage(store, stream, 3);
    bad.clear();
    expect(await retryParked(store, projection, checkpoint)).toEqual({ unparked: 1, parked: [] });
    await catchUp(store, projection, checkpoint, { onBadEvent: 'park' });
    expect(versionsOf(stream)).toEqual([1, 2]);
    expect(await parked(checkpoint)).toMatchObject([{ version: 3, lastVersion: 3 }]);
  });

  it('says the new reason of an account that stays parked, to the projection too', async () => {
    const store = memoryEventStore({ now });
    const { projection, checkpoint, markOf } = await withParked(store);
    const other = {
      ...projection,
      apply: async (...given: Parameters<typeof projection.apply>) => {
        if (given[0].length > 0) throw new RangeError('another fault');
        return projection.apply(...given);
      },
    };
    const [before] = await parked(checkpoint);
    const { unparked, parked: still } = await retryParked(store, other, checkpoint);
    expect([unparked, still]).toEqual([
      0,
      [{ ...before, reason: { ...before?.reason, code: 'RangeError' } }],
    ]);
    expect([await parked(checkpoint), markOf(stream)]).toEqual([still, 'RangeError']);
  });

  it('is not confused by a runner that moves the checkpoint meanwhile', async () => {
    const store = memoryEventStore({ now });
    const { projection, checkpoint, bad, versionsOf } = await withParked(store);
    bad.clear();
    let moves = 3;
    const slow = {
      ...projection,
      apply: async (...given: Parameters<typeof projection.apply>) => {
        moves -= 1;
        if (moves >= 0) {
          await store.append({ ...stream, patronId: `late${moves}` }, fees(1), { expectedVersion: 0 });
          await catchUp(store, projection, checkpoint);
        }
        return projection.apply(...given);
      },
    };
    expect(await retryParked(store, slow, checkpoint)).toEqual({ unparked: 1, parked: [] });
    expect(versionsOf(stream)).toEqual([1, 2]);
    expect(versionsOf({ ...stream, patronId: 'late0' })).toEqual([1]);
  });

  it('gives up if the checkpoint never stays, and rejects with errors of the database', async () => {
    const store = memoryEventStore({ now });
    const { projection, checkpoint, bad, failures } = await withParked(store);
    bad.clear();
    let calls = 0;
    const moving = {
      ...projection,
      apply: () => {
        calls += 1;
        throw checkpointMoved('1');
      },
    };
    await expect(retryParked(store, moving, checkpoint)).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    expect(calls).toBe(50);
    failures.push('before');
    await expect(retryParked(store, projection, checkpoint)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await parked(checkpoint)).toHaveLength(1);
  });

  it('unparks an account that was purged meanwhile, with the event that is left', async () => {
    const store: ErasingEventStore = memoryEventStore({ now });
    const { projection, checkpoint, bad, versionsOf } = await withParked(store);
    const data = { purgeId: 'x', events: 2, currency: 'USD', totals: [], at: now() };
    await store.purge(stream, { type: 'AccountPurged', data });
    bad.clear();
    expect(await retryParked(store, projection, checkpoint)).toEqual({ unparked: 1, parked: [] });
    await catchUp(store, projection, checkpoint);
    expect(versionsOf(stream)).toEqual([3]);
  });

  it('keeps an account parked while events are missing: before the first one, between them, at the end', async () => {
    const database = libsql.open(':memory:');
    migrate(database);
    const store = sqliteEventStore(database);
    const { projection, checkpoint } = parkingProjection();
    await store.append(stream, fees(5), { expectedVersion: 0 });
    database.exec('create table kept as select * from patron_fees_event');
    const remove = database.prepare('delete from patron_fees_event where version = ?');
    remove.run(3);
    await catchUp(store, projection, checkpoint, { onBadEvent: 'park' });
    expect(await parked(checkpoint)).toMatchObject([
      { version: 3, lastVersion: 5, reason: { code: 'CORRUPT_HISTORY' } },
    ]);
    expect(await retryParked(store, projection, checkpoint)).toMatchObject({ unparked: 0 });
    database.exec('insert into patron_fees_event select * from kept where version = 3');
    remove.run(5);
    const { parked: still } = await retryParked(store, projection, checkpoint);
    expect(still).toMatchObject([{ version: 3, lastVersion: 5, reason: { code: 'CORRUPT_HISTORY' } }]);
    await store.append(stream, [assessedFee('f4')], { expectedVersion: 4 });
    expect(await retryParked(store, projection, checkpoint)).toEqual({ unparked: 1, parked: [] });
    database.close();
  });

  it('does nothing without parked accounts, and refuses a value that is not a projection', async () => {
    const store = memoryEventStore({ now });
    const { projection, checkpoint } = parkingProjection();
    expect(await retryParked(store, projection, checkpoint)).toEqual({ unparked: 0, parked: [] });
    await expect(retryParked(store, {} as never, checkpoint)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(retryParked(store, projection, {} as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

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
