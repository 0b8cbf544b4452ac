import { expect, it } from 'vitest';
import {
  catchUp,
  checkpointMoved,
  type ErasingEventStore,
  type EventStore,
  memoryEventStore,
  parked,
  retryParked,
} from '../../src/history/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { damageable } from '../support/damageable.js';
import { parkingProjection } from '../support/parkingProjection.js';
import { libsql } from '../support/sqliteDrivers.js';
import { stream } from '../support/stores.js';

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
  expect([unparked, still]).toEqual([0, [{ ...before, reason: { ...before?.reason, code: 'RangeError' } }]]);
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
