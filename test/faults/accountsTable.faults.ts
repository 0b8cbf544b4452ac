import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { faultsOfTables, postgresTables, sqliteTables } from '../support/accountTables.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { faultsAfter, workAtDesk } from '../support/deskWork.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { timesOf } from './timesOf.js';

const KILLS = timesOf(30);

it(`the inline table of accounts equals the fold of every stream after ${KILLS} killed processes (kill -9) in SQLite`, async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  sqlite.migrate(database);
  await sqlite.rebuildAccounts(database);
  const store = sqlite.sqliteEventStore(database, { inline: [sqlite.inlineAccounts] });
  const program = fileURLToPath(new URL('./sqliteWriter.ts', import.meta.url));
  const acknowledged = new Set<string>();
  let named = 0;
  type Writer = { readonly process: ChildProcess; readonly ended: Promise<unknown>; acknowledged: number };
  const startWriter = (): Writer => {
    named += 1;
    const child = spawn(process.execPath, [bundledProgram(program), file, `desk${named}`, 'inline'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const writer: Writer = { process: child, ended, acknowledged: 0 };
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (id) => {
      acknowledged.add(id);
      writer.acknowledged += 1;
    });
    return writer;
  };
  let writers = [startWriter(), startWriter(), startWriter()];
  const killed = async (writer: Writer) => {
    writer.process.kill('SIGKILL');
    await writer.ended;
  };
  try {
    for (let kills = 0; kills < KILLS; kills++) {
      const [victim, ...others] = writers as [Writer, ...Writer[]];
      while (victim.acknowledged < 3) await pause(5);
      await pause(Math.random() * 30);
      await killed(victim);
      // The table and the events as of one moment, while the other processes write.
      database.exec('begin');
      const tables = sqliteTables(database);
      const faults = await faultsOfTables(tables, store);
      database.exec('commit');
      expect(faults).toEqual([]);
      writers = [...others, startWriter()];
    }
  } finally {
    await Promise.all(writers.map(killed));
  }
  expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);
  expect(await faultsAfter(store, acknowledged, 'at rest')).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(3 * KILLS);
  database.close();
  remove();
});

it(`the inline table of accounts equals the fold of every stream after ${KILLS} killed servers (kill -9) of PostgreSQL`, async () => {
  const server = await postgresServer();
  const pool = newPool(server.connection);
  await postgres.migrate(pool);
  await postgres.rebuildAccounts(pool);
  const store = postgres.postgresEventStore(pool, { inline: [postgres.inlineAccounts] });
  const acknowledged = new Set<string>();
  for (let kills = 0; kills < KILLS; kills++) {
    let writing = true;
    const before = acknowledged.size;
    const desks = ['a', 'b', 'c', 'd'].map((desk) =>
      workAtDesk(
        store,
        `${desk}${kills}`,
        0,
        () => writing,
        (id) => acknowledged.add(id),
      ),
    );
    while (acknowledged.size < before + 10) await pause(5);
    await pause(Math.random() * 50);
    await server.kill();
    writing = false;
    await server.start();
    await Promise.all(desks);
    expect(await faultsOfTables(await postgresTables(pool), store)).toEqual([]);
  }
  expect(await faultsAfter(store, acknowledged, 'at rest')).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(10 * KILLS);
  await pool.end();
  await server.remove();
});
