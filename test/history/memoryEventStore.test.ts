import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/memoryEventStore.js';
import type { AccountEvent } from '../../src/index.js';
import { goldenEvents, goldenLogs } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';
import { stream, tickingStore } from '../support/stores.js';

const other = { institution: 'south', patronId: 'p1' };

const disputed = (feeId: string): AccountEvent => ({
  type: 'FeeDisputed',
  data: { disputeId: `d-${feeId}`, feeId, at: '2026-03-02T09:00:00Z' },
});

const several = (count: number) => Array.from({ length: count }, (_, index) => disputed(String(index + 1)));

/** Returns the fee ids of recorded events. */
const feeIds = (events: readonly { readonly event: AccountEvent }[]) =>
  events.map(({ event }) => (event.data as { feeId: string }).feeId);

describe('read', () => {
  it('returns version 0 for an empty stream', async () => {
    expect(await tickingStore().read(stream)).toEqual({ version: 0, events: [] });
  });

  it('returns events in order, with their versions and the time of the append', async () => {
    const store = tickingStore();
    await store.append(stream, several(2), { expectedVersion: 0 });
    await store.append(stream, [disputed('3')], { expectedVersion: 2 });
    expect(await store.read(stream)).toEqual({
      version: 3,
      events: [
        { version: 1, recordedAt: '2026-03-02T10:00:00Z', event: disputed('1') },
        { version: 2, recordedAt: '2026-03-02T10:00:00Z', event: disputed('2') },
        { version: 3, recordedAt: '2026-03-02T10:00:01Z', event: disputed('3') },
      ],
    });
  });

  it.each([
    [{ after: 0 }, ['1', '2', '3', '4', '5']],
    [{ after: 3 }, ['4', '5']],
    [{ after: 3, limit: 1 }, ['4']],
    [{ limit: 2 }, ['1', '2']],
    [{ after: 5 }, []],
    [{ after: 99 }, []],
    [{ after: 99, limit: 1 }, []],
  ])('of %j returns that part, and always the version of the whole stream', async (options, expected) => {
    const store = tickingStore();
    await store.append(stream, several(5), { expectedVersion: 0 });
    const { version, events } = await store.read(stream, options);
    expect(feeIds(events)).toEqual(expected);
    expect(version).toBe(5);
  });
});

describe('append', () => {
  it('conflicts unless the stream is at the expected version, and then stores nothing', async () => {
    const store = tickingStore();
    await store.append(stream, several(2), { expectedVersion: 0 });
    for (const expected of [0, 1, 3]) {
      await expect(store.append(stream, several(2), { expectedVersion: expected })).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        details: { stream: 'north/p1', expected, actual: 2 },
      });
    }
    expect((await store.read(stream)).version).toBe(2);
  });

  it("appends at any version with 'any'", async () => {
    const store = tickingStore();
    expect(await store.append(stream, several(2), { expectedVersion: 'any' })).toEqual({ version: 2 });
    expect(await store.append(stream, several(1), { expectedVersion: 'any' })).toEqual({ version: 3 });
  });

  it('of an empty list does nothing, with any expected version', async () => {
    const store = tickingStore();
    await store.append(stream, several(2), { expectedVersion: 0 });
    expect(await store.append(stream, [], { expectedVersion: 7 })).toEqual({ version: 2 });
    expect(await store.append(other, [], { expectedVersion: 0 })).toEqual({ version: 0 });
    expect((await store.accounts()).accounts).toEqual([stream]);
  });

  it('lets exactly one of many racing writers win', async () => {
    const store = tickingStore();
    for (let round = 0; round < 50; round++) {
      const writers = Array.from({ length: 10 }, (_, writer) =>
        store.append(stream, [disputed(`${round}-${writer}`)], { expectedVersion: round }),
      );
      const results = await Promise.allSettled(writers);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    expect((await store.read(stream)).version).toBe(50);
  });

  it('stores no event if one of them is invalid', async () => {
    const store = tickingStore();
    const events = [disputed('1'), { type: 'FeeForgotten', data: {} } as never, disputed('2')];
    await expect(store.append(stream, events, { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'INVALID_EVENT',
    });
    expect(await store.read(stream)).toEqual({ version: 0, events: [] });
    expect((await store.readAll()).events).toEqual([]);
  });

  it('accepts a hundred thousand events at once', async () => {
    const store = tickingStore();
    const many = Array.from({ length: 100_000 }, () => disputed('1'));
    expect(await store.append(stream, many, { expectedVersion: 0 })).toEqual({ version: 100_000 });
  });
});

describe('an appended event', () => {
  it('is returned byte for byte', async () => {
    const store = tickingStore();
    // The event of a purge cannot be appended.
    const appended = goldenEvents.filter(({ type }) => type !== 'AccountPurged');
    await store.append(stream, appended, { expectedVersion: 0 });
    const { events } = await store.read(stream);
    expect(events.map(({ event }) => JSON.stringify(event))).toEqual(
      appended.map((event) => JSON.stringify(event)),
    );
  });

  it.each([
    '20260101123456789012',
    '9007199254740993',
    '0012',
    '-0',
    '1e21',
    '__proto__',
    'é',
    'e\u0301',
    '📚',
    '\u2028',
    ' ',
  ])('keeps the id %j', async (id) => {
    const store = tickingStore();
    const account = { institution: id, patronId: id };
    await store.append(account, [disputed(id)], { expectedVersion: 0 });
    const { events } = await store.readAll();
    expect(events).toMatchObject([{ ...account, event: disputed(id) }]);
    expect((await store.accounts({ institution: id })).accounts).toEqual([account]);
  });

  it('does not change if a caller changes an event that it appended or read', async () => {
    const store = tickingStore();
    const mine = disputed('1');
    await store.append(stream, [mine], { expectedVersion: 0 });
    (mine.data as { feeId: string }).feeId = 'changed';
    const [read] = (await store.read(stream)).events;
    (read?.event.data as { feeId: string }).feeId = 'changed too';
    expect(feeIds((await store.read(stream)).events)).toEqual(['1']);
    expect(feeIds((await store.readAll()).events)).toEqual(['1']);
  });

  it('has no undefined fields', async () => {
    const store = tickingStore();
    const event = disputed('1');
    await store.append(stream, [{ ...event, data: { ...event.data, comment: undefined } } as never], {
      expectedVersion: 0,
    });
    expect(Object.keys((await store.read(stream)).events[0]?.event.data ?? {})).toEqual([
      'disputeId',
      'feeId',
      'at',
    ]);
  });

  it('stays in its own stream, whatever the ids are', async () => {
    const store = tickingStore();
    const names = [
      ['a', 'b'],
      ['a/b', 'c'],
      ['a', 'b/c'],
      ['b', 'a'],
      ['__proto__', 'constructor'],
      ['constructor', '__proto__'],
    ].map(([institution, patronId]) => ({ institution, patronId }) as typeof stream);
    for (const [index, name] of names.entries())
      await store.append(name, [disputed(String(index))], { expectedVersion: 0 });
    for (const [index, name] of names.entries())
      expect(feeIds((await store.read(name)).events)).toEqual([String(index)]);
  });
});

describe('the time that events are recorded at', () => {
  it('never goes back, even when the clock does', async () => {
    const times = ['2026-03-02T10:00:00Z', '2026-03-02T09:00:00Z', '2026-03-02T13:00:00+02:00'];
    const store = memoryEventStore({ now: () => times.shift() as string });
    for (const id of ['1', '2', '3']) await store.append(stream, [disputed(id)], { expectedVersion: 'any' });
    expect((await store.read(stream)).events.map(({ recordedAt }) => recordedAt)).toEqual([
      '2026-03-02T10:00:00Z',
      '2026-03-02T10:00:00Z',
      '2026-03-02T13:00:00+02:00',
    ]);
  });

  it('may be a Date, like every clock of this package', async () => {
    const store = memoryEventStore({ now: () => new Date('2026-03-02T10:00:00+01:00') });
    await store.append(stream, several(1), { expectedVersion: 0 });
    expect((await store.read(stream)).events[0]?.recordedAt).toBe('2026-03-02T09:00:00.000Z');
  });

  it.each(['', 'now', '2026-03-02', undefined, 1772442000000])(
    'is refused if the clock returns %j',
    async (time) => {
      const store = memoryEventStore({ now: () => time as string });
      await expect(store.append(stream, several(1), { expectedVersion: 0 })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      expect((await store.read(stream)).version).toBe(0);
    },
  );

  it('comes from a clock that may append to the same store', async () => {
    const inner: Promise<unknown>[] = [];
    let asked = 0;
    const store = memoryEventStore({
      now: () => {
        asked += 1;
        if (asked === 1) inner.push(store.append(stream, [disputed('inner')], { expectedVersion: 'any' }));
        return '2026-03-02T10:00:00Z';
      },
    });
    await store.append(stream, [disputed('outer')], { expectedVersion: 'any' });
    await Promise.all(inner);
    expect(feeIds((await store.read(stream)).events).sort()).toEqual(['inner', 'outer']);
  });
});

describe('readAll', () => {
  it('returns the events of all streams in one order, page by page, each once', async () => {
    const appends = fc.array(fc.record({ patron: fc.nat(4), count: fc.integer({ min: 0, max: 3 }) }), {
      maxLength: 15,
    });
    await fc.assert(
      fc.asyncProperty(appends, fc.integer({ min: 1, max: 5 }), async (list, limit) => {
        const store = memoryEventStore({ now: () => '2026-03-02T10:00:00Z' });
        const written: string[] = [];
        for (const { patron, count } of list) {
          const events = Array.from({ length: count }, (_, index) => disputed(`${written.length + index}`));
          await store.append({ institution: 'north', patronId: `p${patron}` }, events, {
            expectedVersion: 'any',
          });
          written.push(...events.map(({ data }) => `p${patron} ${(data as { feeId: string }).feeId}`));
        }
        const read: string[] = [];
        let cursor: string | undefined;
        for (;;) {
          const page = await store.readAll(cursor === undefined ? { limit } : { after: cursor, limit });
          if (page.events.length === 0) break;
          expect(page.events.length).toBeLessThanOrEqual(limit);
          read.push(...page.events.map((entry) => `${entry.patronId} ${feeIds([entry])[0]}`));
          cursor = page.cursor;
        }
        expect(read).toEqual(written);
      }),
      tried(1000),
    );
  });

  it('continues after the last page, even after an empty one', async () => {
    const store = tickingStore();
    const { cursor } = await store.readAll();
    await store.append(stream, several(2), { expectedVersion: 0 });
    const page = await store.readAll({ after: cursor });
    expect(feeIds(page.events)).toEqual(['1', '2']);
    expect(await store.readAll({ after: page.cursor })).toEqual({ events: [], cursor: page.cursor });
  });

  it.each(['', 'x', '-1', '1.5', '1e0', '9'.repeat(40)])('refuses the cursor %j', async (after) => {
    const store = tickingStore();
    await store.append(stream, several(3), { expectedVersion: 0 });
    await expect(store.readAll({ after })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(store.accounts({ after })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('refuses a cursor beyond its end, with a remedy', async () => {
    const store = tickingStore();
    await store.append(stream, several(3), { expectedVersion: 0 });
    const refusal = { code: 'CURSOR_UNKNOWN', details: { cursor: '4' } };
    await expect(store.readAll({ after: '4' })).rejects.toMatchObject(refusal);
    await expect(store.readAll({ after: '4' })).rejects.toThrow(/delete the checkpoint/);
    await expect(store.accounts({ after: '2' })).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' });
  });
});

describe('accounts', () => {
  it('lists every account with events once, page by page, new ones last', async () => {
    const store = tickingStore();
    const names = [...goldenLogs.keys()].map((patronId) => ({ institution: 'north', patronId }));
    for (const name of [...names, ...names]) await store.append(name, several(1), { expectedVersion: 'any' });
    const first = await store.accounts({ limit: 2 });
    await store.append(other, several(1), { expectedVersion: 0 });
    const rest = await store.accounts({ after: first.cursor });
    expect([...first.accounts, ...rest.accounts]).toEqual([...names, other]);
    expect((await store.accounts({ after: rest.cursor })).accounts).toEqual([]);
  });

  it('lists those of one institution, page by page', async () => {
    const store = tickingStore();
    const names = ['a', 'b', 'c', 'd', 'e'].map((patronId, index) => ({
      institution: index % 2 ? 'south' : 'north',
      patronId,
    }));
    for (const name of names) await store.append(name, several(1), { expectedVersion: 0 });
    const first = await store.accounts({ institution: 'north', limit: 2 });
    const rest = await store.accounts({ institution: 'north', limit: 2, after: first.cursor });
    expect([first, rest].map(({ accounts }) => accounts.map(({ patronId }) => patronId))).toEqual([
      ['a', 'c'],
      ['e'],
    ]);
    expect((await store.accounts({ institution: 'west' })).accounts).toEqual([]);
  });
});

describe('a closed store', () => {
  it('refuses every call, and may be closed again', async () => {
    const store = tickingStore();
    await store.append(stream, several(1), { expectedVersion: 0 });
    await store.close();
    await store.close();
    const closed = { code: 'STORE_CLOSED' };
    await expect(store.read(stream)).rejects.toMatchObject(closed);
    await expect(store.append(stream, several(1), { expectedVersion: 1 })).rejects.toMatchObject(closed);
    await expect(store.append(stream, [], { expectedVersion: 1 })).rejects.toMatchObject(closed);
    await expect(store.readAll()).rejects.toMatchObject(closed);
    await expect(store.accounts()).rejects.toMatchObject(closed);
  });
});

describe('invalid arguments', () => {
  it('reject the promise and never throw', async () => {
    const store = tickingStore();
    const refused = { code: 'INVALID_ARGUMENT' };
    await expect(store.read('p1' as never)).rejects.toMatchObject(refused);
    await expect(store.read(stream, { after: -1 })).rejects.toMatchObject(refused);
    await expect(store.append(stream, undefined as never, { expectedVersion: 0 })).rejects.toMatchObject(
      refused,
    );
    await expect(store.append(stream, several(1), undefined as never)).rejects.toMatchObject(refused);
    await expect(store.readAll({ limit: 0 })).rejects.toMatchObject(refused);
    await expect(store.accounts({ institution: '' })).rejects.toMatchObject(refused);
  });

  it('include a missing clock', () => {
    for (const [given, found] of [
      [undefined, 'missing (expected a function that returns the time)'],
      [{}, 'missing (expected a function that returns the time)'],
      [{ now: null }, 'expected a function that returns the time, found null'],
      [{ now: '2026-03-02T09:00:00Z' }, 'expected a function that returns the time, found string'],
    ])
      expect(() => memoryEventStore(given as never)).toThrow(`INVALID_ARGUMENT: options.now: ${found}`);
  });
});
