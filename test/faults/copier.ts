// A process that copies accounts and their office, and dies as by kill -9 in the middle of one of its calls of the target:
// node copier.js CALL TARGET FROM OFFICE TO TO-OFFICE, where TARGET is `sqlite`, by the command line, or `pglite`. It prints the
// number of its calls if it lives.
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { runCli } from '../../src/cli/runCli.js';
import { copyEvents } from '../../src/history/index.js';
import { officeEvents } from '../../src/office/index.js';
import { migrate, postgresEventStore } from '../../src/stores/postgres/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';

const [last = '', target = '', from = '', office = '', to = '', toOffice = ''] = process.argv.slice(2);
let calls = 0;

/** Counts the calls of some methods; the last one is not made. */
function count<Counted extends object>(
  counted: Counted,
  ...methods: readonly (keyof Counted & string)[]
): void {
  for (const method of methods) {
    const original = counted[method] as (...args: unknown[]) => unknown;
    const counting = function (this: unknown, ...args: unknown[]) {
      calls += 1;
      if (calls === Number(last)) process.kill(process.pid, 'SIGKILL');
      return original.apply(this, args);
    };
    Object.assign(counted, { [method]: counting });
  }
}

async function byCommandLine(): Promise<void> {
  const load = createRequire(import.meta.url);
  // The command line takes the first that it can load.
  for (const name of ['better-sqlite3', 'libsql', 'node:sqlite']) {
    try {
      const driver = load(name);
      const database = new (driver.DatabaseSync ?? driver)(':memory:');
      count(Object.getPrototypeOf(database.prepare('SELECT 1')), 'run', 'get', 'all');
      database.close();
    } catch {
      // It is not there.
    }
  }
  const command = ['copy', `sqlite:${from}`, `sqlite:${to}`];
  const offices = ['--office', `sqlite:${office}`, '--to-office', `sqlite:${toOffice}`];
  const nowhere = pathToFileURL('/nowhere/');
  const files = { version: '0', schemas: nowhere, vectors: nowhere, explorer: nowhere };
  const exitCode = await runCli([...command, ...offices], {
    input: process.stdin,
    output: new PassThrough().resume(),
    errors: process.stderr,
    signal: new AbortController().signal,
    files,
  });
  if (exitCode !== 0) process.exit(exitCode);
}

async function toPglite(): Promise<void> {
  const open = async (folder: string) => {
    const database = await PGlite.create(folder);
    count(database, 'query');
    await migrate(database);
    return database;
  };
  const [accounts, offices] = [libsql.open(from), libsql.open(office)];
  const [copied, copiedOffice] = [await open(to), await open(toOffice)];
  await copyEvents(sqliteEventStore(accounts), postgresEventStore(copied));
  await copyEvents(
    sqliteEventStore(offices, { codec: officeEvents }),
    postgresEventStore(copiedOffice, { codec: officeEvents }),
  );
  await copied.close();
  await copiedOffice.close();
}

await (target === 'pglite' ? toPglite() : byCommandLine());
process.stdout.write(`${calls}\n`);
