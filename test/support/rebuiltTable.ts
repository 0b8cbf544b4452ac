import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { expect } from 'vitest';
import type { EventStore } from '../../src/history/index.js';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { faultsOfTables, postgresTables, sqliteTables } from './accountTables.js';
import { assessedFee } from './assessedFee.js';
import { bundledProgram } from './bundledProgram.js';
import { newPool } from './postgresServer.js';
import { libsql } from './sqliteDrivers.js';
import { until } from './until.js';

/** Where the tables are. */
export type Place = { readonly file: string } | { readonly connection: pg.PoolConfig };

/** What an account owes, and what the rows in use say before they are rebuilt. */
export const [TRUE_AMOUNT, WRONG_AMOUNT] = ['2.50', '1002.50'];

export const patronOf = (number: number) => `p${String(number).padStart(7, '0')}`;

/** Whether an account is one of those to which is appended during the rebuild. */
export const isHot = (patronId: string) => !/^p.*(?<!00)$/.test(patronId);

type Opened = {
  readonly store: EventStore;
  readonly find: (form: sqlite.FindAccountsForm) => Promise<sqlite.FoundAccounts>;
  readonly rebuild: (options?: sqlite.RebuildAccountsOptions) => Promise<sqlite.RebuiltAccounts>;
  readonly rows: (text: string) => Promise<readonly unknown[]>;
  readonly faults: () => Promise<readonly string[]>;
  readonly close: () => Promise<unknown>;
};

/** Opens the tables; creates them if they are new. */
export async function openRebuilt(place: Place): Promise<Opened> {
  if ('file' in place) {
    const database = libsql.open(place.file);
    sqlite.migrate(database);
    const store = sqlite.sqliteEventStore(database, {
      inline: [sqlite.inlineAccounts],
      synchronous: 'normal',
      busyTimeoutMs: 600_000,
    });
    return {
      store,
      find: (form) => sqlite.findAccounts(database, form),
      rebuild: (options) => sqlite.rebuildAccounts(database, options),
      rows: async (text) => database.prepare(text).all(),
      faults: () => faultsOfTables(sqliteTables(database), store),
      close: async () => database.close(),
    };
  }
  const pool = newPool(place.connection);
  await postgres.migrate(pool);
  const store = postgres.postgresEventStore(pool, { inline: [postgres.inlineAccounts] });
  return {
    store,
    find: (form) => postgres.findAccounts(pool, form),
    rebuild: (options) => postgres.rebuildAccounts(pool, options),
    rows: async (text) => (await pool.query(text)).rows,
    faults: async () => faultsOfTables(await postgresTables(pool), store),
    close: () => pool.end(),
  };
}

/** Creates accounts with one fee each, whose rows in use are wrong. */
async function fill({ store, rebuild, rows }: Opened, accounts: number): Promise<void> {
  await store.append({ institution: 'north', patronId: patronOf(0) }, [assessedFee('f1')], {
    expectedVersion: 0,
  });
  const names = 'institution, patron_id, version, recorded_at, event';
  const [other, number] =
    'transaction' in Object((await rows('select * from patron_fees_event'))[0])
      ? ['transaction, ', `generate_series(1, ${accounts - 1}) as n, `]
      : [
          '',
          `(with recursive number (n) as (select 1 union all select n + 1 from number where n < ${accounts - 1}) select n from number) as number, `,
        ];
  const id = other === '' ? "printf('p%07d', n)" : "'p' || lpad(n::text, 7, '0')";
  await rows(`insert into patron_fees_event (${other}${names})
    select ${other}institution, ${id}, version, recorded_at, event from ${number}patron_fees_event
    where patron_id = '${patronOf(0)}' returning version`);
  await rebuild();
  await rows('update patron_fees_owed_all set owed = owed + 100000 returning owed');
  await rows('update patron_fees_accounts_all set payable = payable + 100000 returning payable');
}

/** What the test saw. */
export type Seen = {
  readonly accounts: number;
  readonly kills: number;
  readonly appended: number;
  readonly queries: number;
  readonly queriesAfter: number;
  readonly seconds: number;
};

const program = fileURLToPath(new URL('./rebuildProgram.ts', import.meta.url));

type Lines = {
  readonly process: ChildProcess;
  readonly closed: Promise<unknown>;
  last: Record<string, unknown>;
};

/**
 * Rebuilds the table in a process that is killed (SIGKILL) twice, each time halfway through what is left, while another
 * process appends, and a third one queries and checks every answer.
 */
export async function rebuildKilledTwice(place: Place, accounts: number): Promise<Seen> {
  const opened = await openRebuilt(place);
  await fill(opened, accounts);
  const children: Lines[] = [];
  const start = (role: string, onLine: (done: Record<string, unknown>) => void = () => undefined) => {
    const args = [bundledProgram(program), role, JSON.stringify(place), String(accounts)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines: Lines = { process: child, closed: once(child, 'close'), last: {} };
    children.push(lines);
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.last = JSON.parse(line);
      onLine(lines.last);
    });
    return lines;
  };
  const moreThan = async (lines: Lines, of: 'queries' | 'appended', n: number) => {
    const before = Number(lines.last[of] ?? 0);
    await until(() => {
      if (lines.process.exitCode !== null) throw new Error(`no more ${of}: see the process's error`);
      return Number(lines.last[of]) > before + n;
    });
  };
  try {
    const querying = start('query');
    const appending = start('append');
    await moreThan(querying, 'queries', 60);
    const began = performance.now();
    const before = Number(querying.last.queries);
    const share = accounts / 4;
    for (const kill of [1, 2]) {
      const rebuilding = start('rebuild', ({ accounts: done, unreadable }) => {
        expect(unreadable).toBeUndefined();
        if (Number(done) < share) rebuilding.process.stdin?.write('\n');
      });
      await until(() => Number(rebuilding.last.accounts) >= share);
      await Promise.all([moreThan(querying, 'queries', 20 * kill), moreThan(appending, 'appended', 20)]);
      rebuilding.process.kill('SIGKILL');
      await rebuilding.closed;
      expect(querying.last.isNew).toBe(false);
    }
    const last = start('rebuild', () => last.process.stdin?.write('\n'));
    last.process.stdin?.on('error', () => undefined);
    await last.closed;
    const seconds = (performance.now() - began) / 1000;
    expect(last.last.unreadable).toBe(0);
    const queries = Number(querying.last.queries) - before;
    await moreThan(querying, 'queries', 60);
    expect(querying.last.isNew).toBe(true);
    appending.process.kill('SIGKILL');
    querying.process.kill('SIGKILL');
    await Promise.all([appending.closed, querying.closed]);
    expect(await opened.faults()).toEqual([]);
    const appended = Number(appending.last.appended);
    return { accounts, kills: 2, appended, queries, queriesAfter: 60, seconds: Math.round(seconds) };
  } finally {
    for (const { process: child } of children) child.kill('SIGKILL');
    await opened.close();
  }
}
