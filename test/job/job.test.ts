import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type EventStore,
  memoryEventStore,
  type StreamId,
  versionConflict,
} from '../../src/history/index.js';
import { appendPlanned, everyAccount, type JobOptions, type JobProgress, runJob } from '../../src/job/job.js';
import { accountOf, institution, storeOf } from '../bursar/bursarLibrary.js';
import { assess } from '../support/account.js';
import { assessedFee } from '../support/assessedFee.js';
import { tried } from '../support/seeded.js';
import { withoutPauses } from '../support/withoutPauses.js';

/** Numbers from 0 up; remembers how many were taken and whether it was stopped. */
function source(length: number) {
  const seen = { taken: 0, closed: false };
  async function* tasks() {
    try {
      for (let n = 0; n < length; n++) {
        seen.taken += 1;
        yield n;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, tasks: tasks() };
}

async function resultsOf<Result>(job: AsyncIterable<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for await (const result of job) results.push(result);
  return results;
}

const own = (n: number) => Promise.resolve(n);

describe('a job', () => {
  it('yields the results of every task in task order, in any order of completion', async () => {
    const delays = fc.array(fc.nat(3), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 9 }), async (waits, concurrency) => {
        const { tasks } = source(waits.length);
        const work = async (n: number) => {
          for (let turn = 0; turn < (waits[n] ?? 0); turn++) await pause(0);
          return n * 10;
        };
        const results = await resultsOf(runJob({}, tasks, work, { concurrency }));
        expect(results).toEqual(waits.map((_, n) => n * 10));
      }),
      tried(50),
    );
  });

  it('works on no more tasks at a time than its limit; by default as many as the store prefers, or 8', async () => {
    for (const [store, options, most] of [
      [{}, {}, 8],
      [{ concurrency: 20 }, {}, 20],
      [{ concurrency: 20 }, { concurrency: 1 }, 1],
      [{}, { concurrency: 3 }, 3],
    ] as const) {
      let [now, peak] = [0, 0];
      const work = async () => {
        now += 1;
        peak = Math.max(peak, now);
        await pause(1);
        now -= 1;
      };
      await resultsOf(runJob(store, source(30).tasks, work, options));
      expect(peak).toBe(most);
    }
  });

  it('takes no more tasks while nobody reads results, so that memory use stays constant', async () => {
    const { seen, tasks } = source(1_000);
    const job = runJob({}, tasks, own, { concurrency: 4 });
    await job.next();
    await pause(20);
    const ahead = seen.taken;
    expect(ahead).toBeLessThanOrEqual(1 + 4 + 1);
    for (let n = 0; n < 100; n++) await job.next();
    await pause(20);
    expect(seen.taken).toBe(ahead + 100);
    await job.return(undefined);
    expect(seen.closed).toBe(true);
  });

  it('rejects with the error of a task, and takes no further tasks', async () => {
    const { seen, tasks } = source(1_000);
    const work = async (n: number) => {
      if (n === 5) throw new Error('disk full');
      return n;
    };
    const results: number[] = [];
    const job = (async () => {
      for await (const result of runJob({}, tasks, work, { concurrency: 2 })) results.push(result);
    })();
    await expect(job).rejects.toThrow('disk full');
    expect(results).toEqual([0, 1, 2, 3, 4]);
    expect(seen.taken).toBeLessThan(12);
  });

  it('rejects with the error of its task source', async () => {
    async function* broken() {
      yield 1;
      throw new Error('line 2 is no JSON');
    }
    await expect(resultsOf(runJob({}, broken(), own, {}))).rejects.toThrow('line 2 is no JSON');
  });
});

describe('a job that is aborted', () => {
  const reason = new Error('closing time');

  it('finishes the running tasks, starts no others, and rejects with the reason', async () => {
    for (const concurrency of [1, 3]) {
      const controller = new AbortController();
      const begun: number[] = [];
      const finished: number[] = [];
      const { seen, tasks } = source(1_000);
      const work = async (n: number) => {
        if (controller.signal.aborted) throw new Error(`${n} was begun too late`);
        begun.push(n);
        await pause(1);
        finished.push(n);
        return n;
      };
      const results: number[] = [];
      const job = (async () => {
        for await (const n of runJob({}, tasks, work, { concurrency, signal: controller.signal })) {
          results.push(n);
          if (n === 10) controller.abort(reason);
        }
      })();
      await expect(job).rejects.toBe(reason);
      expect(finished).toEqual(begun);
      expect(results).toEqual(begun);
      expect(seen.closed).toBe(true);
    }
  });

  it('starts nothing if it was aborted before', async () => {
    const { seen, tasks } = source(10);
    await expect(resultsOf(runJob({}, tasks, own, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
    expect(seen.taken).toBe(0);
  });

  it('notices the abort even if its tasks never wait, as with a synchronous store', async () => {
    const signal = AbortSignal.timeout(20);
    await expect(resultsOf(runJob({}, source(500_000).tasks, own, { signal }))).rejects.toThrow('timeout');
  });

  it('does not start a task that arrives after the abort', async () => {
    const controller = new AbortController();
    async function* slow() {
      yield 1;
      await pause(5);
      controller.abort(reason);
      yield 2;
    }
    const begun: number[] = [];
    const work = async (n: number) => begun.push(n);
    await expect(resultsOf(runJob({}, slow(), work, { signal: controller.signal }))).rejects.toBe(reason);
    expect(begun).toEqual([1]);
  });
});

describe('the progress of a job', () => {
  const progressOf = async (
    length: number,
    options: JobOptions,
    work: (n: number) => Promise<unknown> = own,
  ) => {
    const reports: JobProgress[] = [];
    await resultsOf(
      runJob({}, source(length).tasks, work, {
        ...options,
        onProgress: (progress) => reports.push(progress),
      }),
    );
    return reports;
  };

  it('is reported at the end, with the rate', async () => {
    const last = (await progressOf(20, { total: 20 }, () => pause(2))).at(-1);
    expect(last).toMatchObject({ done: 20, total: 20, secondsLeft: 0 });
    expect(last?.perSecond).toBeGreaterThan(0);
  });

  it('is reported for a job without tasks', async () => {
    expect(await progressOf(0, { total: 0 })).toMatchObject([{ done: 0, total: 0, secondsLeft: 0 }]);
  });

  it('is reported at most four times a second, never decreases, and estimates the remaining time', async () => {
    const start = performance.now();
    const reports = await progressOf(60, { total: 60, concurrency: 1 }, () => pause(12));
    const seconds = (performance.now() - start) / 1_000;
    expect(reports.length).toBeGreaterThanOrEqual(2);
    expect(reports.length).toBeLessThanOrEqual(4 * seconds + 1);
    const done = reports.map((report) => report.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    const [first] = reports as [JobProgress];
    expect(first.secondsLeft).toBeCloseTo((60 - first.done) / first.perSecond);
  });

  it('has no remaining time if the total is unknown, and none below 0 if the total was too small', async () => {
    expect((await progressOf(3, {})).at(-1)).toMatchObject({ done: 3, total: null, secondsLeft: null });
    expect((await progressOf(3, { total: 2 })).at(-1)).toMatchObject({ done: 3, total: 2, secondsLeft: 0 });
  });
});

it('reports every fault of its options', async () => {
  for (const [options, path] of [
    [{ concurrency: 0 }, 'options.concurrency'],
    [{ concurrency: 1.5 }, 'options.concurrency'],
    [{ total: -1 }, 'options.total'],
    [{ total: Number.NaN }, 'options.total'],
  ] as const) {
    await expect(resultsOf(runJob({}, source(1).tasks, own, options))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { faults: [{ path }] },
    });
  }
});

async function storeWith(accounts: readonly StreamId[]): Promise<EventStore> {
  const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
  for (const stream of accounts) await store.append(stream, [assessedFee('f1')], { expectedVersion: 0 });
  return store;
}

async function listed(store: EventStore, institution?: string): Promise<StreamId[]> {
  const accounts: StreamId[] = [];
  for await (const account of everyAccount(store, institution)) accounts.push(account);
  return accounts;
}

const accounts = Array.from({ length: 2_500 }, (_, n) => ({
  institution: n % 3 === 0 ? 'south' : 'north',
  patronId: `p${n}`,
}));

it('yields every account once, for any page size of the store', async () => {
  const store = await storeWith(accounts);
  expect(await listed(store)).toEqual(accounts);
  for (const institution of ['north', 'south', 'west']) {
    expect(await listed(store, institution)).toEqual(
      accounts.filter((account) => account.institution === institution),
    );
  }
});

it('yields nothing for an empty store', async () => {
  expect(await listed(await storeWith([]))).toEqual([]);
});

it('yields accounts added in the meantime last', async () => {
  const store = await storeWith(accounts.slice(0, 1_001));
  const seen: string[] = [];
  for await (const { patronId } of everyAccount(store, undefined)) {
    if (seen.push(patronId) === 1) {
      await store.append({ institution: 'north', patronId: 'new' }, [assessedFee('f1')], {
        expectedVersion: 0,
      });
    }
  }
  expect(seen).toHaveLength(1_002);
  expect(seen.at(-1)).toBe('new');
});

it('requests a page only when it is needed, so that no list of all accounts is kept in memory', async () => {
  const store = await storeWith(accounts);
  const limits: (number | undefined)[] = [];
  const watched: EventStore = {
    ...store,
    accounts: (options) => {
      limits.push(options?.limit);
      return store.accounts(options);
    },
  };
  const every = everyAccount(watched, undefined);
  for (let n = 0; n < 1_000; n++) await every.next();
  expect(limits).toEqual([1_000]);
  await every.next();
  expect(limits).toEqual([1_000, 1_000]);
});

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

it('appends nothing if the plan is empty', async () => {
  const store = await storeOf({ u17: [assess('f1', '1.00')] });
  const append = () => Promise.reject(new Error('appended'));
  expect(await appendPlanned({ ...store, append }, stream, () => ({ events: [] }))).toEqual({ events: [] });
});

it('gives up after too many conflicts, and rejects with the error of the store', async () => {
  withoutPauses();
  const store = await storeOf({});
  const plan = () => ({ events: [assessedFee('f1')] });
  const busy = () => Promise.reject(versionConflict(stream, 0, 1));
  expect(await appendPlanned({ ...store, append: busy }, stream, plan)).toBeUndefined();
  const full = () => Promise.reject(new Error('disk full'));
  await expect(appendPlanned({ ...store, append: full }, stream, plan)).rejects.toThrow('disk full');
});
