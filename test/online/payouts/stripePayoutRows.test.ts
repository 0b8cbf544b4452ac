import { describe, expect, it } from 'vitest';
import { type StripePayoutOptions, stripePayoutRows } from '../../../src/online/payouts/stripePayoutRows.js';
import { listOf } from '../../interop/import/importLaws.js';
import { piecesOf, stripeReport } from './payoutFiles.js';

const header =
  'automatic_payout_id,automatic_payout_effective_at,automatic_payout_effective_at_utc,balance_transaction_id,created,' +
  'currency,gross,fee,net,reporting_category,source_id,description,customer_facing_amount,customer_facing_currency,' +
  'charge_id,payment_intent_id,payment_metadata[onlinePaymentId]';

const read = (lines: readonly string[], options?: StripePayoutOptions) =>
  listOf(stripePayoutRows([[header, ...lines, ''].join('\n')], options));

const payout = 'po_1,2026-03-04 00:00:00,2026-03-04 05:00:00';

describe("Stripe's itemised payout reconciliation", () => {
  it('has a row for each charge, refund and dispute, and for what came back', async () => {
    const rows = await read([
      `${payout},txn_1,,usd,13.00,0.68,12.32,charge,ch_1,"Fines, u1",13.00,usd,ch_1,pi_1,op-7`,
      `${payout},txn_2,,usd,-5.00,0.00,-5.00,refund,re_1,,-5.00,usd,ch_1,pi_1,op-7`,
      `${payout},txn_3,,usd,5.00,0.00,5.00,refund_failure,re_1,,5.00,usd,ch_1,pi_1,op-7`,
      `${payout},txn_4,,usd,-13.00,15.00,-28.00,dispute,du_1,,13.00,usd,ch_1,pi_1,op-7`,
      `${payout},txn_5,,usd,13.00,-15.00,28.00,dispute_reversal,du_1,,13.00,usd,ch_1,pi_1,op-7`,
      `${payout},txn_6,,usd,-2.00,0.00,-2.00,partial_capture_reversal,ch_1,,,,ch_1,pi_1,op-7`,
    ]);
    expect(
      rows.map(
        (row) =>
          'rowId' in row && [row.rowId, row.type, row.transaction, row.of, row.amount, row.fee, row.net],
      ),
    ).toEqual([
      ['txn_1', 'capture', 'ch_1', undefined, '13.00', '0.68', '12.32'],
      ['txn_2', 'refund', 're_1', 'ch_1', '-5.00', '0.00', '-5.00'],
      ['txn_3', 'capture', 'txn_3', 'ch_1', '5.00', '0.00', '5.00'],
      ['txn_4', 'chargeback', 'du_1', 'ch_1', '-13.00', '15.00', '-28.00'],
      ['txn_5', 'capture', 'txn_5', 'ch_1', '13.00', '-15.00', '28.00'],
      ['txn_6', 'capture', 'ch_1', undefined, '-2.00', '0.00', '-2.00'],
    ]);
    expect(rows[0]).toMatchObject({
      reference: 'op-7',
      payoutId: 'po_1',
      paidOn: '2026-03-04',
      currency: 'USD',
    });
  });

  it('has the amount that the patron was charged in another currency', async () => {
    const [charge, refund] = await read([
      `${payout},txn_1,,eur,12.00,0.60,11.40,charge,ch_1,,1300,jpy,ch_1,pi_1,op-7`,
      `${payout},txn_2,,eur,-4.61,0,-4.61,refund,re_1,,500,jpy,ch_1,pi_1,op-7`,
    ]);
    expect(charge).toMatchObject({ amount: '1300', currency: 'JPY', gross: '12.00', payoutCurrency: 'EUR' });
    expect(refund).toMatchObject({ amount: '-500', currency: 'JPY', gross: '-4.61', net: '-4.61' });
  });

  it('has rows that belong to no payment', async () => {
    const [fee] = await read([`po_1,,2026-03-04 05:00:00,txn_9,,usd,-7.50,0.00,-7.50,fee,,Radar,,,,,`]);
    expect(fee).toMatchObject({
      type: 'other',
      transaction: null,
      reference: null,
      amount: '-7.50',
      paidOn: '2026-03-04',
    });
    expect(await read([`${payout},txn_7,,usd,11.40,0,11.40,payout_reversal,po_0,,,,,,`])).toMatchObject([
      { type: 'other', failedPayout: 'po_0', net: '11.40' },
    ]);
    expect(await read([`${payout},txn_8,,usd,1.00,0,1.00,constructor,x_1,,,,,,`])).toMatchObject([
      { type: 'other', transaction: 'x_1' },
    ]);
  });

  it('may have a reference of another name, or none', async () => {
    const line = `${payout},txn_2,,usd,-5.00,0.00,-5.00,refund,re_1,,,,ch_1,,op-7`;
    const [row] = await read([line], { reference: 'description' });
    expect(row).toMatchObject({ of: 'ch_1', reference: null });
  });

  it('reports lines that it cannot read, and a report without the columns that it needs', async () => {
    const rows = await read([
      `${payout},txn_1,,usd,13.00,0.68,12.00,charge,ch_1,,,,ch_1,pi_1,op-7`,
      `${payout},txn_1,,usd,13.00,0.68,12.32,charge,ch_1,,,,,pi_1,op-7`,
      `${payout},txn_1,,xxy,13.00,0.68,12.32,charge,ch_1,,,,ch_1,pi_1,op-7`,
      `,2026-03-04,,txn_1,,usd,1,0,1,charge,ch_1,,,,ch_1,pi_1,op-7`,
    ]);
    expect(rows.map((row) => 'unreadable' in row && row.unreadable.expected)).toEqual([
      'net: gross - fee',
      'charge_id: a text of 1 to 200 characters',
      'currency: an ISO 4217 code',
      'automatic_payout_id: a text of 1 to 200 characters',
    ]);
    expect(await listOf(stripePayoutRows(['balance_transaction_id\n']))).toMatchObject([
      { unreadable: { expected: 'one column named "automatic_payout_id"' } },
    ]);
  });

  it('checks its arguments at the call', () => {
    expect(() => stripePayoutRows(['x'], { transaction: 'charge_id' } as object)).toThrow('INVALID_ARGUMENT');
    expect(() => stripePayoutRows(7 as unknown as string)).toThrow('a path, or text piece by piece');
  });

  it('reads at most a few pieces ahead, however long the report is', async () => {
    const rowCount = process.env.IN_FULL === undefined ? 10_000 : 1_000_000;
    const pieces = piecesOf(stripeReport(rowCount));
    let [rows, ahead] = [0, 0];
    for await (const row of stripePayoutRows(pieces.text)) {
      if ('unreadable' in row) throw new Error(JSON.stringify(row));
      rows += 1;
      ahead = Math.max(ahead, pieces.linesRead() - rows);
    }
    expect(rows).toBe(rowCount);
    // Streams buffer 16 pieces or objects each; a reader of the whole file would be rowCount ahead.
    expect(ahead).toBeLessThan(5_000);
  });
});
