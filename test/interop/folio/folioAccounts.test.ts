import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { type FolioRecords, folioAccounts } from '../../../src/interop/folio/folioAccounts.js';
import { folioRows } from '../../support/rows/folioRows.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { importLaws, listOf } from '../import/importLaws.js';

const policy = definePolicy({ currency: 'USD' });

describe('the records of FOLIO', () => {
  const fee = { id: 'a1', userId: 'u1', amount: 5, remaining: 5, feeFineType: 'Lost', feeFineOwner: 'Main' };
  const account = { ...fee, metadata: { createdDate: '2026-03-02T09:00:00Z' } };

  it('come from the API, from tables, and from CSV files of tables', async () => {
    const json = JSON.stringify(account);
    const rows = [
      account,
      { id: 'a2', jsonb: { ...account, id: 'a2' } },
      { id: 'a1', jsonb: json },
      { jsonb: '{' },
    ];
    const accounts = await listOf(folioAccounts({ accounts: rows }, { policy }));
    expect(accounts.map(({ patronId, changes }) => [patronId, changes.length])).toEqual([
      [null, 0],
      ['u1', 3],
    ]);
    async function* streamed() {
      yield* rows.slice(0, 3);
    }
    expect(await listOf(folioAccounts({ accounts: streamed() }, { policy }))).toHaveLength(1);
  });

  it('and the options are checked', async () => {
    await expect(listOf(folioAccounts({} as FolioRecords, { policy }))).rejects.toThrow('records.accounts');
    await expect(listOf(folioAccounts({ accounts: [] }, {} as never))).rejects.toThrow('options.policy');
  });
});

describe('laws of the import from FOLIO', () => {
  const laws = importLaws(folioRows(fc), (tables) =>
    folioAccounts(tables as unknown as FolioRecords, { policy }),
  );
  it('owes what remaining says, fee by fee', laws.validRows, LAW_TIMEOUT_MS);
  it('adds what is new in later rows', laws.laterRows, LAW_TIMEOUT_MS);
  it('never throws for corrupt rows, and imports the rows that it can read', laws.corrupt, LAW_TIMEOUT_MS);
});
