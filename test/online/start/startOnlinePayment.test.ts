import { payableOnline } from 'patron-fees/online';
import { mergeAccounts } from 'patron-fees/patrons';
import { describe, expect, it } from 'vitest';
import { ann, at, institution, openShop, policyOf, taken, typeOf } from '../shop.js';

describe('startOnlinePayment', () => {
  it('stores what is to be paid, with the service fee and when it expires', async () => {
    const shop = await openShop();
    const result = await shop.start('o1', [
      { patronId: 'ann', feeId: 'f2', amount: '3' },
      { patronId: 'ben' },
    ]);
    expect(result).toMatchObject({
      accepted: true,
      isRepeat: false,
      payment: {
        parts: [
          { patronId: 'ann', feeId: 'f2', amount: '3.00' },
          { patronId: 'ben', feeId: 'g1', amount: '4.00' },
        ],
        amount: '7.00',
        serviceFee: '0.50',
        total: '7.50',
        expiresAt: '2026-03-02T10:00:00.000Z',
        by: { channel: 'online' },
      },
    });
  });

  it('does not record the user where the patron acts', async () => {
    const shop = await openShop();
    const by = { channel: 'online', userId: 'ann' } as const;
    expect(await shop.start('o1', ann, { by })).toMatchObject({ payment: { by: { channel: 'online' } } });
    const desk = { channel: 'desk', userId: 'mo' } as const;
    expect(await shop.start('o2', [{ patronId: 'ben' }], { by: desk })).toMatchObject({
      payment: { by: desk },
    });
  });

  it('accepts the same call again, even after the fees are paid, and refuses the id with other parts', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    expect(await shop.start('o1', ann)).toMatchObject({ accepted: true, isRepeat: true });
    expect(typeOf(await shop.start('o1', [{ patronId: 'ben', feeId: 'g1' }]))).toBe('OnlinePaymentIdUsed');
    expect(typeOf(await shop.start('o1', [{ patronId: 'ann', feeId: 'f1' }]))).toBe('OnlinePaymentIdUsed');
  });

  it('refuses the id of a payment that has ended, and of a start that was refused, and starts no second one', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.start('o2', ann, { replace: true });
    const ended = { rejection: { type: 'OnlinePaymentHasEnded', onlinePaymentId: 'o1' } };
    expect(await shop.start('o1', ann)).toMatchObject(ended);
    expect(typeOf(await shop.start('o2', ann, { at: '2026-03-02T10:00:00Z' }))).toBe('OnlinePaymentHasEnded');
    const household = [{ patronId: 'ben' }, { patronId: 'ann' }];
    await shop.start('o3', [{ patronId: 'ben' }]);
    await shop.report('o2', { ended: { cause: 'cancelled', final: false } });
    expect(typeOf(await shop.start('o4', household))).toBe('PaymentInProgress');
    expect(typeOf(await shop.start('o4', household))).toBe('OnlinePaymentHasEnded');
    // Money that was taken after the end is no reason to take it again: the payment is shown as it is.
    await shop.report('o1', taken('ch_1', '15.50'));
    expect(await shop.start('o1', ann)).toMatchObject({ accepted: true, payment: { captures: [{}] } });
  });

  it('refuses the id of a payment of another patron', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    expect(typeOf(await shop.start('o1', [{ patronId: 'ben' }]))).toBe('OnlinePaymentIdUsed');
    await shop.start('o2', [{ patronId: 'ben' }]);
    expect(typeOf(await shop.start('o2', [{ patronId: 'ben', feeId: 'g1', amount: '1.00' }]))).toBe(
      'OnlinePaymentIdUsed',
    );
  });

  it('accepts the same call again for merged accounts, and for a household in which one member owes nothing', async () => {
    const shop = await openShop();
    await mergeAccounts(shop.stores.accounts, shop.policy, {
      id: 'm1',
      from: { institution, patronId: 'ben' },
      into: { institution, patronId: 'ann' },
      at,
    });
    const parts = [{ patronId: 'ben' }, { patronId: 'eva' }];
    expect(await shop.start('o1', parts)).toMatchObject({ payment: { amount: '19.00' } });
    expect(await shop.start('o1', parts)).toMatchObject({ accepted: true, isRepeat: true });
  });

  it('refuses every payment if online payments are off, and malformed forms', async () => {
    const shop = await openShop();
    expect(typeOf(await shop.start('o1', []))).toBe('InvalidOnlinePayment');
    expect(typeOf(await shop.start('o1', [{ patronId: 'ann', amount: '1' }]))).toBe('InvalidOnlinePayment');
    shop.policy = policyOf({}, { onlinePayments: false });
    expect(typeOf(await shop.start('o1', ann))).toBe('NoOnlinePayments');
    expect(payableOnline(await shop.account('ann'), shop.policy).payable).toBe('0.00');
    shop.policy = policyOf({}, { currency: 'EUR' });
    expect(typeOf(await shop.start('o1', ann))).toBe('OnlineAccountInOtherCurrency');
  });

  it('refuses an expiry that no date can have', async () => {
    const shop = await openShop();
    const expiresAfterMinutes = Number.MAX_SAFE_INTEGER;
    expect(await shop.start('o1', ann, { expiresAfterMinutes })).toMatchObject({
      rejection: { type: 'InvalidOnlinePayment', faults: [{ path: 'expiresAfterMinutes' }] },
    });
    expect(() => policyOf({ expiresAfterMinutes })).toThrow('onlinePayments.expiresAfterMinutes');
    expect(typeOf(await shop.start('o1', ann, { expiresAfterMinutes: 525_600 }))).toBe('accepted');
  });
});
