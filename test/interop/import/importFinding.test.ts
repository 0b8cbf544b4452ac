import { expect, it } from 'vitest';
import { isPatronFeesError } from '../../../src/index.js';
import { evergreenAccounts } from '../../../src/interop/evergreen/evergreenAccounts.js';
import { folioAccounts } from '../../../src/interop/folio/folioAccounts.js';
import { findingOf, type Rows } from '../../../src/interop/import/importFinding.js';
import { jsonLines } from '../../../src/interop/import/jsonLines.js';
import { openingBalances } from '../../../src/interop/import/openingBalances.js';
import { kohaAccounts } from '../../../src/interop/koha/kohaAccounts.js';
import { csvRows } from '../../../src/job/csvRows.js';
import { billing, payment, policy, xact } from '../evergreen/evergreenImport.js';
import { line, offset } from '../koha/kohaTables.js';
import { listOf } from './importLaws.js';

it('describes a row in one sentence', () => {
  const row = { table: 'accountlines', rowId: '17', row: { amount: 'x' } };
  expect(findingOf('u17', row, ['MalformedField', 'amount', 'an amount', 'x'])).toEqual({
    ...row,
    code: 'MalformedField',
    patronId: 'u17',
    field: 'amount',
    expected: 'an amount',
    found: 'x',
    message: 'accountlines 17: amount: expected an amount, found x',
  });
  expect(findingOf(null, { ...row, rowId: null }, ['NoPatron', '', 'a patron', 'none']).message).toBe(
    'accountlines: expected a patron, found none',
  );
});

const tables = () => ({
  billable_xact: [xact],
  billing: [billing(1, 0, '5.00')],
  payment: [payment(2, 1, '5.00', 'cash')],
});

/** What is wrong with the tables of Evergreen, of which some are others. */
async function faultsOf(others: Record<string, Rows>) {
  const error = await listOf(evergreenAccounts({ ...tables(), ...others }, { policy })).catch((one) => one);
  return isPatronFeesError(error, 'INVALID_ARGUMENT') ? error.details.faults : error;
}

const columns = 'id, xact, usr, amount, voided';

it('refuses a text without a header, for every table, and names the columns', async () => {
  for (const empty of [csvRows(['']), csvRows(['\n\n']), jsonLines([''])]) {
    expect(await faultsOf({ billing: empty })).toEqual([
      { path: 'billing', expected: `the columns ${columns}`, found: 'no line' },
    ]);
  }
  const both = await faultsOf({ billing: csvRows(['']), payment: csvRows(['']), usr: csvRows(['']) });
  expect((both as { path: string }[]).map(({ path }) => path)).toEqual(['billing', 'payment', 'usr']);
});

it('refuses rows without a column that decides amounts, of any source', async () => {
  const { voided: _, ...row } = billing(1, 0, '5.00');
  async function* streamed() {
    yield row;
  }
  const sources = [[row], streamed(), jsonLines([JSON.stringify(row)]), csvRows(['id,xact,usr,amount\n'])];
  for (const source of sources) {
    expect(await faultsOf({ billing: source })).toMatchObject([
      { path: 'billing', expected: 'the column voided', found: expect.stringContaining('id, xact, usr') },
    ]);
  }
});

it('accepts a list without rows, a header without rows, and fields that only some rows have', async () => {
  const header = 'id,xact,usr,amount,voided,payment_type\n';
  for (const payments of [[], csvRows([header])]) {
    expect(await faultsOf({ payment: payments })).toMatchObject([{ balances: [{ owed: 500 }] }]);
  }
  const { voided: _, ...row } = billing(2, 0, '1.00');
  expect(await faultsOf({ billing: [row, billing(1, 0, '5.00')] })).toMatchObject([
    { balances: [{ owed: 100 }] },
  ]);
});

it('refuses a file that is not text in UTF-8, and closes the other tables', async () => {
  let isClosed = false;
  async function* streamed() {
    try {
      yield xact;
      yield { ...xact, id: 6 };
    } finally {
      isClosed = true;
    }
  }
  for (const encoding of ['utf16le', 'latin1'] as const) {
    const many = (async function* () {
      for (let id = 1; id < 1_000; id++) yield { ...xact, id };
    })();
    const bytes = Buffer.from(`\u00e9${columns}\n`, encoding).subarray(encoding === 'utf16le' ? 2 : 0);
    expect(await faultsOf({ billable_xact: streamed(), billing: csvRows([bytes]), usr: many })).toMatchObject(
      [{ path: 'billing', found: expect.stringContaining('bytes that are not UTF-8') }, { path: 'usr' }],
    );
    expect(isClosed).toBe(true);
  }
});

it('leaves out all later accounts if a table cannot be read to its end', async () => {
  const xacts = [79, 80, 81].map((usr) => ({ ...xact, id: usr, usr }));
  const paid = (usr: number) => `${usr},${usr},${usr},1.00,f,cash_payment,2026-03-02\n`;
  const broken = `id,xact,usr,amount,voided,payment_type,payment_ts\n${paid(79)}${paid(80)}81,"\n${paid(81)}`;
  const accounts = await listOf(
    evergreenAccounts(
      {
        billable_xact: xacts,
        billing: [79, 80, 81].map((usr) => billing(usr, 0, '1.00', { usr, xact: usr })),
        payment: csvRows([broken]),
      },
      { policy },
    ),
  );
  expect(accounts.map(({ patronId, findings }) => [patronId, findings.length])).toEqual([
    ['79', 0],
    [null, 1],
  ]);
});

it('refuses the two files of Koha, and of FOLIO, in the wrong order', async () => {
  const [lines, offsets] = [[line(7, 'LOST', '5.00', '5.00')], [offset(1, 'CREATE', null, 7, '5.00')]];
  const koha = kohaAccounts({ accountlines: offsets, account_offsets: lines }, { policy });
  await expect(listOf(koha)).rejects.toThrow('expected the columns accountlines_id, ');
  const account = { id: 'a1', userId: 'u1', amount: 5, remaining: 5 };
  const action = { id: 'x1', accountId: 'a1', userId: 'u1', typeAction: 'Fine', amountAction: 5 };
  const folio = folioAccounts({ accounts: [action], feefineactions: [account] }, { policy });
  await expect(listOf(folio)).rejects.toThrow('expected the columns amount, remaining');
  // The rows of its tables have the fields in a column.
  const inColumn = 'id,jsonb\n';
  const rows = { accounts: [{ id: 'a1', jsonb: account }], feefineactions: csvRows([inColumn]) };
  expect(await listOf(folioAccounts(rows, { policy }))).toHaveLength(1);
});

it('reports each row without fields as a finding', async () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  const accounts = await listOf(openingBalances([null, 5, hostile], { policy }));
  expect(accounts.map(({ findings }) => findings[0]?.code)).toHaveLength(3);
});
