// `npm run drill`: a server that is lost, and restored to a minute; and a standby that answers reads. Real servers, a base
// backup and an archive of the write-ahead log.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { catchUp, type EventStore, execute, loadAccount } from '../../src/history/index.js';
import { balancesInMinorUnits, type Command, definePolicy } from '../../src/index.js';
import { runAgedDebt } from '../../src/jobs/reports/index.js';
import { type OfficeStore, officeEvents } from '../../src/office/index.js';
import { sealPeriod, verifySeals } from '../../src/seals/index.js';
import {
  accountsProjection,
  findAccounts,
  inlineAccounts,
  migrate,
  postgresEventStore,
  rebuildAccounts,
} from '../../src/stores/postgres/index.js';
import { faultsOfTables, postgresTables } from '../support/accountTables.js';
import {
  newPool,
  type PostgresServer,
  postgresServer,
  type ServerOptions,
} from '../support/postgresServer.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { until } from '../support/until.js';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
const ACCOUNTS = 400;

const servers: { readonly server: PostgresServer; readonly pool: pg.Pool }[] = [];

afterEach(async () => {
  for (const { server, pool } of servers.splice(0).reverse()) {
    await pool.end().catch(() => undefined);
    await server.remove();
  }
});

async function started(options: ServerOptions = {}) {
  const server = await postgresServer(options);
  const pool = newPool(server.connection);
  servers.push({ server, pool });
  return { server, pool };
}

const account = (n: number) => ({ institution: 'north', patronId: `p${n}` });

/** Charges every account once, and pays a part of some. */
async function work(store: EventStore, round: string): Promise<void> {
  await Promise.all(
    Array.from({ length: ACCOUNTS }, async (_, n) => {
      const charge: Command = {
        type: 'AssessFee',
        id: `f${round}`,
        feeType: 'OTHER',
        amount: '2.50',
        owner: 'MAIN',
        at,
      };
      const pay: Command = { type: 'ReceivePayment', id: `p${round}`, amount: '1.00', method: 'CASH', at };
      await execute(store, policy, account(n), n % 3 === 0 ? [charge, pay] : charge);
    }),
  );
}

/** The version and the balance of every account. */
async function figures(store: EventStore): Promise<readonly string[]> {
  return Promise.all(
    Array.from({ length: ACCOUNTS }, async (_, n) => {
      const { version, account: found } = await loadAccount(store, account(n));
      return `${version}: ${balancesInMinorUnits(found).active}`;
    }),
  );
}

async function owedInAll(store: EventStore): Promise<unknown> {
  const form = { institution: 'north', asOf: at, timeZone: 'Europe/Berlin' };
  return runAgedDebt(store, policy, form);
}

/** The accounts of a library with seals, and its office, in another schema of the same server. */
async function sealedBooks(server: PostgresServer, pool: pg.Pool, folder: string) {
  await pool.query('create schema if not exists office');
  const own = newPool({ ...server.connection, options: '-c search_path=office' });
  await migrate(own);
  const stores = {
    accounts: postgresEventStore(pool, { inline: [inlineAccounts] }),
    office: postgresEventStore(own, { codec: officeEvents }) as OfficeStore,
  };
  const verified = async () => {
    const { seals, findings } = await verifySeals(stores, policy, { institution: 'sealed' }, { folder });
    return { seals, found: findings.first.map(({ code, seal }) => `${code} ${seal}`) };
  };
  return {
    verified,
    /** Charges a patron in a month of 2026. */
    charge: async (month: number, minute: number) => {
      const recordedAt = `2026-0${month}-05T09:0${minute}:00Z`;
      const fee = { feeId: `f${month}`, feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN' };
      const event = { type: 'FeeAssessed', data: { ...fee, at: `2026-0${month}-05T09:00:00Z` } } as const;
      const stream = { institution: 'sealed', patronId: 'p' };
      await stores.accounts.append(stream, [event], { expectedVersion: month - 1, recordedAt });
    },
    seal: (month: number) => {
      const form = { institution: 'sealed', month: `2026-0${month}`, timeZone: 'UTC' };
      return sealPeriod(stores, policy, { ...form, at: `2026-0${month + 1}-02T09:00:00Z` }, { folder });
    },
    close: () => own.end(),
  };
}

it('a server that was restored to a minute has all of that minute, refuses cursors after it, and goes on', async () => {
  const archive = archiveFolder();
  const { server: lost, pool: lostPool } = await started({
    // A file that is there is whole.
    settings: [
      'archive_mode=on',
      `archive_command=cp %p ${archive}/%f.part && mv ${archive}/%f.part ${archive}/%f`,
    ],
  });
  await migrate(lostPool);
  const store = postgresEventStore(lostPool, { inline: [inlineAccounts] });
  await rebuildAccounts(lostPool);
  await work(store, '1');
  const folder = temporaryFolder();
  const lostBooks = await sealedBooks(lost, lostPool, folder);
  const sealMonth = async ({ charge, seal }: typeof lostBooks, month: number) => {
    await charge(month, 0);
    expect(await seal(month)).toMatchObject({ accepted: true, report: { seal: { number: month } } });
  };
  await sealMonth(lostBooks, 1);
  const backup = await lost.backUp('backup');
  await sealMonth(lostBooks, 2);
  await work(store, '2');
  const before = await figures(store);
  const { rows } = await lostPool.query('select clock_timestamp()::text as minute, pg_sleep(0.05)');
  const { minute } = rows[0];
  await work(store, '3');
  // Seal 3 will be lost, but not its file.
  await sealMonth(lostBooks, 3);

  // A read model elsewhere has all three rounds, and so more than the restored server will have.
  const { pool: elsewhere } = await started();
  await migrate(elsewhere);
  const table = accountsProjection(elsewhere, store);
  await catchUp(store, table, table.checkpoint);
  const lastLost = (await store.readAll()).cursor;
  const wal = (await lostPool.query('select pg_walfile_name(pg_switch_wal()) as file')).rows[0].file;
  await until(() => readdirSync(archive).includes(wal));
  await lostBooks.close().catch(() => undefined);
  await lost.kill();

  const { server, pool } = await started({
    data: backup,
    signalFile: 'recovery.signal',
    settings: [
      `restore_command=cp ${archive}/%f %p`,
      `recovery_target_time=${minute}`,
      'recovery_target_action=promote',
      'archive_mode=off',
    ],
  });
  await until(async () => !(await pool.query('select pg_is_in_recovery() as is')).rows[0].is);
  await migrate(pool);
  const restored = postgresEventStore(pool, { inline: [inlineAccounts] });
  expect(await figures(restored)).toEqual(before);
  // The inline table came with the events.
  expect(await faultsOfTables(await postgresTables(pool), restored)).toEqual([]);
  const { accounts } = await findAccounts(pool, { institution: 'north', currency: 'USD', owedAbove: '3.00' });
  expect(accounts.length).toBeGreaterThan(0);

  // As the guide says ("After a restore"): what is lost is named, the file of seal 3 is moved aside, months go on.
  const books = await sealedBooks(server, pool, folder);
  expect(await books.verified()).toEqual({ seals: 2, found: ['SEAL_CHANGED 3'] });
  await books.charge(3, 1);
  const lostFile = readFileSync(join(folder, 'seal-00003.ndjson'), 'utf8');
  const refused = await books.seal(3);
  expect(refused).toMatchObject({ rejection: { type: 'SealFileExists', number: 3 } });
  expect(readFileSync(join(folder, 'seal-00003.ndjson'), 'utf8')).toBe(lostFile);
  renameSync(join(folder, 'seal-00003.ndjson'), join(temporaryFolder(), 'seal-00003.ndjson'));
  expect(await books.seal(3)).toMatchObject({ accepted: true, report: { seal: { number: 3 } } });
  // What was entered again has another time of recording, and nothing else differs.
  const sealedAgain = readFileSync(join(folder, 'seal-00003.ndjson'), 'utf8').split('\n');
  expect(lostFile.split('\n').filter((line) => !sealedAgain.includes(line))).toHaveLength(1);
  await sealMonth(books, 4);
  expect(await books.verified()).toEqual({ seals: 4, found: [] });
  await books.close();

  // The read model elsewhere is refused at once, and after as many new events, which could have come to its cursor.
  const followed = accountsProjection(elsewhere, restored);
  await expect(catchUp(restored, followed, followed.checkpoint)).rejects.toMatchObject({
    code: 'CURSOR_UNKNOWN',
  });
  // No new event has the place of a lost one.
  const end = (await restored.readAll()).cursor;
  await work(restored, '3');
  const { cursor: next } = await restored.readAll({ after: end, limit: 1 });
  expect(transactionOf(next)).toBeGreaterThan(transactionOf(lastLost));
  for (const round of ['4', '5', '6']) {
    await work(restored, round);
    await expect(catchUp(restored, followed, followed.checkpoint)).rejects.toMatchObject({
      code: 'CURSOR_UNKNOWN',
    });
  }
  // The purge of an account may have removed the event of a cursor, but not of this one.
  await execute(restored, policy, account(ACCOUNTS), {
    type: 'AssessFee',
    id: 'f1',
    feeType: 'OTHER',
    amount: '1',
    owner: 'MAIN',
    at,
  });
  const data = { purgeId: 'x', events: 1, currency: 'USD', totals: [], at };
  await restored.purge(account(ACCOUNTS), { type: 'AccountPurged', data });
  await expect(catchUp(restored, followed, followed.checkpoint)).rejects.toMatchObject({
    code: 'CURSOR_UNKNOWN',
  });
  await elsewhere.query("update patron_fees_read_model set cursor = null where name = 'accounts'");
  await catchUp(restored, followed, followed.checkpoint);
  expect(await faultsOfTables(await postgresTables(elsewhere), restored)).toEqual([]);
});

it('a standby answers every read, a little later, and takes over with its cursors', async () => {
  const { server: primary, pool: primaryPool } = await started({ settings: ['wal_level=replica'] });
  await migrate(primaryPool);
  const store = postgresEventStore(primaryPool, { inline: [inlineAccounts] });
  await rebuildAccounts(primaryPool);
  await work(store, '1');
  const { pool } = await started({
    data: await primary.backUp('standby'),
    signalFile: 'standby.signal',
    settings: [`primary_conninfo=host=${primary.folder} user=postgres`, 'hot_standby=on'],
  });
  await work(store, '2');
  const lsn = (await primaryPool.query('select pg_current_wal_insert_lsn()::text as at')).rows[0].at;
  await until(
    async () => (await pool.query('select pg_last_wal_replay_lsn() >= $1::pg_lsn as is', [lsn])).rows[0].is,
  );
  const standby = postgresEventStore(pool);
  expect(await figures(standby)).toEqual(await figures(store));
  expect((await standby.accounts()).accounts).toHaveLength(ACCOUNTS);
  expect(await owedInAll(standby)).toEqual(await owedInAll(store));
  const form = { institution: 'north', currency: 'USD', owedAbove: '3.00' };
  expect(await findAccounts(pool, form)).toEqual(await findAccounts(primaryPool, form));
  const { events, cursor } = await standby.readAll();
  expect(events).toEqual((await store.readAll()).events);
  await expect(
    execute(standby, policy, account(1), {
      type: 'AssessFee',
      id: 'x',
      feeType: 'OTHER',
      amount: '1',
      owner: 'MAIN',
      at,
    }),
  ).rejects.toMatchObject({ code: '25006' });

  // The primary is lost; the standby is promoted, and programs call `migrate` as they start.
  await primary.kill();
  await pool.query('select pg_promote()');
  await migrate(pool);
  const promoted = postgresEventStore(pool, { inline: [inlineAccounts] });
  await work(promoted, '3');
  const { events: added } = await promoted.readAll({ after: cursor });
  expect(new Set(added.map(({ patronId }) => patronId)).size).toBe(ACCOUNTS);
  expect(await faultsOfTables(await postgresTables(pool), promoted)).toEqual([]);
});

/** The number of the transaction of the event before a cursor. */
const transactionOf = (cursor: string) => Number(cursor.split('-')[0]);

/** A folder for a server of any user. */
function archiveFolder(): string {
  const archive = mkdtempSync(join(tmpdir(), 'patron-fees-archive-'));
  chmodSync(archive, 0o777);
  onTestFinished(() => rmSync(archive, { recursive: true, force: true }));
  return archive;
}
