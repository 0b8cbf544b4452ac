import {
  loadOnlinePayment,
  type PayoutRow,
  type PayoutsForm,
  type PayoutsReport,
  reconcilePayouts,
} from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  active,
  ann,
  at,
  back,
  begun,
  diesAfter,
  fee,
  institution,
  openShop,
  paymentOf,
  policyOf,
  type Shop,
  taken,
} from '../shop.js';

let rows = 0;

/** A row of a capture, unless other fields are given. */
function row(amount: string, more: Partial<PayoutRow> = {}): PayoutRow {
  rows += 1;
  return {
    rowId: `row${rows}`,
    reference: 'o1',
    transaction: 'ch_1',
    type: 'capture',
    amount,
    currency: 'USD',
    gross: amount,
    fee: '0.40',
    net: '0.00',
    payoutCurrency: 'USD',
    payoutId: 'po_1',
    paidOn: '2026-03-04',
    ...more,
  };
}

const reconcile = (
  shop: Shop,
  list: readonly unknown[],
  more: Partial<PayoutsForm> = {},
): Promise<PayoutsReport> =>
  reconcilePayouts(shop.stores, shop.policy, { institution, at, ...more }, { rows: list as PayoutRow[] });

const codesOf = ({ findings }: PayoutsReport) => findings.byCode;

async function paid(): Promise<Shop> {
  const shop = await begun();
  await shop.report('o1', taken('ch_1', '19.50'));
  return shop;
}

const refund = { type: 'refund', transaction: 're_1', of: 'ch_1' } as const;

describe('reconcilePayouts', () => {
  it('records each row once, whichever file has it', async () => {
    const shop = await paid();
    await shop.report('o1', back('re_1', 'ch_1', '4.00'));
    const list = [row('19.50', { net: '19.10' }), row('-4.00', { ...refund, net: '-4.40' })];
    const report = await reconcile(shop, list);
    expect(report).toMatchObject({ rows: 2, recorded: 2, repeated: 0, reported: 0, findings: { count: 0 } });
    expect(report.byCurrency).toEqual({ USD: { gross: '15.50', fee: '0.80', net: '14.70', others: '0.00' } });
    expect(await reconcile(shop, list)).toMatchObject({ recorded: 0, repeated: 2, findings: { count: 0 } });
  });

  it('records an unreported capture from its row, even months later', async () => {
    const shop = await begun();
    await shop.report('o1', { ended: { cause: 'expired', final: true } });
    const list = [row('-4.00', refund), row('19.50')];
    const report = await reconcile(shop, list, { at: '2026-09-01T00:00:00Z' });
    expect(report).toMatchObject({ recorded: 2, reported: 2, findings: { count: 0 } });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '4.00']);
  });

  it('finds the capture of a refund that names none: the earliest one with enough left', async () => {
    const shop = await paid();
    const { of: _of, ...nameless } = refund;
    expect(await reconcile(shop, [row('-4.00', nameless)])).toMatchObject({
      reported: 1,
      findings: { count: 0 },
    });
    await shop.report('o1', taken('ch_2', '1.00'));
    const two = await reconcile(shop, [row('-1.00', { ...nameless, transaction: 're_2' })]);
    expect(codesOf(two)).toEqual({});
    expect((await paymentOf(shop))?.returns.at(-1)).toMatchObject({ of: 'ch_1', amount: '1.00' });
  });

  it('finds a payment by its transaction where the row has no reference', async () => {
    const shop = await paid();
    expect(await reconcile(shop, [row('19.50', { reference: null })])).toMatchObject({ recorded: 1 });
  });

  it('finds the payment of a refund or a won dispute without a reference by the capture that its row names', async () => {
    const shop = await paid();
    const nameless = { reference: null, of: 'ch_1' } as const;
    const went = row('-4.00', { ...nameless, type: 'chargeback', transaction: 'du_1' });
    const cameBack = row('4.00', { ...nameless, transaction: 'won_1' });
    const report = await reconcile(shop, [cameBack, went]);
    expect(report).toMatchObject({ recorded: 2, reported: 2, kept: [], findings: { count: 0 } });
    const payment = await paymentOf(shop);
    expect(payment?.returns).toMatchObject([{ externalTransactionId: 'du_1', of: 'ch_1', amount: '4.00' }]);
    expect(payment?.captures.at(-1)).toMatchObject({ externalTransactionId: 'won_1', amount: '4.00' });
    expect(payment?.payouts.map(({ rowId }) => rowId)).toEqual([went.rowId, cameBack.rowId]);
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '0.00']);
  });

  it('finds the payment with the method of the report if another method has a capture with the same id', async () => {
    const shop = await paid();
    const paymentMethods = { CASH: 'Cash', ONLINE: 'Online', CARD: 'Card' };
    shop.policy = policyOf({ method: 'CARD' }, { paymentMethods });
    await shop.give('ann', fee('f3', '4.00'));
    await shop.start('o2', ann);
    await shop.report('o2', taken('ch_1', '4.50'));
    const nameless = { reference: null, of: 'ch_1' } as const;
    const went = row('-4.00', { ...nameless, type: 'chargeback', transaction: 'du_1' });
    const cameBack = row('4.00', { ...nameless, transaction: 'won_1' });
    expect(codesOf(await reconcile(shop, [went, cameBack], { method: 'ONLINE' }))).toEqual({});
    const payments = [await paymentOf(shop), await paymentOf(shop, 'o2')];
    expect(payments.map((one) => [one?.returns.length, one?.captures.length])).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  it('finishes a capture that died between its two streams', async () => {
    const shop = await begun();
    expect(await diesAfter(shop, 1, () => shop.report('o1', taken('ch_1', '19.50')))).toBe(true);
    expect(await reconcile(shop, [row('19.50')])).toMatchObject({ recorded: 1, reported: 0 });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('names rows of unknown payments', async () => {
    const shop = await begun();
    const list = [row('1.00', { reference: 'o9' }), row('1.00', { reference: null }), row('-1.00', refund)];
    expect(codesOf(await reconcile(shop, list))).toEqual({ UNKNOWN_PAYMENT: 3 });
  });

  it('compares the sum of the rows of a transaction with what was charged', async () => {
    const shop = await paid();
    const first = row('10.00');
    expect(codesOf(await reconcile(shop, [first]))).toEqual({ AMOUNT_DIFFERS: 1 });
    expect(codesOf(await reconcile(shop, [first, row('9.50')]))).toEqual({});
    expect(codesOf(await reconcile(shop, [row('19.50')]))).toEqual({ PAID_OUT_TWICE: 1 });
    expect(codesOf(await reconcile(shop, [row('1.00')]))).toEqual({ AMOUNT_DIFFERS: 1 });
  });

  it('compares all rows of a transaction, even if the answer to the first write comes last', async () => {
    const shop = await paid();
    const { office } = shop.stores;
    let answer = () => {};
    const second = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const append: typeof office.append = async (stream, events, options) => {
      const appended = await office.append(stream, events, options);
      const [event] = events;
      if (event?.type !== 'OnlinePaymentPaidOut') return appended;
      if (event.data.rowId === 'first') await second;
      else setImmediate(answer);
      return appended;
    };
    Object.assign(shop.stores, { office: { ...office, append } });
    const twice = [row('19.50', { rowId: 'first' }), row('19.50')];
    const form = { institution, at };
    const report = await reconcilePayouts(shop.stores, shop.policy, form, { rows: twice, concurrency: 2 });
    expect(codesOf(report)).toEqual({ PAID_OUT_TWICE: 1 });
  });

  it('names rows in another currency, and rows that changed', async () => {
    const shop = await paid();
    const euro = row('19.50', { currency: 'EUR' });
    expect(codesOf(await reconcile(shop, [euro]))).toEqual({ CURRENCY_DIFFERS: 1 });
    const unreported = row('1.00', { currency: 'EUR', transaction: 'ch_2' });
    expect(codesOf(await reconcile(shop, [unreported]))).toEqual({ CURRENCY_DIFFERS: 1 });
    const first = row('19.50');
    await reconcile(shop, [first]);
    const changed = await reconcile(shop, [{ ...first, fee: '0.41' }]);
    expect(changed.findings.first).toMatchObject([
      { code: 'ROW_CHANGED', message: expect.stringContaining('fee was 0.40, is 0.41') },
    ]);
  });

  it('reports rows that are refused, and rows that cannot be read', async () => {
    const shop = await paid();
    const other = await reconcile(shop, [row('-20.00', refund)]);
    expect(codesOf(other)).toEqual({ REPORT_REFUSED: 1 });
    const bad = { unreadable: { line: 3, expected: 'an amount', found: 'x' } };
    expect(
      codesOf(
        await reconcile(shop, [bad, row('0.00'), row('5.00', refund), row('1.00', { transaction: null })]),
      ),
    ).toEqual({
      UNREADABLE_ROW: 4,
    });
  });

  it('keeps a row with another id than was reported, and records a second capture of the same amount', async () => {
    const shop = await paid();
    const other = row('19.50', { transaction: 'pi_1' });
    const report = await reconcile(shop, [other]);
    expect(report).toMatchObject({ recorded: 0, reported: 0 });
    expect(report.findings.first).toMatchObject([
      { code: 'PERHAPS_REPORTED', externalTransactionId: 'pi_1', message: expect.stringContaining('ch_1') },
    ]);
    expect(await active(shop, 'ann')).toBe('0.00');
    const both = await reconcile(shop, [other, row('19.50')]);
    expect(both).toMatchObject({ recorded: 2, reported: 1, findings: { count: 0 } });
    expect(await active(shop, 'ann')).toBe('-19.50');
  });

  it('records two unreported captures of the same amount', async () => {
    const shop = await begun();
    const list = [row('19.50'), row('19.50', { transaction: 'ch_2' })];
    const report = await reconcilePayouts(
      shop.stores,
      shop.policy,
      { institution, at },
      { rows: list, concurrency: 8 },
    );
    expect(report).toMatchObject({ recorded: 2, reported: 2, findings: { count: 0 } });
  });

  it('records a partial capture with the sum of its rows, in any order, reported or not', async () => {
    const partial = [row('19.50'), row('-4.00')];
    for (const isTold of [true, false]) {
      for (const list of [partial, [...partial].reverse()]) {
        const shop = await begun();
        if (isTold) await shop.report('o1', taken('ch_1', '15.50'));
        const report = await reconcile(shop, list, { notPaidOutAfterDays: 1 });
        expect(report).toMatchObject({ recorded: 2, reported: isTold ? 0 : 1, findings: { count: 0 } });
        const id = { institution, onlinePaymentId: 'o1' };
        const payment = await loadOnlinePayment(shop.stores.office, id);
        expect(payment?.captures.map(({ amount }) => amount)).toEqual(['15.50']);
        expect(await active(shop, 'ben')).toBe('4.00');
        expect(await reconcile(shop, list)).toMatchObject({ repeated: 2, findings: { count: 0 } });
      }
    }
    const shop = await begun();
    expect(codesOf(await reconcile(shop, partial.slice(1)))).toEqual({ UNKNOWN_PAYMENT: 1 });
  });

  it('reports invalid rows of a program before any of them is recorded', async () => {
    const shop = await begun();
    const wrong = [
      {},
      null,
      'x',
      row('19.5'),
      row('19.50', { paidOn: '4.3.26' }),
      row('19.50', { gross: '19' }),
    ];
    const report = await reconcile(shop, wrong);
    expect(codesOf(report)).toEqual({ UNREADABLE_ROW: 6 });
    expect(report.findings.first.map(({ message }) => message)).toEqual([
      expect.stringContaining('line 1: expected rowId: '),
      expect.stringContaining('line 2: expected a row'),
      expect.stringContaining('line 3: expected a row'),
      'line 4: expected amount: an amount with 2 decimals, found 19.5',
      expect.stringContaining('line 5: expected paidOn: '),
      'line 6: expected gross: an amount with 2 decimals, found 19',
    ]);
    expect(report).toMatchObject({ rows: 6, recorded: 0, reported: 0, byCurrency: {} });
    expect(await active(shop, 'ann')).toBe('15.00');
    const barter = row('19.50', { currency: 'BEER', payoutCurrency: 'BEER' });
    expect((await reconcile(shop, [barter])).findings.first[0]?.message).toContain('an ISO 4217 code');
  });

  it('sums up rows that belong to no payment', async () => {
    const shop = await paid();
    const monthly = row('-9.00', { type: 'other', transaction: null, reference: null, net: '-9.00' });
    expect((await reconcile(shop, [monthly])).byCurrency.USD?.others).toBe('-9.00');
  });

  it('accepts payouts in another currency', async () => {
    const shop = await paid();
    const yen = row('19.50', { payoutCurrency: 'JPY', gross: '2900', fee: '90', net: '2810' });
    expect(await reconcile(shop, [yen])).toMatchObject({ recorded: 1, byCurrency: { JPY: { net: '2810' } } });
  });

  it('reports captures that are in no payout for days', async () => {
    const shop = await paid();
    await shop.report('o1', back('re_1', 'ch_1', '4.00'));
    const week = { notPaidOutAfterDays: 7 };
    expect(codesOf(await reconcile(shop, [], week))).toEqual({});
    const late = { ...week, at: '2026-03-09T09:00:00Z' };
    expect(codesOf(await reconcile(shop, [], late))).toEqual({ NOT_PAID_OUT: 2 });
    expect(codesOf(await reconcile(shop, [row('19.50')], late))).toEqual({ NOT_PAID_OUT: 1 });
  });

  it('reports which part of a capture from a row waits', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    const broken = { type: 'FeeDisputed', data: { disputeId: 'd', feeId: 'none', at } } as const;
    await shop.stores.accounts.append({ institution, patronId: 'ann' }, [broken], { expectedVersion: 'any' });
    expect(codesOf(await reconcile(shop, [row('15.50')]))).toEqual({ TAKEN_NOT_RECORDED: 1 });
  });

  it('names a payment that cannot be read', async () => {
    const shop = await paid();
    const stream = { institution, stream: 'online:o1' };
    const { version, events } = await shop.stores.office.read(stream);
    await shop.stores.office.append(stream, [events[0]?.event as never], { expectedVersion: version });
    const report = await reconcile(shop, [row('19.50')], { notPaidOutAfterDays: 1 });
    expect(codesOf(report)).toEqual({ CORRUPT_HISTORY: 2 });
  });

  it('rejects wrong options', async () => {
    const shop = await openShop();
    await expect(reconcile(shop, 'rows' as never)).rejects.toThrow('options.rows');
  });
});
