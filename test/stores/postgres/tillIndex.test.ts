import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { runPaymentsReport } from '../../../src/jobs/reports/index.js';
import {
  inlineAccounts,
  migrate,
  postgresEventStore,
  rebuildAccounts,
  tillIndex,
} from '../../../src/stores/postgres/index.js';
import { FAULTY, tillStatement } from '../../../src/stores/postgres/tillIndex.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { fillTill, tillForms } from '../../support/tillAccounts.js';

const policy = definePolicy({ currency: 'USD' });

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await migrate(pool);
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

it('gives the same report as all accounts, from those with movements around the period', async () => {
  const store = postgresEventStore(pool, { inline: [inlineAccounts] });
  await rebuildAccounts(pool);
  await fillTill(store, policy);
  for (const form of tillForms) {
    const { accounts: all, recordedBefore: _all, ...expected } = await runPaymentsReport(store, policy, form);
    const {
      accounts,
      recordedBefore: _,
      ...report
    } = await runPaymentsReport(store, policy, form, {
      till: tillIndex(pool),
    });
    expect(report).toEqual(expected);
    expect(report.total.payments).toBeGreaterThan(0);
    expect(accounts).toBeLessThan(all / 2);
  }
});

it('lists an account that cannot be read or is parked, since the table may not have its movements', async () => {
  await pool.query(
    "update patron_fees_accounts_all set fault = 'INVALID_EVENT' where patron_id in ('p10', 'p11')",
  );
  const period = { from: '2040-01-01T00:00:00Z', before: '2040-01-02T00:00:00Z', by: 'at' } as const;
  const listed: unknown[] = [];
  for await (const account of tillIndex(pool).accounts('north', period)) listed.push(account);
  expect(listed).toEqual([{ institution: 'north', patronId: 'p11' }]);
});

it.each(['at', 'recordedAt'] as const)('is queried by an index by %s', async (by) => {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('set local enable_seqscan = off');
  const { rows } = await client.query(`explain ${tillStatement(by)}`, [
    'north',
    '2026-03-03',
    '2026-03-02',
    '',
  ]);
  await client.query('rollback');
  client.release();
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
    /Index.* Scan (using|on) patron_fees_till_(at|recorded)/,
  );
});

it('finds the accounts that cannot be read by an index of these alone', async () => {
  await rebuildAccounts(pool, { unlessComplete: true });
  const client = await pool.connect();
  await client.query('begin');
  await client.query(`
    insert into patron_fees_accounts_all (generation, institution, patron_id, version, active, disputed, transferred, payable, last_activity_at)
    select state.generation, 'north', 'copy ' || n, 1, 0, 0, 0, 0, now()
    from patron_fees_read_model as state, generate_series(1, 10000) as n where state.name = 'accounts'`);
  await client.query('analyze patron_fees_accounts_all');
  const { rows } = await client.query(`explain ${FAULTY}`, ['north']);
  await client.query('rollback');
  client.release();
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
    /Scan (using|on) patron_fees_accounts_faulty/,
  );
});
