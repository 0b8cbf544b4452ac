import { expect, it } from 'vitest';
import { type EventStore, memoryEventStore, type StreamId } from '../../../src/history/index.js';
import { unreadableCases } from '../../../src/testing/conformance/unreadableCases.js';
import { damageable } from '../../support/damageable.js';

const titles = unreadableCases.map(([title]) => title);
const [refuses, lists] = titles;

/** Returns the titles of the cases that fail for a store with a defect. */
async function failures(defect: (store: EventStore) => Partial<EventStore>, canDamage = true) {
  const failed: string[] = [];
  for (const [title, check] of unreadableCases) {
    const { codec, damage } = damageable();
    const store = memoryEventStore({ now: () => new Date().toISOString(), codec });
    const damageEvent = (stream: StreamId, version: number) => damage(store, stream, version);
    const opened = { store: { ...store, ...defect(store) }, ...(canDamage && { damageEvent }) };
    await check(opened).catch(() => failed.push(title));
  }
  return failed;
}

it('passes for a sound store, and fails in every case if nothing can be damaged', async () => {
  expect(await failures(() => ({}))).toEqual([]);
  expect(await failures(() => ({}), false)).toEqual(titles);
});

it.each<[string, (store: EventStore) => Partial<EventStore>, (string | undefined)[]]>([
  [
    'skips what it cannot read',
    ({ readAll }) => ({ readAll: (options) => readAll({ ...options, onUnreadable: 'list' }) }),
    [refuses],
  ],
  [
    'does not list what it cannot read',
    ({ readAll }) => ({
      readAll: async (options) => {
        const { events, cursor } = await readAll(options);
        return { events, cursor };
      },
    }),
    [lists],
  ],
  [
    'ignores the option',
    ({ readAll }) => ({ readAll: ({ onUnreadable, ...page } = {}) => readAll(page) }),
    [lists],
  ],
  [
    'drops the rest of the page',
    ({ readAll }) => ({
      readAll: async (options) => {
        const page = await readAll(options);
        return page.unreadable === undefined ? page : { ...page, events: [] };
      },
    }),
    [lists],
  ],
])('detects a store that %s', async (_, defect, expected) => {
  expect(await failures(defect)).toEqual(expected);
});
