import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { sqliteOutbox } from '../../../src/stores/feed/index.js';
import { keyedEventStore, memoryKeys } from '../../../src/stores/keys/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { outboxCases } from '../../support/outboxCases.js';
import { describeWith } from '../../support/programs.js';
import { libsql, type OpenDatabase, sqliteDrivers } from '../../support/sqliteDrivers.js';

const databases: OpenDatabase[] = [];

afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

function newDatabase(open = libsql.open): OpenDatabase {
  const database = open(':memory:');
  databases.push(database);
  migrate(database);
  return database;
}

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `an outbox in SQLite by ${name}`, () => {
    outboxCases(async (options) => {
      const database = newDatabase(open);
      const outbox = sqliteOutbox(database, options);
      return { outbox, store: sqliteEventStore(database, { inline: [outbox] }) };
    });
  });
}

it('is written in the transaction of the caller, and rolled back with it', async () => {
  const database = newDatabase();
  const outbox = sqliteOutbox(database, { source: '/fees' });
  const store = sqliteEventStore(database, { inline: [outbox] });
  const stream = { institution: 'north', patronId: 'p1' };
  for (const end of ['rollback', 'commit']) {
    database.exec('begin immediate');
    await store.within(database).append(stream, [assessedFee('f1')], { expectedVersion: 0 });
    database.exec(end);
  }
  expect(await outbox.waiting(10)).toHaveLength(1);
});

it('leaves no text in its file once everything is sent, if the relay has a connection of its own', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'outbox-')), 'outbox.db');
  const [database, second] = [libsql.open(file), libsql.open(file)];
  databases.push(database, second);
  migrate(database);
  const options = { source: '/fees', texts: true };
  const store = sqliteEventStore(database, { inline: [sqliteOutbox(database, options)] });
  const relaying = sqliteOutbox(second, options);
  const stream = { institution: 'north', patronId: 'p1' };
  for (const version of [0, 1]) {
    const event = assessedFee(`f${version}`, { comment: 'Was in hospital' });
    await store.append(stream, [event], { expectedVersion: version });
  }
  const texts = () =>
    [file, `${file}-wal`].filter(existsSync).flatMap((name) => {
      return readFileSync(name, 'latin1').match(/Was in hospital/g) ?? [];
    });
  expect(texts()).not.toEqual([]);
  const waiting = await relaying.waiting(10);
  expect(waiting).toHaveLength(2);
  await relaying.remove(waiting);
  expect((await store.redact(stream)).remaining).toBeUndefined();
  expect(texts()).toEqual([]);
  rmSync(dirname(file), { recursive: true });
});

it('never has a text of a store with keys, even if texts are asked for', async () => {
  const database = newDatabase();
  const outbox = sqliteOutbox(database, { source: '/fees', texts: true });
  const store = keyedEventStore(sqliteEventStore(database, { inline: [outbox] }), { keys: memoryKeys() });
  const event = assessedFee('f1', { comment: 'Was in hospital' });
  await store.append({ institution: 'north', patronId: 'p1' }, [event], { expectedVersion: 0 });
  const [waiting] = await outbox.waiting(10);
  expect(waiting?.event.data.data).toEqual(assessedFee('f1').data);
  expect(waiting?.event.data.metadata?.sealed).toBeUndefined();
});

it('refuses what is not a database, and invalid options', () => {
  expect(() => sqliteOutbox({} as never, { source: '/fees' })).toThrow('INVALID_ARGUMENT');
  for (const wrong of [{}, { source: '/fees', types: 'FeeDisputed' }, { source: '/fees', type: [] }])
    expect(() => sqliteOutbox(newDatabase(), wrong as never)).toThrow('INVALID_ARGUMENT');
});
