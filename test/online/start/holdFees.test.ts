import { streamName } from 'patron-fees/history';
import { type OnlinePaymentStarted, runOnlinePayments } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { ann, at, fee, institution, openShop, startAndDie, taken, typeOf } from '../shop.js';

const later = '2026-03-02T10:00:00Z';

describe('holdFees', () => {
  it('returns a payment in progress with the same parts, in any order', async () => {
    const shop = await openShop();
    await shop.start('o1', [{ patronId: 'ann' }, { patronId: 'ben' }]);
    const other = await shop.start('o2', [{ patronId: 'ben' }, { patronId: 'ann' }]);
    expect(other).toMatchObject({ isRepeat: true, payment: { onlinePaymentId: 'o1' } });
  });

  it('refuses fees of a payment in progress with other parts, until it ends or expires', async () => {
    const shop = await openShop();
    await shop.start('o1', [{ patronId: 'ann' }, { patronId: 'ben' }]);
    const refused = await shop.start('o2', [{ patronId: 'ben' }]);
    expect(refused).toMatchObject({ rejection: { type: 'PaymentInProgress', onlinePaymentId: 'o1' } });
    expect(typeOf(await shop.start('o3', [{ patronId: 'ben' }], { at: later }))).toBe('accepted');
    await shop.report('o3', { ended: { cause: 'cancelled', final: false } });
    expect(
      typeOf(await shop.start('o4', [{ patronId: 'ben', amount: '1.00', feeId: 'g1' }], { at: later })),
    ).toBe('accepted');
  });

  it('replaces a payment in progress, unless money was taken', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    const second = await shop.start('o2', [{ patronId: 'ann', feeId: 'f1' }], { replace: true });
    expect(second).toMatchObject({ accepted: true, payment: { onlinePaymentId: 'o2' } });
    const broken = { type: 'FeeDisputed', data: { disputeId: 'd', feeId: 'none', at } } as const;
    await shop.stores.accounts.append({ institution, patronId: 'ann' }, [broken], { expectedVersion: 'any' });
    expect((await shop.report('o2', taken('ch_1', '5.50'))).waiting).toHaveLength(1);
    const again = shop.start('o3', [{ patronId: 'ann', feeId: 'f1' }], { replace: true });
    await expect(again).rejects.toThrow('CORRUPT_HISTORY');
  });

  it('holds the fees of a payment whose capture waits', async () => {
    const shop = await openShop();
    await shop.start('o1', [{ patronId: 'ben' }, { patronId: 'ann' }]);
    const broken = { type: 'FeeDisputed', data: { disputeId: 'd', feeId: 'none', at } } as const;
    await shop.stores.accounts.append({ institution, patronId: 'ann' }, [broken], { expectedVersion: 'any' });
    await shop.report('o1', taken('ch_1', '19.50'));
    await shop.give('ben', fee('g2', '1.00'));
    expect(typeOf(await shop.start('o2', [{ patronId: 'ben', feeId: 'g2' }]))).toBe('accepted');
    await shop.report('o1', { ended: { cause: 'expired', final: true } });
    await shop.give('ben', {
      type: 'ReversePayment',
      id: 'rv',
      paymentId: (await shop.account('ben')).payments[0]?.paymentId ?? '',
      at,
    });
    const refused = await shop.start('o3', [{ patronId: 'ben', feeId: 'g1' }], { replace: true, at: later });
    expect(typeOf(refused)).toBe('PaymentInProgress');
  });

  it('starts only the first of many payments for the same fees', async () => {
    const shop = await openShop();
    const starts = ['ann', 'ben', 'ann', 'ben', 'ann'].map((first, index) =>
      shop.start(`o${index}`, [{ patronId: first }, { patronId: first === 'ann' ? 'ben' : 'ann' }]),
    );
    const results = await Promise.all(starts);
    const ids = results.map((result) => (result.accepted ? result.payment.onlinePaymentId : typeOf(result)));
    expect(new Set(ids).size).toBe(1);
  });

  it('starts only one of two payments of households that share a patron', async () => {
    const shop = await openShop();
    await shop.give('cid', fee('h1', '1.00'));
    const results = await Promise.all([
      shop.start('o1', [{ patronId: 'ann' }, { patronId: 'ben' }]),
      shop.start('o2', [{ patronId: 'ben' }, { patronId: 'cid' }]),
    ]);
    expect(results.map(typeOf).sort()).toEqual(['PaymentInProgress', 'accepted']);
    // The refused one holds nothing.
    const free = results[0]?.accepted ? 'cid' : 'ann';
    expect(typeOf(await shop.start('o3', [{ patronId: free }]))).toBe('accepted');
  });

  it('continues a start whose process died before the payment was stored', async () => {
    const shop = await openShop();
    await startAndDie(shop, 'o1', ann);
    // Another window sees it, and the same call finishes it as it was, though a fee was added.
    await shop.give('ann', fee('f3', '1.00'));
    expect(typeOf(await shop.start('o2', ann))).toBe('PaymentInProgress');
    expect(await shop.start('o1', ann)).toMatchObject({ accepted: true, payment: { amount: '15.00' } });
  });

  it('holds the fees of every patron of a start that the monitor completed after a crash, or refuses it', async () => {
    const household = [{ patronId: 'ann' }, { patronId: 'ben' }];
    for (const comesFirst of [true, false]) {
      const shop = await openShop();
      await startAndDie(shop, 'o1', household);
      await runOnlinePayments(shop.stores, shop.policy, { institution, at });
      const ben = () => shop.start('o2', [{ patronId: 'ben' }]);
      const both = () => shop.start('o1', household);
      const results = comesFirst ? [await both(), await ben()] : [await ben(), await both()];
      expect(results.map(typeOf)).toEqual(['accepted', 'PaymentInProgress']);
      expect(results[0]).toMatchObject({ isRepeat: comesFirst });
    }
  });

  it('refuses a start that another process has begun and ended meanwhile, or that has expired', async () => {
    const shop = await openShop();
    const { office } = shop.stores;
    const { append } = office;
    const racing: typeof append = async (stream, events, options) => {
      const [started] = events;
      if (streamName(stream).includes('online:o1') && started?.type === 'OnlinePaymentStarted') {
        const { onlinePaymentId, currency, by } = started.data as OnlinePaymentStarted['data'];
        const data = { onlinePaymentId, currency, by, at, cause: 'cancelled', final: false } as const;
        await append(stream, [started, { type: 'OnlinePaymentEnded', data }], { expectedVersion: 0 });
      }
      return append(stream, events, options);
    };
    Object.assign(shop.stores, { office: { ...office, append: racing } });
    expect(typeOf(await shop.start('o1', ann))).toBe('OnlinePaymentHasEnded');
    Object.assign(shop.stores, { office });
    await startAndDie(shop, 'o2', ann);
    expect(typeOf(await shop.start('o2', ann, { at: later }))).toBe('OnlinePaymentHasEnded');
  });
});
