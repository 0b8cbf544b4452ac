import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/memoryEventStore.js';
import { definePolicy } from '../../src/index.js';
import { evergreenAccounts } from '../../src/interop/evergreen/evergreenAccounts.js';
import { folioAccounts } from '../../src/interop/folio/folioAccounts.js';
import type { ForeignAccount } from '../../src/interop/import/foreignAccount.js';
import { runImport } from '../../src/interop/import/runImport.js';
import { kohaAccounts } from '../../src/interop/koha/kohaAccounts.js';
import type { Arbitrary } from '../../src/testing/fastCheck.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';
import { evergreenRows } from '../support/rows/evergreenRows.js';
import { folioRows } from '../support/rows/folioRows.js';
import type { ForeignHistory, ForeignTableRow } from '../support/rows/foreignRows.js';
import { kohaRows } from '../support/rows/kohaRows.js';

const policy = definePolicy({ currency: 'USD' });

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
});

afterAll(async () => {
  await pool?.end();
  await server?.remove();
});

/** The queries of a guide, in their order. */
function queriesOf(guide: string): string[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/guides/${guide}.md`, import.meta.url)), 'utf8');
  return [...text.matchAll(/```sql\n(.*?);\n```/gs)].map(([, query]) => query as string);
}

/** The rows of a query, one by one, with every value as the text that PostgreSQL sends. */
async function* rowsOf(query: string | undefined): AsyncGenerator<unknown> {
  const types = { getTypeParser: () => (value: string) => value };
  const { rows } = await pool.query({ text: query ?? '', types } as pg.QueryConfig);
  yield* rows;
}

/** Inserts rows; fields that the table has no column for are left out. */
async function insert(
  table: string,
  columns: readonly string[],
  rows: readonly ForeignTableRow[],
): Promise<void> {
  const places = columns.map((_, index) => `$${index + 1}`).join(', ');
  for (const row of rows) {
    const values = columns.map((column) => row[column] ?? null);
    await pool.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, values);
  }
}

/** The largest of some generated histories. */
function largest(rows: Arbitrary<ForeignHistory>): ForeignHistory {
  const samples = fc.sample(rows, { numRuns: 200, seed: 42 });
  return samples.reduce((most, one) => (one.figures.length > most.figures.length ? one : most));
}

async function reconciled(accounts: AsyncIterable<ForeignAccount>, { figures }: ForeignHistory) {
  const store = memoryEventStore({ now: () => '2026-04-01T00:00:00Z' });
  const report = await runImport(store, policy, { jobId: 'move', institution: 'north' }, { accounts });
  const cents = (amount: string) => Math.round(Number(amount) * 100);
  const sum = (field: 'owed' | 'credit') => figures.reduce((total, figure) => total + figure[field], 0);
  expect(report.findings.first).toEqual([]);
  expect([cents(report.total.owed), cents(report.credits.unused)]).toEqual([sum('owed'), sum('credit')]);
  expect([report.total.difference, report.credits.difference]).toEqual(['0.00', '0.00']);
  expect(report.events).toBeGreaterThan(10);
}

describe('the queries of the guides, on tables of this shape in PostgreSQL', () => {
  it('export Koha', async () => {
    await pool.query(`
      CREATE TABLE biblio (biblionumber int PRIMARY KEY, title text);
      CREATE TABLE items (itemnumber int PRIMARY KEY, biblionumber int, barcode text, itemcallnumber text);
      CREATE TABLE accountlines (
        accountlines_id serial PRIMARY KEY, issue_id int, old_issue_id int, borrowernumber int, itemnumber int,
        date timestamp, amount decimal(28,6), description text, credit_type_code varchar(80),
        debit_type_code varchar(80), credit_number varchar(20), status varchar(16), payment_type varchar(80),
        amountoutstanding decimal(28,6), timestamp timestamp NOT NULL, note text, manager_id int, register_id int,
        interface varchar(16) NOT NULL, branchcode varchar(10));
      CREATE TABLE account_offsets (
        id serial PRIMARY KEY, credit_id int, debit_id int, type varchar(16) NOT NULL, amount decimal(26,6) NOT NULL,
        created_on timestamp NOT NULL);
    `);
    const history = largest(kohaRows(fc));
    const { accountlines = [], account_offsets = [] } = history.tables;
    const [line] = accountlines;
    await insert('accountlines', Object.keys(line ?? {}), accountlines);
    const columns = ['id', 'credit_id', 'debit_id', 'type', 'amount', 'created_on'];
    await insert('account_offsets', columns, account_offsets);
    const [lines, offsets] = queriesOf('move-from-koha');
    const tables = { accountlines: rowsOf(lines), account_offsets: rowsOf(offsets) };
    await reconciled(kohaAccounts(tables, { policy }), history);
  });

  it('export FOLIO', async () => {
    await pool.query(`
      CREATE SCHEMA diku_mod_feesfines;
      CREATE TABLE diku_mod_feesfines.accounts (id text PRIMARY KEY, jsonb jsonb NOT NULL);
      CREATE TABLE diku_mod_feesfines.feefineactions (id text PRIMARY KEY, jsonb jsonb NOT NULL);
    `);
    const history = largest(folioRows(fc));
    for (const name of ['accounts', 'feefineactions']) {
      const rows = (history.tables[name] ?? []).map((row) => ({ id: row.id, jsonb: JSON.stringify(row) }));
      await insert(`diku_mod_feesfines.${name}`, ['id', 'jsonb'], rows);
    }
    const [accounts, actions] = queriesOf('move-from-folio');
    const records = { accounts: rowsOf(accounts), feefineactions: rowsOf(actions) };
    await reconciled(folioAccounts(records, { policy }), history);
  });

  it('export Evergreen', async () => {
    await pool.query(evergreenSchema);
    const history = largest(evergreenRows(fc));
    const { billable_xact = [], billing = [], payment = [], usr = [] } = history.tables;
    await pool.query("INSERT INTO actor.org_unit VALUES (1, 'BR1'), (2, 'BR2')");
    const loans = billable_xact.map((row) => ({ ...row, circ_lib: row.owner === 'BR1' ? 1 : 2 }));
    const copies = billable_xact.map(({ target_copy, barcode }) => ({ id: target_copy, barcode }));
    await insert('asset.copy', ['id', 'barcode'], copies);
    const circulation = [
      'id',
      'usr',
      'xact_start',
      'circ_lib',
      'stop_fines',
      'stop_fines_time',
      'target_copy',
    ];
    await insert('action.circulation', circulation, loans);
    const billed = [
      'id',
      'xact',
      'billing_ts',
      'voided',
      'voider',
      'void_time',
      'amount',
      'btype',
      'billing_type',
    ];
    await insert('money.billing', billed, billing);
    const common = ['id', 'xact', 'payment_ts', 'voided', 'amount', 'accepting_usr'];
    for (const row of payment) {
      const own =
        { cash_payment: ['cash_drawer'], account_adjustment: ['billing'] }[String(row.payment_type)] ?? [];
      await insert(`money.${row.payment_type}`, [...common, ...own], [row]);
    }
    await insert('actor.usr', ['id', 'credit_forward_balance', 'create_date'], usr);
    const [xacts, billings, payments, users] = queriesOf('move-from-evergreen');
    const tables = {
      billable_xact: rowsOf(xacts),
      billing: rowsOf(billings),
      payment: rowsOf(payments),
      usr: rowsOf(users),
    };
    await reconciled(evergreenAccounts(tables, { policy }), history);
  });
});

/** The tables of Evergreen that the queries name, with their inheritance. */
const evergreenSchema = `
  CREATE SCHEMA money; CREATE SCHEMA action; CREATE SCHEMA booking; CREATE SCHEMA actor; CREATE SCHEMA asset;
  CREATE TABLE actor.org_unit (id int PRIMARY KEY, shortname text);
  CREATE TABLE actor.usr (id int PRIMARY KEY, credit_forward_balance numeric(6,2), create_date timestamptz);
  CREATE TABLE asset.copy (id bigint PRIMARY KEY, barcode text);
  CREATE TABLE money.billable_xact (id bigint, usr int, xact_start timestamptz, xact_finish timestamptz, unrecovered bool);
  CREATE TABLE action.circulation (
    target_copy bigint, circ_lib int, due_date timestamptz, stop_fines text, stop_fines_time timestamptz
  ) INHERITS (money.billable_xact);
  CREATE TABLE money.grocery (billing_location int, note text) INHERITS (money.billable_xact);
  CREATE TABLE booking.reservation (request_lib int) INHERITS (money.billable_xact);
  CREATE TABLE money.billing (
    id bigint PRIMARY KEY, xact bigint, billing_ts timestamptz, voided bool, voider int, void_time timestamptz,
    amount numeric(6,2), billing_type text, btype int, note text, create_date timestamptz, period_start timestamptz,
    period_end timestamptz);
  CREATE TABLE money.payment (
    id bigint, xact bigint, payment_ts timestamptz, voided bool, amount numeric(6,2), note text);
  CREATE TABLE money.bnm_payment (amount_collected numeric(6,2), accepting_usr int) INHERITS (money.payment);
  CREATE TABLE money.forgive_payment () INHERITS (money.bnm_payment);
  CREATE TABLE money.work_payment () INHERITS (money.bnm_payment);
  CREATE TABLE money.credit_payment () INHERITS (money.bnm_payment);
  CREATE TABLE money.goods_payment () INHERITS (money.bnm_payment);
  CREATE TABLE money.account_adjustment (billing bigint) INHERITS (money.bnm_payment);
  CREATE TABLE money.bnm_desk_payment (cash_drawer int) INHERITS (money.bnm_payment);
  CREATE TABLE money.cash_payment () INHERITS (money.bnm_desk_payment);
  CREATE TABLE money.check_payment (check_number text) INHERITS (money.bnm_desk_payment);
`;
