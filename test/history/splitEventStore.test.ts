import fc from 'fast-check';
import {
  copyEvents,
  type EventStore,
  execute,
  loadAccount,
  memoryEventStore,
  type StoredAccountEvent,
  type StreamId,
  splitEventStore,
  type WatchableEventStore,
} from 'patron-fees/history';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { storeConformance } from 'patron-fees/testing';
import { describe, expect, it } from 'vitest';
import { rememberAccounts } from '../../src/history/loadAccount.js';
import { assess, policy } from '../support/account.js';
import { assessedFee } from '../support/assessedFee.js';
import { damageable } from '../support/damageable.js';
import { tried } from '../support/seeded.js';
import { libsql } from '../support/sqliteDrivers.js';
import { storeWith, tickingStore, watched } from '../support/stores.js';

describe('splitEventStore', () => {
  const now = () => '2026-03-02T09:00:00Z';

  /** Divides by the length of the institution's name, so that those of the conformance suite are in several parts. */
  const byLength = (names: readonly string[]) => (institution: string) =>
    names[institution.length % names.length] as string;

  function splitMemory(names: readonly string[]): EventStore {
    const parts = Object.fromEntries(names.map((name) => [name, memoryEventStore({ now })]));
    return splitEventStore({ parts, partOf: byLength(names) });
  }

  const account = (institution: string) => ({ institution, patronId: 'p1' });

  const fees = (count: number) => Array.from({ length: count }, (_, index) => assessedFee(`f${index}`));

  for (const names of [['one'], ['east', 'west'], ['a', '__proto__', '17']])
    describe(`a store split among ${names.length}`, () => {
      for (const { title, run } of storeConformance(() => ({ store: splitMemory(names) }))) it(title, run);
    });

  describe('a store split among stores with events that they cannot read', () => {
    const open = () => {
      const { codec, damage } = damageable();
      const [east, west] = [memoryEventStore({ now, codec }), memoryEventStore({ now, codec })];
      const store = splitEventStore({ parts: { east, west }, partOf: byLength(['east', 'west']) });
      return { store, damageEvent: (id: StreamId, version: number) => damage(store, id, version) };
    };
    for (const { title, run } of storeConformance(open, { damages: true, modelRuns: 0 })) it(title, run);
  });

  describe('a store split among databases that can erase', () => {
    const open = () => {
      const databases = [libsql.open(':memory:'), libsql.open(':memory:')];
      const [east, west] = databases.map((database) => {
        migrate(database);
        return sqliteEventStore(database);
      });
      if (east === undefined || west === undefined) throw new Error('two databases');
      const store = splitEventStore({ parts: { east, west }, partOf: byLength(['east', 'west']) });
      return { store, release: async () => databases.forEach((database) => void database.close()) };
    };
    for (const { title, run } of storeConformance(open, { erasing: true, modelRuns: 5 })) it(title, run);
  });

  describe('a split store', () => {
    it('keeps the accounts of an institution in its part, and lists them from there only', async () => {
      const parts = { x: memoryEventStore({ now }), y: memoryEventStore({ now }) };
      const [x, y] = [watched(parts.x), watched(parts.y)];
      const listed: string[] = [];
      const listing = (name: string, store: EventStore): EventStore => ({
        ...store,
        accounts: (page) => {
          listed.push(name);
          return store.accounts(page);
        },
      });
      const store = splitEventStore({
        parts: { x: listing('x', x.store), y: listing('y', y.store) },
        partOf: byLength(['x', 'y']),
      });
      await store.append(account('bb'), fees(1), { expectedVersion: 0 });
      expect(x.calls).toEqual(['append 1 at 0']);
      expect(y.calls).toEqual([]);
      expect((await store.accounts({ institution: 'bb' })).accounts).toEqual([account('bb')]);
      expect(new Set(listed)).toEqual(new Set(['x']));
    });

    it('is copied to another, with the same account afterwards', async () => {
      const from = splitMemory(['x', 'y']);
      for (const institution of ['a', 'bb', 'ccc']) {
        await from.append(account(institution), fees(5), { expectedVersion: 0 });
      }
      const to = splitMemory(['one', 'two', 'three']);
      expect((await copyEvents(from, to, { pageSize: 4 })).events).toBe(15);
      expect(await to.read(account('bb'))).toEqual(await from.read(account('bb')));
      await to.append(account('bb'), [assessedFee('more')], { expectedVersion: 5 });
      expect((await loadAccount(to, account('bb'))).version).toBe(6);
    });

    it('remembers accounts if its parts do', async () => {
      const { store: part, calls } = watched(tickingStore());
      const parts = { x: rememberAccounts({ ...part }), y: memoryEventStore({ now }) };
      const store = splitEventStore({ parts, partOf: byLength(['x', 'y']) });
      for (const institution of ['a', 'bb']) {
        await store.append(account(institution), fees(60), { expectedVersion: 0 });
        await loadAccount(store, account(institution));
        const { account: after } = await execute(store, policy, account(institution), assess('new', '1.00'));
        expect(after.eventCount).toBe(61);
      }
      expect(calls.filter((call) => call.startsWith('read'))).toEqual(['read after 0']);
    });

    it('lets the part of an account observe its commands, if it does', async () => {
      const seen: unknown[] = [];
      const east = storeWith(memoryEventStore({ now }), {
        observeCommand: (command, task) => {
          seen.push(command);
          return task();
        },
      });
      const parts = { east, west: memoryEventStore({ now }) };
      const store = splitEventStore({ parts, partOf: byLength(['east', 'west']) });
      for (const institution of ['even', 'odd'])
        expect((await execute(store, policy, account(institution), assess('f1', '2.50'))).version).toBe(1);
      expect(seen).toEqual([{ institution: 'even', types: ['AssessFee'] }]);
      await expect(execute(store, policy, account(''), assess('f1', '2.50'))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      const unobserved = splitEventStore({ parts: { west: parts.west }, partOf: () => 'west' });
      expect(unobserved).not.toHaveProperty('observeCommand');
    });

    it('watches all parts until it is stopped, and watches no part if one of them fails', async () => {
      const ringing = () => {
        const watchers = new Set<() => void>();
        const store: WatchableEventStore = {
          ...memoryEventStore({ now }),
          watch: async (notify) => {
            watchers.add(notify);
            return async () => void watchers.delete(notify);
          },
        };
        return { store, watchers };
      };
      const [x, y] = [ringing(), ringing()];
      const partOf: (institution: string) => string = byLength(['x', 'y']);
      const store: WatchableEventStore = splitEventStore({ parts: { x: x.store, y: y.store }, partOf });
      let calls = 0;
      const stop = await store.watch(() => {
        calls += 1;
      });
      for (const watchers of [x.watchers, y.watchers]) for (const notify of watchers) notify();
      expect(calls).toBe(2);
      await stop();
      expect(x.watchers.size + y.watchers.size).toBe(0);

      const watch: WatchableEventStore['watch'] = () => Promise.reject(new Error('no connection'));
      const failing: WatchableEventStore = splitEventStore({
        parts: { x: x.store, y: { ...y.store, watch } },
        partOf,
      });
      await expect(failing.watch(() => undefined)).rejects.toThrow('no connection');
      expect(x.watchers.size).toBe(0);
      expect(
        'watch' in splitEventStore({ parts: { x: x.store, y: memoryEventStore({ now }) }, partOf }),
      ).toBe(false);
      await store.close();
      await expect(store.watch(() => undefined)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    });

    it.each<object>([
      {},
      { parts: {}, partOf: () => 'x' },
      { parts: { x: {} }, partOf: () => 'x' },
      { parts: { x: null }, partOf: () => 'x' },
      { parts: { x: memoryEventStore({ now }) } },
      { parts: { x: memoryEventStore({ now }) }, partOf: 'x' },
    ])('refuses invalid options: %j', (options) => {
      expect(() => splitEventStore(options as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    });

    it('refuses an institution without a part, and a part that has events of another one', async () => {
      const parts = { x: memoryEventStore({ now }), y: memoryEventStore({ now }) };
      const unknown = splitEventStore({ parts, partOf: () => 'z' });
      await expect(unknown.read(account('a'))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        details: { institution: 'a', found: 'z' },
      });
      await parts.y.append(account('a'), fees(1), { expectedVersion: 0 });
      const moved = splitEventStore({ parts, partOf: () => 'x' });
      for (const list of [moved.readAll, moved.accounts] as readonly (() => Promise<unknown>)[]) {
        await expect(list()).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          details: { institution: 'a', expected: 'x', found: 'y' },
        });
      }
    });

    it('closes its parts', async () => {
      const x = memoryEventStore({ now });
      const store = splitEventStore({ parts: { x }, partOf: () => 'x' });
      await store.close();
      await expect(x.read(account('a'))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    });
  });
});

describe('readInTurns', () => {
  const now = () => '2026-03-02T09:00:00Z';

  function splitMemory(names: readonly string[]): EventStore {
    const parts = Object.fromEntries(names.map((name) => [name, memoryEventStore({ now })]));
    return splitEventStore({
      parts,
      partOf: (institution) => names[institution.length % names.length] as string,
    });
  }

  const account = (institution: string) => ({ institution, patronId: 'p1' });

  const fees = (count: number) => Array.from({ length: count }, (_, index) => assessedFee(`f${index}`));

  /** Reads everything from a cursor on, in pages. */
  async function pages(store: EventStore, limit: number, after?: string) {
    const events: StoredAccountEvent[] = [];
    for (let from = after; ; ) {
      const page = await store.readAll({ limit, ...(from !== undefined && { after: from }) });
      if (page.events.length === 0) return { events, cursor: page.cursor };
      events.push(...page.events);
      from = page.cursor;
    }
  }

  const keyOf = ({ institution, patronId, version }: StoredAccountEvent) =>
    JSON.stringify([institution, patronId, version]);

  /** Either an append of some events to an institution, or a page of a size. */
  const steps = fc.array(
    fc.oneof(
      fc.record({
        institution: fc.constantFrom('a', 'bb', 'ccc', 'dddd'),
        count: fc.integer({ min: 1, max: 900 }),
      }),
      fc.record({ limit: fc.integer({ min: 1, max: 1_500 }) }),
    ),
    { maxLength: 25 },
  );

  describe('a reader of a split store', () => {
    it('gets every event once and in the order of its account, whatever is appended between its pages', async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (list, count) => {
          const store = splitMemory(['x', 'y', 'z'].slice(0, count));
          const seen: StoredAccountEvent[] = [];
          let after: string | undefined;
          for (const step of list) {
            if ('limit' in step) {
              const page = await store.readAll({ limit: step.limit, ...(after !== undefined && { after }) });
              seen.push(...page.events);
              after = page.cursor;
            } else {
              await store.append(account(step.institution), fees(step.count), { expectedVersion: 'any' });
            }
          }
          seen.push(...(await pages(store, 1_000, after)).events);
          expect(new Set(seen.map(keyOf)).size).toBe(seen.length);
          for (const institution of ['a', 'bb', 'ccc', 'dddd']) {
            const recorded = (await store.read(account(institution))).events;
            const ofAccount = seen.filter((event) => event.institution === institution);
            expect(ofAccount).toEqual(recorded.map((event) => ({ ...account(institution), ...event })));
          }
          const whole = (await store.readAll()).events;
          expect((await pages(store, 777)).events).toEqual(whole);
          expect(whole).toHaveLength(seen.length);
        }),
        tried(100),
      );
    });

    it('reads all parts in turns, even if one has many events, with pages of any size', async () => {
      for (const limit of [1, 400, 5_000]) {
        const store = splitMemory(['x', 'y']);
        await store.append(account('bb'), fees(3_000), { expectedVersion: 0 });
        await store.append(account('a'), fees(1), { expectedVersion: 0 });
        const { events } = await pages(store, limit);
        expect(events.findIndex(({ institution }) => institution === 'a')).toBe(1_000);
        expect(events).toHaveLength(3_001);
      }
    });

    it('continues with a part that was added', async () => {
      const [x, y] = [memoryEventStore({ now }), memoryEventStore({ now })];
      const before = splitEventStore({ parts: { x }, partOf: () => 'x' });
      await before.append(account('old'), fees(2), { expectedVersion: 0 });
      const { cursor } = await pages(before, 10);
      const partOf = (institution: string) => (institution === 'old' ? 'x' : 'y');
      const store = splitEventStore({ parts: { x, y }, partOf });
      await store.append(account('new'), fees(1), { expectedVersion: 0 });
      const { events } = await pages(store, 10, cursor);
      expect(events.map(({ institution }) => institution)).toEqual(['new']);
      await expect(before.readAll({ after: (await pages(store, 10)).cursor })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    });
  });
});
