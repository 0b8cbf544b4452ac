import fc from 'fast-check';
import {
  type EventStore,
  memoryEventStore,
  type StoredAccountEvent,
  splitEventStore,
} from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { assessedFee } from '../support/assessedFee.js';
import { tried } from '../support/seeded.js';

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
