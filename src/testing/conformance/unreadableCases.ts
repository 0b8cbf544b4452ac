import assert from 'node:assert/strict';
import type { EventPage, EventPageOptions, EventStore, StreamId } from '../../history/eventStore.js';
import { type CapabilityClause, fees, north, pause, refused, type StoreUnderTest } from './clause.js';

const south = { institution: 'south', patronId: 'p1' };
const east = { institution: 'east', patronId: 'p1' };

/** The clauses on events that cannot be read. */
export const unreadableCases: readonly CapabilityClause[] = [
  [
    'refuses a page with an event that cannot be read, with its stream and version, and a page without it not',
    async (opened) => {
      const { store } = await damaged(opened);
      const details = await refused('INVALID_EVENT', () => store.readAll(), 'all events');
      assert.deepEqual([details.stream, details.version], ['south/p1', 2]);
      assert.equal((await store.readAll({ limit: 4 })).events.length, 4, 'a page before it');
      await refused('INVALID_EVENT', () => store.read(south), 'its stream');
      assert.equal((await store.read(north)).events.length, 3, 'another stream');
    },
  ],
  [
    'lists an event that cannot be read, and returns the others of its page, whatever the page size',
    async (opened) => {
      const { store } = await damaged(opened);
      for (const limit of [1, 2, 4, 5, 6, 8, 9]) {
        const { events, unreadable } = await everyPage(store, { limit, onUnreadable: 'list' });
        const what = `${limit} at a time`;
        assert.deepEqual(versionsOf(events, north), [1, 2, 3], what);
        assert.deepEqual(versionsOf(events, south), [1, 3], what);
        assert.deepEqual(versionsOf(events, east), [1, 2], what);
        assert.deepEqual(versionsOf(unreadable, south), [2], what);
        const [{ recordedAt, error } = assert.fail()] = unreadable;
        assert.equal(unreadable.length, 1, what);
        assert.equal(error.code, 'INVALID_EVENT', what);
        assert.equal(recordedAt, events.find(({ institution }) => institution === 'south')?.recordedAt, what);
      }
      const whole = await store.readAll({ limit: 4, onUnreadable: 'list' });
      assert.ok(!('unreadable' in whole), 'a page before it');
    },
  ],
];

/** The clause on events before which others are missing. */
export const unreadableGapCase: CapabilityClause = [
  'lists an event before which others are missing, and returns those after it',
  async ({ store, deleteEvent }) => {
    await store.append(north, fees(5), { expectedVersion: 0 });
    await store.append(south, fees(2), { expectedVersion: 0 });
    await deleteEvent?.(north, 3);
    const { events, unreadable } = await everyPage(store, { limit: 9, onUnreadable: 'list' });
    assert.deepEqual(versionsOf(events, north), [1, 2, 5]);
    assert.deepEqual(versionsOf(events, south), [1, 2]);
    assert.deepEqual(versionsOf(unreadable, north), [4]);
    assert.equal(unreadable[0]?.error.code, 'CORRUPT_HISTORY');
  },
];

/** Stores three events of north, three of south, whose second one cannot be read, and two of east. */
async function damaged({ store, damageEvent }: StoreUnderTest): Promise<{ readonly store: EventStore }> {
  assert.ok(damageEvent !== undefined, 'the store under test must have `damageEvent`');
  await store.append(north, fees(3, 'n'), { expectedVersion: 0 });
  await store.append(south, fees(3, 's'), { expectedVersion: 0 });
  await store.append(east, fees(2, 'e'), { expectedVersion: 0 });
  // Events may appear among those of all streams a little later.
  for (let tries = 0; (await store.readAll()).events.length < 8 && tries < 500; tries++) await pause(20);
  await damageEvent(south, 2);
  return { store };
}

/** Reads all events, page by page. */
async function everyPage(store: EventStore, options: EventPageOptions) {
  const events: EventPage['events'][number][] = [];
  const unreadable: NonNullable<EventPage['unreadable']>[number][] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.readAll({ ...options, ...(after !== undefined && { after }) });
    events.push(...page.events);
    unreadable.push(...(page.unreadable ?? []));
    if (page.events.length + (page.unreadable?.length ?? 0) === 0) return { events, unreadable };
    after = page.cursor;
  }
}

function versionsOf(
  events: readonly (StreamId & { readonly version: number })[],
  { institution }: StreamId,
): readonly number[] {
  return events.filter((event) => event.institution === institution).map(({ version }) => version);
}
