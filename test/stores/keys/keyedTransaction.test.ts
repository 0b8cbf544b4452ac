import { expect, it } from 'vitest';
import { keyedEventStore, memoryKeys } from '../../../src/stores/keys/index.js';
import { migrate, type SqliteEventStore, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { libsql } from '../../support/sqliteDrivers.js';

const stream = { institution: 'north', patronId: 'p1' };
const fee = (id: string) => assessedFee(id, { comment: `secret of ${id}` });

function opened(beforeBegin: () => Promise<unknown> = async () => undefined) {
  const database = libsql.open(':memory:');
  migrate(database);
  const behind = sqliteEventStore(database);
  const keys = memoryKeys();
  const slow: SqliteEventStore = {
    ...behind,
    transaction: async (accounts, task) => {
      await beforeBegin();
      return behind.transaction(accounts, task);
    },
  };
  return { behind, keys, store: keyedEventStore(slow, { keys }), close: () => database.close() };
}

const commentsOf = async (store: SqliteEventStore) =>
  (await store.read(stream)).events.map(({ event }) => event.data.comment);

it('encrypts the texts of a transaction, which its task reads', async () => {
  const { behind, store, close } = opened();
  await store.transaction([stream], (transaction) => {
    transaction.append(stream, [fee('f1')], { expectedVersion: 'any' });
    transaction.append(stream, [fee('f2'), assessedFee('f3')], { expectedVersion: 1 });
    const { events } = transaction.read(stream, { after: 1 });
    expect(events.map(({ event }) => event.data.comment)).toEqual(['secret of f2', undefined]);
  });
  expect(await commentsOf(store)).toEqual(['secret of f1', 'secret of f2', undefined]);
  expect(JSON.stringify(await behind.readAll())).not.toContain('secret');
  close();
});

it('keeps the texts of a transaction if another process erases the account before it begins, but not earlier texts', async () => {
  const opening = opened(() => opening.store.redact(stream));
  const { behind, keys, store, close } = opening;
  await store.append(stream, [fee('f1')], { expectedVersion: 0 });
  await store.transaction([stream], (transaction) =>
    transaction.append(stream, [fee('f2')], { expectedVersion: 1 }),
  );
  expect(await commentsOf(store)).toEqual([undefined, 'secret of f2']);
  expect((await keyedEventStore(behind, { keys }).redact(stream)).events).toBe(1);
  expect(await commentsOf(store)).toEqual([undefined, undefined]);
  close();
});

it('appends nothing if the keys cannot be read, and rejects with their error', async () => {
  const { behind, close } = opened();
  const down = new Error('the key service is down');
  const keys = { ...memoryKeys(), read: () => Promise.reject(down) };
  const run = keyedEventStore(behind, { keys }).transaction([stream], () => expect.unreachable());
  await expect(run).rejects.toBe(down);
  close();
});
