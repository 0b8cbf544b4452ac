import { describe, expect, it } from 'vitest';
import { type PayoutReportForm, payoutRows } from '../../../src/online/payouts/payoutRows.js';
import { listOf } from '../../interop/import/importLaws.js';

const columns = {
  rowId: 'id',
  reference: 'order',
  transaction: 'tx',
  of: 'parent',
  type: 'kind',
  amount: 'amount',
  currency: 'cur',
  fee: 'fee',
  payoutId: 'payout',
  paidOn: 'day',
};
const form: PayoutReportForm = { columns, types: { sale: 'capture', back: 'refund' } };
const header = 'id,order,tx,parent,kind,amount,cur,fee,payout,day,gross,paid in';
const read = (lines: readonly string[], more: Partial<PayoutReportForm> = {}) =>
  listOf(payoutRows([[header, ...lines, ''].join('\n')], { ...form, ...more }));

describe("another provider's report", () => {
  it('is read by the names of its columns', async () => {
    const rows = await read([
      '1,op-7,p1,,sale,13.00,EUR,0.32,B4,2026-03-04,,',
      '2,,r1,p1,back,-5,EUR,,B4,2026-03-04,,',
    ]);
    expect(rows).toMatchObject([
      {
        rowId: '1',
        reference: 'op-7',
        transaction: 'p1',
        type: 'capture',
        net: '12.68',
        payoutCurrency: 'EUR',
      },
      { rowId: '2', reference: null, of: 'p1', type: 'refund', amount: '-5.00', fee: '0.00', net: '-5.00' },
    ]);
  });

  it('may write returns without a sign and fees below zero', async () => {
    const lines = ['1,,p1,,sale,13,EUR,-0.32,B4,2026-03-04,,', '2,,r1,p1,back,5,EUR,-0.10,B4,2026-03-04,,'];
    expect(await read(lines, { returns: 'unsigned', fees: 'negative' })).toMatchObject([
      { amount: '13.00', fee: '0.32', net: '12.68' },
      { amount: '-5.00', fee: '0.10', net: '-5.10' },
    ]);
  });

  it('may pay out in another currency if it has a column for that amount', async () => {
    const line = '1,,p1,,sale,1300,JPY,0.32,B4,2026-03-04,12.00,EUR';
    const both = { ...columns, gross: 'gross', payoutCurrency: 'paid in' };
    expect(await read([line], { columns: both })).toMatchObject([
      { amount: '1300', currency: 'JPY', gross: '12.00', net: '11.68', payoutCurrency: 'EUR' },
    ]);
    expect(await read([line], { columns: { ...columns, payoutCurrency: 'paid in' } })).toMatchObject([
      { unreadable: { expected: 'a column with the amount in the currency of the payout' } },
    ]);
  });

  it('may have no columns of references and fees; a row of an unknown type belongs to no payment', async () => {
    const { reference: _, of: _of, fee: _fee, ...few } = columns;
    expect(await read(['1,op-7,,,toString,-2.00,EUR,9,B4,2026-03-04,,'], { columns: few })).toMatchObject([
      { type: 'other', transaction: null, reference: null, amount: '-2.00', fee: '0.00' },
    ]);
  });

  it('reports a column that the file does not have, and checks its form at the call', async () => {
    expect(await read([], { columns: { ...columns, fee: 'cost' } })).toMatchObject([
      { unreadable: { expected: 'one column named "cost"' } },
    ]);
    const unknown = { ...form, types: { sale: 'payment' } } as unknown as PayoutReportForm;
    expect(() => payoutRows(['x'], unknown)).toThrow('form.types.sale');
  });
});
