import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { runPaymentsList } from '../../../src/jobs/reports/index.js';
import {
  foldReceiptSeries,
  issueReceipt,
  type OfficeStore,
  type ReceiptForm,
  receiptHtml,
  receiptText,
  reprintReceipt,
} from '../../../src/office/index.js';
import { german } from '../../../src/words/index.js';
import { ask, assess, pay } from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { at, by } from '../till/tills.js';
import { coversEachOnce, policy, seriesOf, storesWith } from './receiptDesk.js';

const institution = 'north';
const patron = { institution, patronId: 'ann' };
const single = { ...patron, series: '2026', kind: 'payment', at, by } as const;
const ids = ['p1', 'p2', 'p3'];
const whole: ReceiptForm = { ...single, subjectId: 'p1', payments: ['p2', 'p3'] };

/** Stores with a fee of 12.00, of which 9.50 is paid by three methods. */
async function paid(office?: OfficeStore) {
  const stores = await storesWith(0, office);
  await execute(stores.accounts, policy, patron, [
    assess('f1', '8.00'),
    assess('f2', '4.00'),
    pay('p1', '5.00'),
    pay('p2', '4.00', { method: 'CREDIT_CARD', externalTransactionId: 'ch_1' }),
    pay('p3', '0.50', { method: 'CHECK', reference: '4711' }),
  ]);
  return stores;
}

describe('a receipt of several payments', () => {
  it('has each method with its amount, all lines, and one total under one number', async () => {
    const stores = await paid();
    const receipt = await issueReceipt(stores, policy, whole);
    expect(receipt).toMatchObject({ number: 1, subjectId: 'p1', amount: '9.50', remainingPayable: '2.50' });
    expect(receipt.methods.map(({ method, amount }) => [method, amount])).toEqual([
      ['CASH', '5.00'],
      ['CREDIT_CARD', '4.00'],
      ['CHECK', '0.50'],
    ]);
    expect(receipt.lines.map(({ feeId, amount, remaining }) => [feeId, amount, remaining])).toEqual([
      ['f1', '5.00', '0.00'],
      ['f1', '3.00', '0.00'],
      ['f2', '1.00', '2.50'],
      ['f2', '0.50', '2.50'],
    ]);
    const copy = { ...receipt, isCopy: true };
    for (const subjectId of ids) {
      expect(await issueReceipt(stores, policy, { ...single, subjectId, series: '2027' })).toEqual(copy);
      expect(await reprintReceipt(stores, policy, { ...patron, kind: 'payment', subjectId })).toEqual(copy);
    }
    expect(foldReceiptSeries(await seriesOf(stores.office))).toEqual({ first: 1, last: 1, receipts: 1 });
    expect(await seriesOf(stores.office, '2027')).toEqual([]);
  });

  it('says each method with its amount in text and HTML, in any language', async () => {
    const receipt = await issueReceipt(await paid(), policy, whole);
    const reader = { locale: 'en-US', timeZone: 'UTC' };
    const text = receiptText(receipt, reader);
    expect(text.split('\n').filter((line) => /^(Method|Reference|Transaction|Total)/.test(line))).toEqual([
      'Total: $9.50',
      'Method: Cash: $5.00',
      'Method: Credit card: $4.00',
      'Transaction: ch_1',
      'Method: Check: $0.50',
      'Reference: 4711',
    ]);
    expect(receiptHtml(receipt, reader)).toContain('<bdi>Credit card</bdi>: $4.00');
    const inGerman = receiptText(receipt, { locale: 'de-AT', timeZone: 'UTC', words: german.receipt });
    expect(inGerman.replace(/\s/g, ' ')).toContain('Credit card: $ 4,00');
  });

  it('says which of them were reversed', async () => {
    const stores = await paid();
    await issueReceipt(stores, policy, whole);
    await execute(stores.accounts, policy, patron, ask('ReversePayment', 'r', { paymentId: 'p2' }));
    expect(await issueReceipt(stores, policy, whole)).toMatchObject({
      reversed: '4.00',
      reversals: [{ id: 'r', amount: '4.00' }],
    });
    const undoing = await issueReceipt(stores, policy, { ...single, kind: 'reversal', subjectId: 'r' });
    expect(undoing.original).toEqual({
      kind: 'payment',
      subjectId: 'p2',
      receipt: { series: '2026', number: 1 },
    });
  });

  it('leaves out a payment that has a receipt of its own, and is alone if it was issued before', async () => {
    const stores = await paid();
    expect((await issueReceipt(stores, policy, { ...single, subjectId: 'p2' })).amount).toBe('4.00');
    expect(await issueReceipt(stores, policy, whole)).toMatchObject({
      number: 2,
      amount: '5.50',
      payments: [{ paymentId: 'p3', amount: '0.50' }],
    });
    const others = await paid();
    await issueReceipt(others, policy, { ...single, subjectId: 'p1' });
    expect(await issueReceipt(others, policy, whole)).toMatchObject({ isCopy: true, amount: '5.00' });
    expect(await issueReceipt(others, policy, { ...single, subjectId: 'p3' })).toMatchObject({ number: 2 });
  });

  it('has a single method with the whole amount for a payment of a household', async () => {
    const stores = await paid();
    const receipt = await issueReceipt(stores, policy, { ...single, subjectId: 'p1' });
    expect(receipt.methods).toEqual([
      {
        subjectId: 'p1',
        method: 'CASH',
        methodLabel: 'Cash',
        amount: '5.00',
        reference: null,
        externalTransactionId: null,
      },
    ]);
    expect(receiptText(receipt, { locale: 'en-US', timeZone: 'UTC' })).toContain('Method: Cash\n');
  });

  it('is refused for other kinds, a payment named twice, other patrons, and what the account does not have', async () => {
    const stores = await paid();
    for (const wrong of [
      { kind: 'refund' },
      { payments: ['p2', 'p2'] },
      { payments: ['p1'] },
      { others: ['ben'] },
    ] as const)
      await expect(issueReceipt(stores, policy, { ...whole, ...wrong })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    const unknown = issueReceipt(stores, policy, { ...whole, payments: ['p2', 'p9'] });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND', details: { subjectId: 'p9' } });
    expect((await stores.office.readAll()).events).toEqual([]);
  });

  it('removes all of its payments from the list of payments without a receipt', async () => {
    const stores = await paid();
    const missing = async () => {
      const form = { institution, timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };
      const lines = runPaymentsList(stores, policy, { ...form, withoutReceipt: true });
      const found: string[] = [];
      for await (const { id } of lines) found.push(id);
      return found;
    };
    expect(await missing()).toEqual(ids);
    await issueReceipt(stores, policy, whole);
    expect(await missing()).toEqual([]);
  });

  it(
    'covers each payment once, whatever is issued together, and whenever a writer is killed',
    () =>
      coversEachOnce('receipts of several payments', {
        open: paid,
        issue: (stores, index, isWhole, how) => {
          const subjectId = ids[index] as string;
          const payments = isWhole ? ids.filter((id) => id !== subjectId) : [];
          return issueReceipt(stores, policy, { ...single, subjectId, payments, ...how.form }, how.options);
        },
        amount: '9.50',
      }),
    LAW_TIMEOUT_MS,
  );
});
