import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AdyenPayoutOptions, adyenPayoutRows } from '../../../src/online/payouts/adyenPayoutRows.js';
import { listOf } from '../../interop/import/importLaws.js';

const header =
  'Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,' +
  'Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),' +
  'Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Payment Method Variant,' +
  'Modification Merchant Reference,Batch Number,Reserved4';

const folder = mkdtempSync(join(tmpdir(), 'adyen-'));

function read(lines: readonly string[], options?: AdyenPayoutOptions) {
  const file = join(folder, 'settlement_detail_report_batch_1.csv');
  writeFileSync(file, [header, ...lines, ''].join('\n'));
  return listOf(adyenPayoutRows(file, options));
}

const settled =
  'Co,Lib,1813702551707653,op-7,visa,2026-03-01 11:26:49,CET,Settled,1713702551795048,GBP,,5.00,1,GBP,,4.88,,0.04,0.01,0.07,visaclassic,,1,';
const chargeback =
  'Co,Lib,1313642467023511,op-3,visa,2026-03-01 22:37:26,CET,Chargeback,2313642467170922,EUR,349.99,,1,EUR,357.49,,7.5,,,,visaclassic,,1,';
const payout = 'Co,Lib,,,,2026-03-04 02:00:00,CET,MerchantPayout,"TX9, batch 1, Lib",,,,,GBP,4.88,,,,,,,,1,';

describe("Adyen's settlement details report", () => {
  it('has a row for each payment and chargeback; the payout is the batch', async () => {
    expect(await read([settled, chargeback, payout])).toEqual([
      {
        rowId: 'Lib/1/Settled/1813702551707653/1713702551795048',
        reference: 'op-7',
        transaction: '1813702551707653',
        type: 'capture',
        amount: '5.00',
        currency: 'GBP',
        gross: '5.00',
        fee: '0.12',
        net: '4.88',
        payoutCurrency: 'GBP',
        payoutId: 'Lib/1',
        paidOn: '2026-03-04',
      },
      {
        rowId: 'Lib/1/Chargeback/1313642467023511/2313642467170922',
        reference: 'op-3',
        transaction: '2313642467170922',
        of: '1313642467023511',
        type: 'chargeback',
        amount: '-349.99',
        currency: 'EUR',
        gross: '-349.99',
        fee: '7.50',
        net: '-357.49',
        payoutCurrency: 'EUR',
        payoutId: 'Lib/1',
        paidOn: '2026-03-04',
      },
    ]);
  });

  it('gives rows that share a reference different ids', async () => {
    const rows = await read([
      'Co,Lib,881,op-3,visa,2026-03-01 22:37:26,CET,Refunded,R1,EUR,5,,1,EUR,5,,,,,,,,2,',
      'Co,Lib,881,op-3,visa,2026-03-01 22:37:26,CET,RefundedReversed,R1,EUR,,5,1,EUR,,5,,,,,,,2,',
      'Co,Lib,881,op-3,visa,2026-03-01 22:37:26,CET,ChargebackReversed,D1,EUR,,9,1,EUR,,9,,,,,,,2,',
      'Co,Lib,881,op-3,visa,2026-03-01 22:37:26,CET,SecondChargeback,D1,EUR,9,,1,EUR,9,,,,,,,,2,',
    ]);
    expect(
      rows.map((row) => 'rowId' in row && [row.type, row.transaction, row.of, row.amount, row.paidOn]),
    ).toEqual([
      ['refund', 'R1', '881', '-5.00', '2026-03-01'],
      ['capture', 'R1/RefundedReversed', '881', '5.00', '2026-03-01'],
      ['capture', 'D1/ChargebackReversed', '881', '9.00', '2026-03-01'],
      ['chargeback', 'D1/SecondChargeback', '881', '-9.00', '2026-03-01'],
    ]);
    expect(new Set(rows.map((row) => 'rowId' in row && row.rowId)).size).toBe(4);
  });

  it('may name captures by their own reference', async () => {
    const options = { transaction: 'Modification Reference' } as const;
    const [capture, returned] = await read([settled, chargeback], options);
    expect(capture).toMatchObject({ transaction: '1713702551795048' });
    expect(returned).toMatchObject({ transaction: '2313642467170922', reference: 'op-3' });
    expect(returned).not.toHaveProperty('of');
  });

  it('has the charged amount in another currency; the sum of the fees is rounded once', async () => {
    const [row] = await read([
      'Co,Lib,881,op-3,visa,2026-03-01 22:37:26,CET,Settled,C1,JPY,,1300,0.0092,EUR,,11.73,,0.1042,0.0342,0.0916,,,2,',
    ]);
    expect(row).toMatchObject({ amount: '1300', currency: 'JPY', gross: '11.96', fee: '0.23', net: '11.73' });
  });

  it('has rows that belong to no payment', async () => {
    const rows = await read([
      'Co,Lib,,,,2026-03-03 04:55:40,CET,Fee,Transaction Fees March 2026,EUR,,,,EUR,2.70,,,,,,,,2,',
      'Co,Lib,,,,2026-03-03 04:55:40,CET,DepositCorrection,,,,,,EUR,,10.00,,,,,,,2,',
    ]);
    expect(rows).toMatchObject([
      {
        type: 'other',
        transaction: 'Transaction Fees March 2026',
        gross: '-2.70',
        fee: '0.00',
        net: '-2.70',
      },
      { type: 'other', transaction: null, amount: '10.00' },
    ]);
  });

  it('reports a row of a payment whose type is unknown as unreadable', async () => {
    const rows = await read([
      'Co,Lib,881,op-7,visa,2026-03-03 04:55:40,CET,SettledReversed,R9,EUR,15.50,,1,EUR,15.50,,,,,,,,2,',
      'Co,Lib,881,op-7,visa,2026-03-03 04:55:40,CET,PaymentCost,R9,EUR,,0.00,1,EUR,0.20,,,,,,,,2,',
    ]);
    expect(rows).toMatchObject([
      { unreadable: { expected: 'Type: a known type of entries of payments', found: 'SettledReversed' } },
      { type: 'other', amount: '-0.20' },
    ]);
  });

  it('reports lines that it cannot read', async () => {
    const rows = await read([
      settled.replace('GBP', 'GBX'),
      settled.replace('4.88', '4,88'),
      settled.replace('1813702551707653', ''),
    ]);
    expect(rows.map((row) => 'unreadable' in row && row.unreadable)).toMatchObject([
      { line: 2, expected: 'Gross Currency: an ISO 4217 code' },
      { line: 3, expected: '24 cells, as in the header' },
      { line: 4, expected: 'Psp Reference: a text of 1 to 200 characters' },
    ]);
  });

  it('checks its arguments at the call', () => {
    expect(() => adyenPayoutRows('')).toThrow('INVALID_ARGUMENT');
    expect(() => adyenPayoutRows('x.csv', { transactions: 1 } as AdyenPayoutOptions)).toThrow(
      'INVALID_ARGUMENT',
    );
  });
});
