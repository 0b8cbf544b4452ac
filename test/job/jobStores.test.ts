import { memoryEventStore } from 'patron-fees/history';
import { officeEvents } from 'patron-fees/office';
import { expect, it } from 'vitest';
import { checkedStores, storeReader } from '../../src/job/jobStores.js';
import { assessedFee } from '../support/assessedFee.js';

const stream = { institution: 'north', patronId: 'u1' };

async function filled() {
  let hour = 9;
  const store = memoryEventStore({
    now: () => {
      hour += 1;
      return `2026-03-02T${hour}:00:00Z`;
    },
  });
  for (const id of ['f1', 'f2', 'f3'])
    await store.append(stream, [assessedFee(id)], { expectedVersion: 'any' });
  return store;
}

it('accepts a store alone or together with that of the office, also as an object of a class', async () => {
  const store = await filled();
  class Own {
    read = store.read;
    accounts = () => store.accounts();
  }
  for (const accounts of [store, new Own() as never]) {
    expect(checkedStores(accounts, {})).toEqual({ accounts, office: undefined, faults: [] });
    const both = { accounts, office: memoryEventStore({ now: String, codec: officeEvents }) };
    expect(checkedStores(both, { needsOffice: true })).toEqual({ ...both, faults: [] });
  }
});

it.each([
  [undefined, {}, ['stores']],
  [{ accounts: {} }, {}, ['stores.accounts']],
  [{ accounts: memoryEventStore({ now: String }) }, { needsOffice: true }, ['stores.office']],
  [{ accounts: memoryEventStore({ now: String }), office: {} }, {}, ['stores.office']],
  [{ read: () => undefined, accounts: () => undefined }, { erases: 'texts' }, ['stores']],
  [{ ...memoryEventStore({ now: String }), purge: undefined }, { erases: 'events' }, ['stores']],
  [{ ...memoryEventStore({ now: String }), purge: undefined }, { erases: 'texts' }, []],
] as const)('%# is refused with the missing part', (stores, needs, paths) => {
  expect(checkedStores(stores as never, needs).faults.map(({ path }) => path)).toEqual(paths);
});

it('returns the instant right after the last event that was read', async () => {
  const store = await filled();
  const reader = storeReader(undefined);
  const reading = reader.reading(store);
  expect(reader.recordedBefore()).toBeNull();
  await reading.read(stream);
  expect(reader.recordedBefore()).toBe('2026-03-02T12:00:00.000000001Z');
});

it('leaves out events that were recorded later, and has the version of the last remaining event', async () => {
  const reader = storeReader('2026-03-02T12:00:00Z');
  const { version, events } = await reader.reading(await filled()).read(stream);
  expect([version, events.length]).toEqual([2, 2]);
  expect(reader.recordedBefore()).toBe('2026-03-02T11:00:00.000000001Z');
});

it.each([1, 2, 3])('refuses a stream whose event %i was deleted', async (missing) => {
  const store = await filled();
  const read: typeof store.read = async (...given) => {
    const slice = await store.read(...given);
    return { ...slice, events: slice.events.filter(({ version }) => version !== missing) };
  };
  const reading = storeReader(undefined).reading({ ...store, read });
  await expect(reading.read(stream)).rejects.toMatchObject({
    code: 'CORRUPT_HISTORY',
    message: expect.stringContaining('north/u1: expected version'),
  });
});

it('reads parts of a stream', async () => {
  const reading = storeReader(undefined).reading(await filled());
  expect((await reading.read(stream, { after: 1, limit: 1 })).events).toHaveLength(1);
  expect((await reading.read(stream, { after: 99 })).version).toBe(3);
});
