// `npm run bench -- tables`: how long "who owes more than 50.00 at MAIN?" takes among a million accounts, one JSON line each.
// BENCH_ACCOUNTS sets the number of accounts.
import { performance } from 'node:perf_hooks';
import * as postgres from '../../src/stores/postgres/index.js';
import type { FindAccountsForm, FoundAccounts } from '../../src/stores/sqlite/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';

const ACCOUNTS = Number(process.env.BENCH_ACCOUNTS ?? 1_000_000);

const form: FindAccountsForm = { institution: 'north', currency: 'USD', owner: 'MAIN', owedAbove: '50.00' };

const at = '2026-12-01T00:00:00Z';

const questions: Readonly<Record<string, FindAccountsForm>> = {
  'who owes more than 50.00 at MAIN': form,
  'the next page of it': { ...form, after: JSON.stringify([7_500, 'p5000']) },
  'the oldest debts at MAIN above 50.00': { ...form, order: 'oldest' },
  'the oldest debts at MAIN above 500.00, which nobody owes': {
    ...form,
    order: 'oldest',
    owedAbove: '500.00',
  },
  'the oldest debts at MAIN above 99.95, which few owe': { ...form, order: 'oldest', owedAbove: '99.95' },
  'debts older than 90 days of one type': { ...form, feeType: 'OTHER', ageAboveDays: 90, at },
  'whether one patron owes more than 50.00': {
    institution: 'north',
    currency: 'USD',
    owedAbove: '50.00',
    patronId: 'p77',
  },
};

async function measure(
  engine: string,
  find: (form: FindAccountsForm) => Promise<FoundAccounts>,
): Promise<void> {
  for (const [what, question] of Object.entries(questions)) {
    const times: number[] = [];
    let rows = 0;
    for (let round = 0; round < 30; round++) {
      const start = performance.now();
      rows = (await find(question)).accounts.length;
      times.push(performance.now() - start);
    }
    const [first = 0] = times;
    times.sort((a, b) => a - b);
    const [median = 0, worst = 0] = [times[15], times.at(-1)];
    const rounded = [first, median, worst].map((ms) => Number(ms.toFixed(2)));
    console.log(
      JSON.stringify({
        engine,
        accounts: ACCOUNTS,
        what,
        rows,
        firstMs: rounded[0],
        medianMs: rounded[1],
        worstMs: rounded[2],
      }),
    );
  }
}

// Every account owes 0.01 to 100.00 at one of four libraries: a row for the sum, the type, the library, and both.
const PARTS = `(select '' as fee_type, '' as owner union all select 'OTHER', '' union all select '', 'MAIN'
  union all select 'OTHER', 'MAIN')`;
const OWNER = `case when owner = '' then '' when n % 4 = 0 then 'MAIN' else 'LIB' || (n % 4) end`;
const OWED = '(n * 7919) % 10000 + 1';

async function inSqlite(): Promise<void> {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  sqlite.migrate(database);
  await sqlite.rebuildAccounts(database);
  database.exec('pragma synchronous = off');
  const numbers = `with recursive number (n) as (select 1 union all select n + 1 from number where n < ${ACCOUNTS})`;
  database.exec(`
    insert into patron_fees_accounts_all ${numbers}
      select 1, 'north', 'p' || n, 1, 'USD', ${OWED}, 0, 0, ${OWED}, '2026-03-02T09:00:00.000Z', null from number;
    insert into patron_fees_owed_all ${numbers}
      select 1, 'north', 'p' || n, fee_type, ${OWNER}, 'USD', ${OWED}, 0, 0, 1,
        strftime('%Y-%m-%dT%H:%M:%S.000Z', 1790000000 - (n * 104729) % 100000000, 'unixepoch')
      from number, ${PARTS}`);
  await measure('SQLite (libsql)', (asked) => sqlite.findAccounts(database, asked));
  database.close();
  remove();
}

async function inPostgres(): Promise<void> {
  const server = await postgresServer();
  const pool = newPool(server.connection);
  await postgres.migrate(pool);
  await postgres.rebuildAccounts(pool);
  await pool.query(`
    insert into patron_fees_accounts_all
    select 1, 'north', 'p' || n, 1, 'USD', ${OWED}, 0, 0, ${OWED}, '2026-03-02T09:00:00Z', null
    from generate_series(1::bigint, ${ACCOUNTS}) n`);
  await pool.query(`
    insert into patron_fees_owed_all
    select 1, 'north', 'p' || n, fee_type, ${OWNER}, 'USD', ${OWED}, 0, 0, 1,
      to_timestamp(1790000000 - (n * 104729) % 100000000)
    from generate_series(1::bigint, ${ACCOUNTS}) n, ${PARTS} part`);
  await pool.query('vacuum analyze patron_fees_accounts_all, patron_fees_owed_all');
  await measure('PostgreSQL (pg)', (asked) => postgres.findAccounts(pool, asked));
  await pool.end();
  await server.remove();
}

await inSqlite();
await inPostgres();
