import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isStoreAddress, openStore, withoutPassword } from '../../src/cli/openStore.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

it('distinguishes addresses of stores from names of files', () => {
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

it('does not take an empty file for a database', async () => {
  const file = join(temporaryFolder(), 'empty.db');
  writeFileSync(file, '');
  await expect(openStore(`sqlite:${file}`)).rejects.toThrow('is empty, not a database');
  expect(readFileSync(file, 'utf8')).toBe('');
  writeFileSync(file, 'no database');
  await expect(openStore(`sqlite:${file}`)).rejects.toThrow(`sqlite:${file}: file is not a database`);
});

it('shows addresses without their passwords', () => {
  expect(withoutPassword('postgres://u@h/d')).toBe('postgres://u@h/d');
  expect(withoutPassword('postgres:postgres://u:p@h/d?password=x&host=a')).toBe(
    'postgres:postgres://u:***@h/d?password=***&host=a',
  );
  expect(withoutPassword('postgres://me@library:p@h/d')).toBe('postgres://me@library:***@h/d');
  expect(withoutPassword('nats://token@h:1,i:2/S')).toBe('nats://***@h:1,i:2/S');
  expect(withoutPassword('sqlite:a@b:c.db')).toBe('sqlite:a@b:c.db');
  const schemes = fc.constantFrom('postgres', 'postgresql', 'nats', 'mysql');
  const rests = fc.constantFrom('h/d', 'h:5432/d?host=%2Ftmp', 'a:1,b:2/S');
  fc.assert(
    fc.property(schemes, fc.string(), rests, (scheme, secret, rest) => {
      expect(withoutPassword(`${scheme}://user:${secret}@${rest}`)).toBe(`${scheme}://user:***@${rest}`);
    }),
  );
});
