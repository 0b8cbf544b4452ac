import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isStoreAddress, openStore } from '../../src/cli/openStore.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

it('knows the addresses of stores from names of files', () => {
  const stores = [
    'sqlite:a.db',
    'postgres://h/d',
    'postgresql://h/d',
    'postgres:postgres://h',
    'nats://h:1/S',
  ];
  expect(stores.filter(isStoreAddress)).toEqual(stores);
  expect(['a.jsonl', '-', 'jsonl:a', 'sqlite:', './sqlite:a'].filter(isStoreAddress)).toEqual([]);
});

it('opens a file of SQLite, and creates one only if asked', async () => {
  const address = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  await expect(openStore(address)).rejects.toThrow('there is no such file');
  const { store, close } = await openStore(address, true);
  expect((await store.readAll()).events).toEqual([]);
  await close();
  await (await openStore(address)).close();
  await expect(openStore('mysql:x')).rejects.toThrow('expected a store');
});
