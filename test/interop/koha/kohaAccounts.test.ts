import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { type KohaTables, kohaAccounts } from '../../../src/interop/koha/kohaAccounts.js';
import { kohaRows } from '../../support/rows/kohaRows.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { importLaws, listOf } from '../import/importLaws.js';

const policy = definePolicy({ currency: 'USD' });
const laws = importLaws(kohaRows(fc), (tables) => kohaAccounts(tables as unknown as KohaTables, { policy }));

async function* streamed(rows: readonly unknown[]) {
  yield* rows;
}

describe('the tables of Koha', () => {
  const debit = {
    debit_type_code: 'LOST',
    amount: '5',
    amountoutstanding: '5',
    branchcode: 'CPL',
    date: '2026-03-02',
  };

  it('give one account for each patron', async () => {
    const accountlines = [7, 3, 7].map((borrowernumber, index) => ({
      ...debit,
      borrowernumber,
      accountlines_id: index,
    }));
    const accounts = await listOf(kohaAccounts({ accountlines }, { policy }));
    expect(accounts.map(({ patronId, rows }) => [patronId, rows])).toEqual([
      ['3', 1],
      ['7', 2],
    ]);
  });

  it('must be sorted if they are streams, and rows of deleted patrons are findings', async () => {
    const borrowers = [7, null, 3];
    const rows = borrowers.map((borrowernumber, index) => ({
      ...debit,
      borrowernumber,
      accountlines_id: index,
    }));
    const accounts = await listOf(kohaAccounts({ accountlines: streamed(rows) }, { policy }));
    expect(
      accounts.map(({ patronId, findings: [first] }) => [patronId, first?.code, first?.patronId]),
    ).toEqual([
      [null, 'NoPatron', null],
      ['7', undefined, undefined],
      [null, 'NotSorted', '3'],
    ]);
  });

  it('are joined by the ids of lines; a line without an id gets no offsets of other lines', async () => {
    const ids = [1n, null, '', { toString: null }];
    const accountlines = ids.map((accountlines_id, index) => ({
      ...debit,
      borrowernumber: 7 + index,
      accountlines_id,
    }));
    const offset = { id: 1, type: 'CREATE', amount: '5', created_on: '2026-03-02' };
    const account_offsets = ids.slice(1).map((credit_id) => ({ ...offset, credit_id, debit_id: 1 }));
    const accounts = await listOf(kohaAccounts({ accountlines, account_offsets }, { policy }));
    expect(accounts.map(({ patronId, rows, changes }) => [patronId, rows, changes.length])).toEqual([
      ['7', 4, 1],
      ['8', 1, 0],
      ['9', 1, 0],
      ['10', 1, 0],
    ]);
  });

  it('and the options are checked', async () => {
    await expect(listOf(kohaAccounts({} as KohaTables, { policy }))).rejects.toThrow('tables.accountlines');
    const tables = { accountlines: [], offsets: [] };
    await expect(listOf(kohaAccounts(tables as KohaTables, { policy }))).rejects.toThrow('tables.offsets');
    await expect(listOf(kohaAccounts({ accountlines: [] }, {} as never))).rejects.toThrow('options.policy');
  });
});

describe('laws of the import from Koha', () => {
  it('owes and credits the amountoutstanding of each line', laws.validRows, LAW_TIMEOUT_MS);
  it('adds what is new in later rows', laws.laterRows, LAW_TIMEOUT_MS);
  it('never throws for corrupt rows, and imports the rows that it can read', laws.corrupt, LAW_TIMEOUT_MS);
});
