import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { type EvergreenTables, evergreenAccounts } from '../../../src/interop/evergreen/evergreenAccounts.js';
import { evergreenRows } from '../../support/rows/evergreenRows.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { importLaws, listOf } from '../import/importLaws.js';

const policy = definePolicy({ currency: 'USD' });

describe('the tables of Evergreen', () => {
  it('and the options are checked', async () => {
    await expect(listOf(evergreenAccounts({} as EvergreenTables, { policy }))).rejects.toThrow(
      'tables.billable_xact',
    );
    const none = { billable_xact: [], billing: [], payment: [] };
    await expect(listOf(evergreenAccounts(none, {} as never))).rejects.toThrow('options.policy');
  });

  it('are findings if they have no patron, as aged rows do', async () => {
    const aged = { id: 1, xact: 5, usr: null, amount: '5.00', voided: 'f' };
    const accounts = await listOf(
      evergreenAccounts({ billable_xact: [], billing: [aged], payment: [] }, { policy }),
    );
    expect(accounts.map(({ patronId, findings }) => [patronId, findings[0]?.code])).toEqual([
      [null, 'NoPatron'],
    ]);
  });
});

describe('laws of the import from Evergreen', () => {
  const laws = importLaws(evergreenRows(fc), (tables) =>
    evergreenAccounts(tables as unknown as EvergreenTables, { policy }),
  );
  it(
    'owes what is billed, less what is voided and paid, transaction by transaction',
    laws.validRows,
    LAW_TIMEOUT_MS,
  );
  it('adds what is new in later rows', laws.laterRows, LAW_TIMEOUT_MS);
  it('never throws for corrupt rows, and imports the rows that it can read', laws.corrupt, LAW_TIMEOUT_MS);
});
