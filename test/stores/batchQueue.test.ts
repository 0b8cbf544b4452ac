import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type AppendCall,
  appendCalls,
  type BatchWork,
  batchQueue,
  CALLS_MAX,
} from '../../src/stores/batchQueue.js';
import { tried } from '../support/seeded.js';

type Call = { readonly name: string; readonly key?: string; readonly length?: number };

/** A queue whose batches and single calls end when the test lets them, and what was started. */
function manual(options: Partial<BatchWork<Call, string>> = {}) {
  const started: string[] = [];
  const open = new Map<string, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
  const start = <Value>(name: string) => {
    started.push(name);
    return new Promise<Value>((resolve, reject) =>
      open.set(name, { resolve: resolve as (value: never) => void, reject }),
    );
  };
  const queue = batchQueue<Call, string>({
    one: ({ name }) => start(name),
    many: (calls) => start(calls.map(({ name }) => name).join('+')),
    keyOf: ({ key = '' }) => key,
    lengthOf: ({ length = 0 }) => length,
    overlaps: true,
    ...options,
  });
  const end = async (name: string, outcome: unknown) => {
    open.get(name)?.resolve(outcome as never);
    // The queue continues at the end of this turn.
    await turn();
    await turn();
  };
  const run = (name: string, more: Omit<Call, 'name'> = { key: name }) => queue.run({ name, ...more });
  return { queue, run, started, end, fail: (name: string, error: unknown) => open.get(name)?.reject(error) };
}

describe('a queue of batches', () => {
  it('starts a single call at once, and gathers those that arrive while it runs', async () => {
    const { run, started, end } = manual();
    const first = run('a');
    expect(started).toEqual(['a']);
    const others = [run('b'), run('c')];
    expect(started).toEqual(['a']);
    await turn();
    expect(started).toEqual(['a', 'b+c']);
    await end('a', 'done a');
    await end('b+c', ['done b', 'done c']);
    expect(await Promise.all([first, ...others])).toEqual(['done a', 'done b', 'done c']);
  });

  it('waits for the end of the turn after a batch, until a call is alone again', async () => {
    const { run, started, end } = manual();
    void run('a');
    void run('b');
    void run('c');
    await turn();
    await end('a', 'a');
    await end('b+c', ['b', 'c']);
    void run('d');
    expect(started).toEqual(['a', 'b+c']);
    await turn();
    expect(started).toEqual(['a', 'b+c', 'd']);
    await end('d', 'd');
    void run('e');
    expect(started).toEqual(['a', 'b+c', 'd', 'e']);
  });

  it('starts nothing at once if its work is synchronous', async () => {
    const { run, started } = manual({ overlaps: false });
    void run('a');
    expect(started).toEqual([]);
    void run('b');
    await turn();
    expect(started).toEqual(['a+b']);
  });

  it('runs two batches at a time, and gathers the rest meanwhile', async () => {
    const { run, started, end } = manual();
    void run('a');
    for (const names of ['bc', 'de', 'fg', 'hi']) {
      for (const name of names) void run(name);
      await turn();
    }
    expect(started).toEqual(['a', 'b+c', 'd+e']);
    await end('b+c', ['b', 'c']);
    expect(started).toEqual(['a', 'b+c', 'd+e', 'f+g+h+i']);
  });

  it('divides many calls into two batches that take turns', async () => {
    const { run, started } = manual();
    void run('a');
    for (let n = 0; n < 17; n++) void run(`n${n}`);
    await turn();
    expect(started.map((names) => names.split('+').length)).toEqual([1, 9, 8]);
  });

  it('gathers calls that are too few for a second batch until the first one ends', async () => {
    const { run, started, end } = manual();
    for (const name of 'abcdefghij') void run(name);
    await turn();
    for (const name of 'klmnopq') void run(name);
    await turn();
    expect(started).toEqual(['a', 'b+c+d+e+f+g+h+i+j']);
    await end('b+c+d+e+f+g+h+i+j', [...'bcdefghij']);
    expect(started.at(-1)).toBe('k+l+m+n+o+p+q');
  });

  it('starts a second batch of as many calls as the first', async () => {
    const { run, started } = manual();
    for (const name of 'abc') void run(name);
    await turn();
    void run('d');
    await turn();
    expect(started).toEqual(['a', 'b+c']);
    void run('e');
    await turn();
    expect(started).toEqual(['a', 'b+c', 'd+e']);
  });

  it('lets a lone call start after 250 ms at most although a batch hangs, and at once from then on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { run, started, end } = manual();
      void run('a');
      for (const name of ['b', 'c', 'd']) void run(name);
      await turn();
      await end('a', 'a');
      const lone = run('e');
      void run('b', { key: 'b' });
      await turn();
      vi.advanceTimersByTime(249);
      expect(started).toEqual(['a', 'b+c+d']);
      vi.advanceTimersByTime(1);
      expect(started).toEqual(['a', 'b+c+d', 'e']);
      await end('e', 'done');
      expect(await lone).toBe('done');
      // Each alone: a batch that hangs does not count.
      for (const name of ['f', 'g']) {
        void run(name);
        expect(started.at(-1)).toBe(name);
        await end(name, name);
      }
      await end('b+c+d', ['b', 'c', 'd']);
      expect(started.at(-1)).toBe('b');
      await end('b', 'b');
    } finally {
      vi.useRealTimers();
    }
  });

  it('limits the calls and the characters of a batch', async () => {
    const { run, started } = manual({ overlaps: false });
    for (let n = 0; n <= CALLS_MAX; n++) void run(`n${n}`);
    await turn();
    expect(started.map((names) => names.split('+').length)).toEqual([CALLS_MAX, 1]);
    const long = manual({ overlaps: false });
    for (const [name, length] of Object.entries({ a: 2_000_000, b: 600_000, c: 400_000, d: 1 }))
      void long.run(name, { key: name, length });
    await turn();
    expect(long.started).toEqual(['a', 'b+c', 'd']);
  });

  it('runs calls of one key one after the other', async () => {
    const { run, queue, started, end } = manual();
    void run('a1', { key: 'a' });
    const second = run('a2', { key: 'a' });
    void run('b', { key: 'b' });
    await turn();
    expect(started).toEqual(['a1', 'b']);
    expect([queue.has('a'), queue.has('c')]).toEqual([true, false]);
    await end('a1', 'a1');
    expect(started).toEqual(['a1', 'b', 'a2']);
    await end('a2', ['done']);
    expect([await second, queue.has('a')]).toEqual(['done', false]);
  });

  it('refuses calls that cannot succeed after an earlier one of their key, and continues with the next that can', async () => {
    const { run, started, end } = manual({
      refusalAfter: (result, { name }) =>
        name.startsWith('stale') ? new Error(`after ${result}`) : undefined,
    });
    const [a1, stale1, stale2, a2] = ['a1', 'stale1', 'stale2', 'a2'].map((name) => run(name, { key: 'a' }));
    const refused = Promise.allSettled([stale1, stale2]);
    await end('a1', 'done');
    expect(await a1).toBe('done');
    expect(await refused).toMatchObject([
      { reason: { message: 'after done' } },
      { reason: { message: 'after done' } },
    ]);
    expect(started).toEqual(['a1', 'a2']);
    await end('a2', 'done too');
    expect(await a2).toBe('done too');
  });

  it('runs a call that the batch left out by itself; later batches do not wait for it', async () => {
    const { run, started, end } = manual();
    void run('a');
    const [b, c] = [run('b'), run('c')];
    await turn();
    await end('b+c', ['done b', undefined]);
    expect([await b, started.at(-1)]).toEqual(['done b', 'c']);
    const later = [run('d'), run('e')];
    await turn();
    await end('d+e', ['done d', 'done e']);
    expect(await Promise.all(later)).toEqual(['done d', 'done e']);
    await end('c', 'done c');
    expect(await c).toBe('done c');
  });

  it('rejects all calls of a batch that fails, and those only', async () => {
    const { run, end, fail } = manual();
    const first = run('a');
    const others = Promise.allSettled([run('b'), run('c')]);
    await turn();
    fail('b+c', 'no connection');
    expect(await others).toEqual([
      { status: 'rejected', reason: 'no connection' },
      { status: 'rejected', reason: 'no connection' },
    ]);
    await end('a', 'done');
    expect(await first).toBe('done');
  });

  it('settles every call once, in the order of its key, whatever batches do', async () => {
    const call = fc.record({
      key: fc.constantFrom('p', 'q', 'r', 's'),
      alone: fc.boolean(),
      // What a batch does with the call, how many turns of the event loop that takes, and what it does by itself.
      inBatch: fc.constantFrom('done', 'left out', 'fails all'),
      turns: fc.nat(3),
      fails: fc.boolean(),
      pause: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 30 }), fc.boolean(), async (calls, overlaps) => {
        const underWay = new Set<string>();
        const effects: number[] = [];
        let batches = 0;
        const enter = (keys: readonly string[]) => {
          expect(keys.filter((key) => underWay.has(key))).toEqual([]);
          expect(new Set(keys).size).toBe(keys.length);
          for (const key of keys) underWay.add(key);
        };
        const leave = (keys: readonly string[]) => {
          for (const key of keys) underWay.delete(key);
        };
        type Given = (typeof calls)[number] & { readonly index: number };
        const queue = batchQueue<Given, number>({
          overlaps,
          keyOf: ({ key }) => key,
          runsByItself: ({ alone }) => alone,
          one: async ({ index, key, turns, fails }) => {
            enter([key]);
            for (let n = 0; n < turns; n++) await turn();
            leave([key]);
            if (fails) throw index;
            effects.push(index);
            return index;
          },
          many: async (given) => {
            batches += 1;
            expect(batches).toBeLessThanOrEqual(2);
            expect(given.some(({ alone }) => alone)).toBe(false);
            const keys = given.map(({ key }) => key);
            enter(keys);
            for (let n = 0; n < (given[0]?.turns ?? 0); n++) await turn();
            leave(keys);
            batches -= 1;
            if (given.some(({ inBatch }) => inBatch === 'fails all')) throw new Error('all');
            return given.map(({ index, inBatch }) => {
              if (inBatch === 'left out') return undefined;
              effects.push(index);
              return index;
            });
          },
        });
        const ended: number[] = [];
        const all = calls.map(async (given, index) => {
          const result = queue.run({ ...given, index }).finally(() => ended.push(index));
          return result.then(
            (value) => ({ value }),
            (error: unknown) => ({ error }),
          );
        });
        // Interleaved with turns of the event loop.
        for (const { pause } of calls.slice(0, 3)) for (let n = 0; n < pause; n++) await turn();
        await queue.settle();
        expect(ended.length).toBe(calls.length);
        const outcomes = await Promise.all(all);
        const done = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome.value] : []));
        expect([...effects].sort()).toEqual([...done].sort());
        for (const key of ['p', 'q', 'r', 's']) {
          const ofKey = ended.filter((index) => calls[index]?.key === key);
          expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
          expect(queue.has(key)).toBe(false);
        }
      }),
      tried(1_000),
    );
  });
});

const stream = { institution: 'north', patronId: 'p1' };
const call = (texts: readonly string[], expectedVersion: number | 'any' = 'any'): AppendCall => ({
  stream,
  texts,
  how: { expectedVersion, recordedAt: '2026-03-02T09:00:00Z' } as AppendCall['how'],
});
const { keyOf, lengthOf, runsByItself, refusalAfter } = appendCalls;

it('have the key of their stream and the length of their texts', () => {
  expect(keyOf(call([]))).toBe(keyOf(call(['a'])));
  expect(lengthOf(call(['ab', 'c']))).toBe(3);
});

it('run by themselves without events, and with many', () => {
  const many = (count: number) => call(Array.from({ length: count }, () => 'a'));
  expect([0, 1, 100, 101].map((count) => runsByItself(many(count)))).toEqual([true, false, false, true]);
});

it('are refused after a version above the one that they expect', () => {
  const after = (texts: readonly string[], expected: number | 'any') =>
    refusalAfter({ version: 3 } as never, call(texts, expected))?.details;
  expect(after(['a'], 2)).toEqual({ stream: 'north/p1', expected: 2, actual: 3 });
  for (const expected of [3, 4, 'any'] as const) expect(after(['a'], expected)).toBeUndefined();
  expect(after([], 2)).toBeUndefined();
});
