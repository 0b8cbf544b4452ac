import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sqliteOutbox } from '../../src/stores/feed/index.js';
import { keyedEventStore, sqliteKeys } from '../../src/stores/keys/index.js';
import {
  findAccounts,
  inlineAccounts,
  migrate,
  partsOf,
  type SqliteProjection,
  sqliteEventStore,
} from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { fileOf, runInMemory, storedLines } from '../support/commandLine.js';
import { libsql, type OpenDatabase } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const stream = { institution: 'north', patronId: 'u1' };

/** A file to which a service with some inline projections has appended, under keys if it has a file of them. */
async function serviceFile(inline: (database: OpenDatabase) => readonly SqliteProjection[], keys?: string) {
  const file = join(temporaryFolder(), 'fees.db');
  const database = libsql.open(file);
  migrate(database);
  const plain = sqliteEventStore(database, { inline: inline(database) });
  const keysDatabase = keys === undefined ? undefined : libsql.open(keys);
  const store = keysDatabase ? keyedEventStore(plain, { keys: sqliteKeys(keysDatabase) }) : plain;
  await store.append(stream, [assessedFee('f1', { comment: 'The dog' })], { expectedVersion: 0 });
  keysDatabase?.close();
  database.close();
  return file;
}

const balances = () => {
  const file = join(temporaryFolder(), 'balances.csv');
  const head = 'patronId,id,amount,remaining,feeType,owner,at';
  writeFileSync(file, `${head}\nu17,F-1,12.50,12.50,OVERDUEFINE,MAIN,2026-03-02\n`);
  return file;
};

const importInto = (file: string, ...more: string[]) =>
  runInMemory([
    'import',
    'balances',
    balances(),
    '--institution',
    'north',
    '--into',
    `sqlite:${file}`,
    '--office',
    `sqlite:${join(temporaryFolder(), 'office.db')}`,
    ...more,
  ]);

it('import and copy also update the table of accounts of the service', async () => {
  const file = await serviceFile(() => [inlineAccounts]);
  expect((await importInto(file)).exitCode).toBe(0);
  expect((await runInMemory(['copy', fileOf(storedLines(['u18'])), `sqlite:${file}`])).exitCode).toBe(0);
  const database = libsql.open(file);
  const { accounts } = await findAccounts(database, {
    institution: 'north',
    currency: 'USD',
    order: 'patron',
  });
  expect(accounts.map(({ patronId }) => patronId)).toEqual(['u1', 'u17', 'u18']);
  database.close();
});

it('import, copy and serve refuse a store whose outbox only the service can write', async () => {
  const file = await serviceFile((database) => [sqliteOutbox(database, { source: '/fees' }), inlineAccounts]);
  const results = [
    await importInto(file),
    await runInMemory(['copy', fileOf(storedLines(['u18'])), `sqlite:${file}`]),
    await runInMemory(['serve', 'alma', `sqlite:${file}`, '--institution', 'north']),
  ];
  for (const { exitCode, errors } of results) {
    expect(exitCode).toBe(2);
    expect(errors).toContain('each append also goes to outbox');
  }
  expect(await runInMemory(['migrate', `sqlite:${file}`])).toMatchObject({ exitCode: 0 });
  expect((await runInMemory(['export', `sqlite:${file}`])).output.trim().split('\n').length).toBe(1);
});

it('encrypted texts need --keys, and are then encrypted; the keys of another store are refused', async () => {
  const keys = join(temporaryFolder(), 'keys.db');
  const file = await serviceFile(() => [], keys);
  expect((await importInto(file)).errors).toContain('--keys says where the keys are');
  expect((await importInto(file, '--keys', `sqlite:${keys}.none`)).errors).toContain('there are no keys');
  expect((await importInto(file, '--keys', 'nats://h/K')).errors).toContain('expected a store of keys');
  expect((await importInto(file, '--keys', `sqlite:${keys}`)).exitCode).toBe(0);
  const other = join(temporaryFolder(), 'other.db');
  const from = fileOf(storedLines(['u18']));
  expect((await runInMemory(['copy', from, `sqlite:${file}`, '--keys', `sqlite:${keys}`])).exitCode).toBe(0);
  const copied = await runInMemory(['copy', `sqlite:${file}`, `sqlite:${other}`, '--keys', `sqlite:${keys}`]);
  expect(copied.exitCode).toBe(0);
  // Again: the texts of both are compared as they were before they were encrypted.
  const again = await runInMemory(['copy', `sqlite:${file}`, `sqlite:${other}`, '--keys', `sqlite:${keys}`]);
  expect(again).toEqual(copied);
  const database = libsql.open(other);
  expect(partsOf(database)).toEqual(['keys']);
  const texts = database.prepare('select event from patron_fees_event').all();
  expect(JSON.stringify(texts)).not.toContain('The dog');
  database.close();
  expect((await runInMemory(['export', `sqlite:${other}`])).output).not.toContain('The dog');
  const shown = await runInMemory(['export', `sqlite:${other}`, '--keys', `sqlite:${keys}`]);
  expect(shown.output).toContain('The dog');
});

it('keys that are wrapped by a key service are refused', async () => {
  const keys = join(temporaryFolder(), 'keys.db');
  const file = await serviceFile(() => [], keys);
  const database = libsql.open(keys);
  database.exec("update patron_fees_key set keys = 'wrapped'");
  database.close();
  const { exitCode, errors } = await importInto(file, '--keys', `sqlite:${keys}`);
  expect([exitCode, errors]).toEqual([2, expect.stringContaining('wrapped by a key service')]);
});
