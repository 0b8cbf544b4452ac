import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyEvents, type EventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { runPurge, runRetention } from '../../../src/jobs/index.js';
import {
  type KeyStore,
  keyedEventStore,
  memoryKeys,
  postgresKeys,
  sqliteKeys,
} from '../../../src/stores/keys/index.js';
import { natsEventStore } from '../../../src/stores/nats/index.js';
import {
  inlineAccounts as postgresAccounts,
  postgresEventStore,
  migrate as preparePostgres,
  rebuildAccounts,
} from '../../../src/stores/postgres/index.js';
import {
  inlineAccounts,
  migrate as prepareSqlite,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { faultsOfTables, postgresTables, sqliteTables } from '../../support/accountTables.js';
import { assessedFee } from '../../support/assessedFee.js';
import { prefixOf, startNatsServers } from '../../support/natsServers.js';
import { newPool, postgresServer } from '../../support/postgresServer.js';
import { itWith } from '../../support/programs.js';
import { fillSecretly, isSettled, purgeForm, retentionForm } from '../../support/secretAccounts.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';
import { tickingStore } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD' });
const PATRONS = 12;
const settled = Array.from({ length: PATRONS }, (_, index) => index).filter(isSettled);
const owing = Array.from({ length: PATRONS }, (_, index) => index).filter((index) => !isSettled(index));

/** Returns the patrons whose secrets are in some data. */
function patronsIn(data: string): ReadonlySet<number> {
  return new Set([...data.matchAll(/secret-(\d+)-/g)].map(([, index]) => Number(index)));
}

/** Returns the patrons whose secrets are in a file, or in any file under a folder. */
function patronsUnder(path: string): ReadonlySet<number> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  // A file may vanish, as the log of a server does.
  const bytesOf = (file: string) => {
    try {
      return readFileSync(file, 'latin1');
    } catch {
      return '';
    }
  };
  return patronsIn(files.map(({ parentPath, name }) => bytesOf(join(parentPath, name))).join('\n'));
}

async function patronsOf(store: EventStore): Promise<ReadonlySet<number>> {
  return patronsIn(JSON.stringify((await store.readAll()).events));
}

/**
 * Fills a store, makes a backup, and runs retention: the files never have a text, and neither the store nor the backup gives
 * one back of what is settled; what is owed keeps its texts.
 */
async function shows(
  behind: EventStore,
  {
    folders,
    backup,
    keys,
  }: Readonly<{ folders: string[]; backup: () => Promise<EventStore>; keys: KeyStore }>,
  remaining: string | null,
): Promise<void> {
  const store = keyedEventStore(behind, { keys });
  await fillSecretly(store, policy, PATRONS);
  expect((await patronsOf(store)).size).toBe(PATRONS);
  for (const folder of folders) expect([...patronsUnder(folder)]).toEqual([]);
  const earlier = await backup();
  const restored = keyedEventStore(earlier, { keys });
  expect((await patronsOf(earlier)).size).toBe(0);
  expect((await patronsOf(restored)).size).toBe(PATRONS);
  const dump = async () => JSON.stringify((await earlier.readAll()).events);
  const before = await dump();

  expect(await runRetention(store, policy, retentionForm)).toMatchObject({
    accepted: true,
    report: {
      accounts: PATRONS,
      changed: PATRONS,
      events: settled.length * 4 + owing.length * 2,
      kept: { FeeOpen: owing.length },
      remaining,
    },
  });

  for (const reader of [store, restored])
    expect([...(await patronsOf(reader))].sort()).toEqual([...owing].sort());
  expect(await dump()).toBe(before);
  for (const folder of folders) expect([...patronsUnder(folder)]).toEqual([]);
  expect(await runRetention(store, policy, retentionForm)).toMatchObject({
    report: { events: 0, changed: 0 },
  });
  // The search finds what is there: a text without a key, appended as if it had one.
  const plain = [assessedFee('f1', { comment: 'secret-999-' })];
  await behind.append({ institution: 'south', patronId: 'p1' }, plain, {
    expectedVersion: 0,
    underKeys: true,
  });
  expect([...patronsUnder(folders[0] as string)]).toEqual([999]);
}

it('erases by key in SQLite, in its log and in an earlier backup, and the tables of accounts stay right', async () => {
  const [events, keyFile] = [temporaryFile(), temporaryFile()];
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-backup-'));
  const [database, keyDatabase] = [libsql.open(events.file), libsql.open(keyFile.file)];
  prepareSqlite(database);
  const keys = sqliteKeys(keyDatabase);
  const behind = sqliteEventStore(database, { synchronous: 'normal', inline: [inlineAccounts] });
  const store = keyedEventStore(behind, { keys });
  let restored: ReturnType<typeof libsql.open> | undefined;
  const account = { institution: 'north', patronId: 'p1' };
  const secretOf = async () => JSON.parse((await keys.read([account]))[0] ?? '[{}]')[0].secret;
  let secret: unknown;
  const bytesOfKeys = () =>
    [keyFile.file, `${keyFile.file}-wal`].map((path) => readFileSync(path, 'latin1')).join('');
  const backup = async () => {
    secret = await secretOf();
    expect(bytesOfKeys()).toContain(secret);
    database.exec('pragma wal_checkpoint(truncate)');
    copyFileSync(events.file, join(folder, 'fees.db'));
    restored = libsql.open(join(folder, 'fees.db'));
    return sqliteEventStore(restored);
  };
  await shows(behind, { folders: [join(events.file, '..'), folder], backup, keys }, null);
  expect(await secretOf()).toBeUndefined();
  expect(bytesOfKeys()).not.toContain(secret);
  expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);

  expect(await runPurge(store, policy, purgeForm, { now: purgeForm.at })).toMatchObject({
    report: { purged: settled.length },
  });
  expect([...(await patronsOf(store))].sort()).toEqual([...owing, 999].sort());
  expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);
  for (const one of [database, keyDatabase, restored]) one?.close();
  for (const { remove } of [events, keyFile]) remove();
  rmSync(folder, { recursive: true });
});

it('erases by key in PostgreSQL, in its log and in an earlier dump, and the tables of accounts stay right', async () => {
  const [server, keyServer] = [await postgresServer(), await postgresServer()];
  const [pool, keyPool] = [newPool(server.connection), newPool(keyServer.connection)];
  await preparePostgres(pool);
  await rebuildAccounts(pool);
  const keys = await postgresKeys(keyPool);
  const { rows } = await pool.query('show data_directory');
  const folder = rows[0].data_directory as string;
  const behind = postgresEventStore(pool, { inline: [postgresAccounts] });
  const store = keyedEventStore(behind, { keys });
  const backup = async () => {
    await pool.query(
      'checkpoint; create schema dump; create table dump.patron_fees_event as table patron_fees_event',
    );
    await pool.query('create table dump.patron_fees_schema as table patron_fees_schema');
    const restored = newPool({ ...server.connection, options: '-c search_path=dump' });
    pools.push(restored);
    return postgresEventStore(restored);
  };
  const pools = [pool, keyPool];
  await shows(behind, { folders: [folder], backup, keys }, 'vacuum');
  // What remains are keys, and only in the key store.
  await keyPool.query('vacuum full patron_fees_key');
  expect(await store.sweep()).toEqual({});
  expect(await faultsOfTables(await postgresTables(pool), store)).toEqual([]);
  for (const one of pools) await one.end();
  for (const one of [server, keyServer]) await one.remove();
});

itWith(
  ['nats-server'],
  'erases by key in a NATS stream that nobody can change, and in an earlier copy',
  async () => {
    const servers = await startNatsServers(1);
    const copied = mkdtempSync(join(tmpdir(), 'patron-fees-backup-'));
    const stream = await servers.newStream();
    const client = await servers.connect();
    const keys = memoryKeys();
    const behind = natsEventStore({ ...client, stream, prefix: prefixOf(stream) });
    const backup = async () => {
      cpSync(servers.folder, copied, { recursive: true });
      const copy = tickingStore();
      await copyEvents(behind, copy);
      return copy;
    };
    const store = keyedEventStore(behind, { keys });
    await shows(behind, { folders: [servers.folder, copied], backup, keys }, null);
    await expect(runPurge(store as never, policy, purgeForm)).rejects.toThrow(
      /INVALID_ARGUMENT.*remove events.*NATS/,
    );
    await servers.stop();
    rmSync(copied, { recursive: true });
  },
);
