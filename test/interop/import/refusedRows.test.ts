import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { evergreenAccounts } from '../../../src/interop/evergreen/evergreenAccounts.js';
import { folioAccounts } from '../../../src/interop/folio/folioAccounts.js';
import type { ForeignAccount } from '../../../src/interop/import/foreignAccount.js';
import { openingBalances, runImport } from '../../../src/interop/import/index.js';
import { kohaAccounts } from '../../../src/interop/koha/kohaAccounts.js';
import { withOffice } from '../../support/officeOf.js';
import { tried } from '../../support/seeded.js';
import { billing, payment, xact } from '../evergreen/evergreenImport.js';
import { account } from '../folio/folioImport.js';
import { line } from '../koha/kohaTables.js';

const policy = definePolicy({ currency: 'USD' });
const options = { policy, timeZone: 'UTC' };

/** Imports, and returns the sums of a report. */
async function sumsOf(accounts: AsyncIterable<ForeignAccount>, rows?: readonly unknown[]) {
  const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
  const form = { jobId: 'j', institution: 'north', at: '2026-03-02T09:00:00Z' };
  const report = await runImport(withOffice(store), policy, form, { accounts, ...(rows && { rows }) });
  const { total, credits, byType, findings } = report;
  return {
    owed: [total.owed, total.owedByRows, total.difference],
    unused: [credits.unused, credits.unusedByRows, credits.difference],
    types: byType.map(({ feeType, owner, difference }) => [feeType, owner, difference]),
    codes: Object.keys(findings.byCode),
  };
}

const koha = (accountlines: object[]) => sumsOf(kohaAccounts({ accountlines }, options));

describe('the totals of an import count rows that are refused', () => {
  it.each(['0', null])('of Koha: a credit line of the amount %s with an unused credit', async (amount) => {
    const credit = { ...line(2, 'PAYMENT', '-1', '-2.00'), amount };
    const sums = await koha([line(1, 'LOST', '5.00', '5.00'), credit]);
    expect(sums).toMatchObject({
      owed: ['5.00', '5.00', '0.00'],
      unused: ['0.00', '2.00', '-2.00'],
    });
    expect(sums.codes).toHaveLength(1);
  });

  it('of Koha: debits without a time, a type, a patron or an id, and out of order', async () => {
    const debit = line(1, 'LOST', '5.00', '4.00');
    for (const wrong of [
      { date: null, timestamp: null },
      { date: 'yesterday' },
      { debit_type_code: null },
      { credit_type_code: 'PAYMENT' },
      { amount: '-5.00' },
      { borrowernumber: null },
      { accountlines_id: null },
      { accountlines_id: 'x'.repeat(150) },
      { branchcode: 'x'.repeat(300) },
    ]) {
      const sums = await koha([{ ...debit, ...wrong }, line(2, 'RENT', '1.00', '1.00')]);
      expect([wrong, sums.owed]).toEqual([wrong, ['1.00', '5.00', '-4.00']]);
      expect(sums.types.map(([, , difference]) => difference).sort()).toEqual(['-4.00', '0.00']);
    }
    const rows = [
      { ...debit, borrowernumber: 52 },
      { ...debit, accountlines_id: 3, borrowernumber: 51 },
    ];
    const streamed = (async function* () {
      yield* rows;
    })();
    const unsorted = await sumsOf(kohaAccounts({ accountlines: streamed }, options));
    expect(unsorted.owed).toEqual(['4.00', '8.00', '-4.00']);
  });

  it('but not rows that are exported twice or have no amount', async () => {
    const debit = line(1, 'LOST', '5.00', '4.00');
    expect((await koha([debit, debit])).owed).toEqual(['4.00', '4.00', '0.00']);
    expect((await koha([debit, line(2, 'LOST', '5.00', 'much', { date: null })])).owed).toEqual([
      '4.00',
      '4.00',
      '0.00',
    ]);
  });

  it('of FOLIO: accounts without a type, owner or time', async () => {
    for (const wrong of [
      { feeFineType: null },
      { feeFineOwner: null },
      { metadata: null },
      { amount: 'x' },
      { userId: null },
    ]) {
      const sums = await sumsOf(
        folioAccounts({ accounts: [account('a1', 4, wrong), account('a2', 10)] }, options),
      );
      expect([wrong, sums.owed]).toEqual([wrong, ['10.00', '14.00', '-4.00']]);
    }
  });

  it('of Evergreen: billings, payments, transactions and credits', async () => {
    const good = [billing(1, 0, '5.00')];
    const evergreen = (tables: object) =>
      sumsOf(evergreenAccounts({ billable_xact: [xact], billing: good, payment: [], ...tables }, options));
    const lost = { billing: [...good, billing(2, 1, '3.00', { billing_ts: 'x' })] };
    expect((await evergreen(lost)).owed).toEqual(['5.00', '8.00', '-3.00']);
    const voided = { billing: [...good, billing(2, 1, '3.00', { billing_ts: 'x', voided: 't' })] };
    expect((await evergreen(voided)).owed).toEqual(['5.00', '5.00', '0.00']);
    const paid = { payment: [payment(3, 1, '2.00', 'cash', { payment_ts: null })] };
    expect((await evergreen(paid)).owed).toEqual(['5.00', '3.00', '2.00']);
    const noXact = { billing: [...good, billing(2, 1, '3.00', { xact: 99 })] };
    expect((await evergreen(noXact)).owed).toEqual(['5.00', '8.00', '-3.00']);
    const noOwner = { billable_xact: [{ ...xact, owner: null }], payment: [payment(3, 1, '2.00', 'cash')] };
    expect((await evergreen(noOwner)).owed).toEqual(['0.00', '3.00', '-3.00']);
    const usr = { usr: [{ id: 79, usr: 79, credit_forward_balance: '7.00' }] };
    expect((await evergreen(usr)).unused).toEqual(['0.00', '7.00', '-7.00']);
  });

  it('of opening balances: fees and credits', async () => {
    const fee = {
      patronId: 'u1',
      id: 'F',
      feeType: 'OTHER',
      owner: 'MAIN',
      amount: '12.50',
      at: '2026-03-02',
    };
    const rows = [
      fee,
      { ...fee, id: 'G', remaining: '2.50', at: null },
      { ...fee, id: 'H', kind: 'credit', amount: '4.00', purpose: 'gold' },
    ];
    expect(await sumsOf(openingBalances(rows, options), rows)).toMatchObject({
      owed: ['12.50', '15.00', '-2.50'],
      unused: ['0.00', '4.00', '-4.00'],
    });
  });

  it('so that the sums by rows equal those of the table, whatever faults its rows have (property)', async () => {
    const cents = fc.integer({ min: -900, max: 900 });
    const row = fc.record({
      amount: fc.constantFrom('9.00', '-9.00', '0', null, 'x'),
      outstanding: cents,
      debit_type_code: fc.constantFrom('LOST', null),
      credit_type_code: fc.constantFrom('PAYMENT', null),
      date: fc.constantFrom('2026-03-02', null, 'x'),
      borrowernumber: fc.constantFrom(51, 52, null),
      branchcode: fc.constantFrom('CPL', null),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
        const lines = rows.map(({ outstanding, ...fields }, index) => {
          const amountoutstanding = (outstanding / 100).toFixed(2);
          return { ...fields, timestamp: null, accountlines_id: index + 1, amountoutstanding };
        });
        const { owed, unused } = await koha(lines);
        const sum = (sign: number) =>
          (rows.reduce((total, { outstanding }) => total + Math.max(0, sign * outstanding), 0) / 100).toFixed(
            2,
          );
        expect([owed[1], unused[1]]).toEqual([sum(1), sum(-1)]);
      }),
      tried(100),
    );
  });
});
