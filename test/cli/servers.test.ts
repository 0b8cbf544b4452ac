import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/runCli.js';
import { keyedEventStore, sqliteKeys } from '../../src/stores/keys/index.js';
import { natsEventStore } from '../../src/stores/nats/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { fileOf, memoryTerminal, runInMemory, storedLines } from '../support/commandLine.js';
import { startNatsServers } from '../support/natsServers.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';
import { itWith } from '../support/programs.js';
import { libsql } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { until } from '../support/until.js';

// The commands on stores that are servers.
const password = 'se:cr/et@1';
let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await pool.query(`create role clerk login password '${password}'`);
  // Whoever is not the owner of the server needs a password.
  const rules = 'local all postgres trust\nlocal all all scram-sha-256\n';
  writeFileSync(join(server.folder, 'data/pg_hba.conf'), rules);
  await pool.query('select pg_reload_conf()');
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

/** Creates a database, and returns its address for the user with a password. */
async function newDatabase(name: string): Promise<string> {
  await pool.query(`create database ${name} owner clerk`);
  return addressOf(name, encodeURIComponent(password));
}

function addressOf(database: string, secret: string): string {
  return `postgres://clerk:${secret}@localhost/${database}?host=${encodeURIComponent(server.folder)}`;
}

/** Runs a command, which must never show the password. */
async function run(...args: readonly string[]) {
  const result = await runInMemory(args);
  for (const secret of [password, encodeURIComponent(password), 'tok3n'])
    expect(result.output + result.errors).not.toContain(secret);
  return result;
}

it('works on a database of PostgreSQL', async () => {
  const database = await newDatabase('works');
  const shown = database.replace(encodeURIComponent(password), '***');
  const file = fileOf(storedLines(['u17', 'u18']));
  expect(await run('migrate', database)).toEqual({ exitCode: 0, output: `${shown} is ready\n`, errors: '' });
  const copied = { exitCode: 0, output: `6 events are in ${shown}\n`, errors: '' };
  expect(await run('copy', file, database)).toEqual(copied);
  expect(await run('copy', file, database)).toEqual(copied);
  expect((await run('validate', database)).output).toBe('6 readable events of 2 accounts, 0 faults\n');
  expect((await run('verify', database)).exitCode).toBe(0);
  expect((await run('diff', file, database)).exitCode).toBe(0);
  const missing = await run('diff', database, fileOf(storedLines(['u17'])));
  expect(missing).toMatchObject({ exitCode: 1, output: expect.stringContaining(`${shown}  FeeAssessed`) });
  expect((await run('replay', database, '--patron', 'u18')).output).toContain('active 11.00');
  expect((await run('explain', database, '--patron', 'u18')).output).toContain('fee-2');
  expect((await run('export', database, '--patron', 'u99')).errors).toBe(
    `patron-fees: ${shown} has no events of u99.\n`,
  );
  const rows = fileOf([
    '{"patronId":"u19","id":"F-1","amount":"2.50","feeType":"OTHER","owner":"MAIN","at":"2026-03-02"}',
  ]);
  const office = `sqlite:${join(temporaryFolder(), 'office.db')}`;
  const to = ['--institution', 'north', '--into', database, '--office', office];
  const imported = await run('import', 'balances', rows, ...to);
  expect(imported).toMatchObject({ exitCode: 0, output: expect.stringContaining(`recorded in ${shown}`) });
  expect((await run('replay', database, '--patron', 'u19')).output).toContain('active 2.50');
});

it('says in one sentence why a database cannot be used', async () => {
  const bare = await newDatabase('bare');
  const sentence = async (...args: readonly string[]) => {
    const { exitCode, output, errors } = await run(...args);
    expect([exitCode, output, errors.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    return errors;
  };
  const file = fileOf(storedLines(['u17']));
  expect(await sentence('validate', bare)).toMatch(/^patron-fees: postgres:.*\*\*\*@.*: .*run migrate first/);
  expect(await sentence('copy', bare, `sqlite:${join(temporaryFolder(), 'fees.db')}`)).toContain('migrate');
  const wrong = addressOf('bare', 'wrong%21');
  for (const args of [
    ['validate', wrong],
    ['migrate', wrong],
    ['copy', file, wrong],
    ['diff', file, wrong],
    ['serve', 'alma', wrong, '--institution', 'north'],
  ]) {
    const errors = await sentence(...args);
    expect(errors).toContain('password authentication failed');
    expect(errors).not.toContain('wrong%21');
  }
  expect(await sentence('validate', bare.replace(/:[^:@]*@/, '@'))).toContain('asks for a password');
  expect(await sentence('validate', bare.replace('/bare', '/nowhere'))).toContain('"nowhere" does not exist');
  expect(await sentence('validate', bare.replace(/localhost.*/, '127.0.0.1:1/d'))).toContain(
    'the server cannot be reached',
  );
  expect(await sentence('validate', `postgres://clerk:${password}@h:port/d`)).toContain('Invalid URL');
});

it('continues a copy to PostgreSQL that was interrupted, and writes nothing twice', async () => {
  const database = await newDatabase('interrupted');
  const own = newPool({ ...server.connection, database: 'interrupted' });
  const count = async (): Promise<number> =>
    Number((await own.query('select count(*) from patron_fees_event')).rows[0].count);
  const lines = storedLines(Array.from({ length: 600 }, (_, index) => `u${index}`));
  const controller = new AbortController();
  const { terminal, written } = memoryTerminal({ signal: controller.signal });
  // More than a page, so that some of it is there before the interrupt.
  async function* input() {
    yield Buffer.from(`${lines.slice(0, 1_500).join('\n')}\n`);
    await until(async () => (await count()) > 0);
    controller.abort(new Error('interrupted'));
    yield Buffer.from(`${lines.slice(1_500).join('\n')}\n`);
  }
  await run('migrate', database);
  const exitCode = await runCli(['copy', '-', database], { ...terminal, input: Readable.from(input()) });
  expect([exitCode, written]).toEqual([2, { output: '', errors: '' }]);
  const before = await count();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(lines.length);

  const file = fileOf(lines);
  expect((await run('copy', file, database)).output).toMatch(/^1800 events are in /);
  expect(await count()).toBe(lines.length);
  expect((await run('diff', file, database)).exitCode).toBe(0);
  await own.end();
});

itWith(['nats-server'], 'copies from each kind of store to the next, and loses nothing', async () => {
  const database = await newDatabase('next');
  const servers = await startNatsServers(1);
  try {
    const stream = `nats://${servers.addresses[0]}/NEXT`;
    const sqlite = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
    const file = fileOf(storedLines(['u17', 'u18', 'u19']));
    const back = join(temporaryFolder(), 'back.jsonl');
    const single = `${stream}?replicas=1`;
    expect((await run('copy', file, stream)).errors).toContain('a single server needs ?replicas=1');
    expect((await run('validate', stream)).errors).toContain('there is no such stream: run migrate first');
    for (const [from, to] of [
      [file, database],
      [database, single],
      [single, sqlite],
    ] as const)
      expect(await run('copy', from, to)).toMatchObject({ exitCode: 0, errors: '' });
    expect((await run('copy', sqlite, `jsonl:${back}`)).exitCode).toBe(0);
    for (const other of [database, stream, sqlite, back])
      expect((await run('diff', file, other)).output).toBe('3 accounts, 0 of them differ\n');
    for (const source of [database, stream]) expect((await run('verify', source)).exitCode).toBe(0);
    expect((await run('migrate', single)).output).toBe(`${single} is ready\n`);
    // The first server of several that answers.
    const several = stream.replace('nats://', 'nats://127.0.0.1:1,');
    expect((await run('validate', several)).exitCode).toBe(0);
  } finally {
    await servers.stop();
  }
});

itWith(
  ['nats-server'],
  'requires the keys of a NATS stream that has encrypted texts before it appends',
  async () => {
    const servers = await startNatsServers(1);
    try {
      const stream = `nats://${servers.addresses[0]}/KEYED?replicas=1`;
      expect((await run('migrate', stream)).exitCode).toBe(0);
      const client = await servers.connect();
      const keysFile = join(temporaryFolder(), 'keys.db');
      const keys = libsql.open(keysFile);
      const plain = natsEventStore({ ...client, stream: 'KEYED' });
      const first = { institution: 'north', patronId: 'u1' };
      const fee = assessedFee('f1', { comment: 'The dog' });
      await keyedEventStore(plain, { keys: sqliteKeys(keys) }).append(first, [fee], { expectedVersion: 0 });
      keys.close();
      const file = fileOf(storedLines(['u18']));
      for (const command of [
        ['copy', file, stream],
        ['serve', 'alma', stream, '--institution', 'north'],
      ]) {
        const { exitCode, errors } = await run(...command);
        expect([exitCode, errors]).toEqual([2, expect.stringContaining('--keys says where the keys are')]);
      }
      expect(await run('copy', file, stream, '--keys', `sqlite:${keysFile}`)).toMatchObject({ exitCode: 0 });
      const { version } = await plain.read({ institution: 'north', patronId: 'u18' });
      expect(version).toBeGreaterThan(0);
      await client.connection.close();
    } finally {
      await servers.stop();
    }
  },
);

it('never shows a token of NATS', async () => {
  const { exitCode, errors } = await run('validate', 'nats://tok3n@127.0.0.1:1/FEES');
  expect([exitCode, errors]).toEqual([
    2,
    expect.stringContaining('nats://***@127.0.0.1:1/FEES: the server cannot be reached'),
  ]);
});
