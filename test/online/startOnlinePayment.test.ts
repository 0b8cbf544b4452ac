import { payableOnline, type StartResult } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { at, fee, institution, openShop, policyOf, taken } from './shop.js';

const ann = [{ patronId: 'ann' }];
const later = '2026-03-02T10:00:00Z';

const typeOf = (result: StartResult) => (result.accepted ? 'accepted' : result.rejection.type);

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

  it('repeats the same call, also after the fees are paid, and refuses the id with other parts', async () => {
    const shop = await openShop();
    await shop.start('o1', ann);
    await shop.report('o1', taken('ch_1', '15.50'));
    expect(await shop.start('o1', ann)).toMatchObject({ accepted: true, isRepeat: true });
    expect(typeOf(await shop.start('o1', [{ patronId: 'ben', feeId: 'g1' }]))).toBe('OnlinePaymentIdUsed');
    expect(typeOf(await shop.start('o1', [{ patronId: 'ann', feeId: 'f1' }]))).toBe('OnlinePaymentIdUsed');
  });

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

  it('begins one of many payments for the same fees, whoever comes first', async () => {
    const shop = await openShop();
    const starts = ['ann', 'ben', 'ann', 'ben', 'ann'].map((first, index) =>
      shop.start(`o${index}`, [{ patronId: first }, { patronId: first === 'ann' ? 'ben' : 'ann' }]),
    );
    const results = await Promise.all(starts);
    const ids = results.map((result) => (result.accepted ? result.payment.onlinePaymentId : typeOf(result)));
    expect(new Set(ids).size).toBe(1);
  });

  it('lets one of two households that share a patron begin', async () => {
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

  it('goes on with a start that died before it was stored by itself', async () => {
    const shop = await openShop();
    const { append } = shop.stores.office;
    let writes = 0;
    const dying: typeof append = (...given) => {
      writes += 1;
      return writes > 1 ? Promise.reject(new Error('killed')) : append(...given);
    };
    Object.assign(shop.stores, { office: { ...shop.stores.office, append: dying } });
    await expect(shop.start('o1', ann)).rejects.toThrow('killed');
    Object.assign(shop.stores, { office: { ...shop.stores.office, append } });
    // Another window sees it, and the same call finishes it as it was, though a fee was added.
    await shop.give('ann', fee('f3', '1.00'));
    expect(typeOf(await shop.start('o2', ann))).toBe('PaymentInProgress');
    expect(await shop.start('o1', ann)).toMatchObject({ accepted: true, payment: { amount: '15.00' } });
  });

  it('refuses what cannot be paid online, and says why', async () => {
    const shop = await openShop(policyOf({ minimumAmount: '2.00' }));
    await shop.give('ann', fee('f3', '1.00', 'DESKONLY'), { type: 'DisputeFee', id: 'd1', feeId: 'f1', at });
    await shop.give('ann', {
      type: 'WaiveFees',
      id: 'w1',
      fees: [{ feeId: 'f2', amount: '9.00' }],
      reason: 'OTHER',
      at,
    });
    await shop.give('eva', {
      type: 'AccrueFine',
      id: 'x1',
      feeId: 'e1',
      feeType: 'OVERDUEFINE',
      total: '3.00',
      owner: 'MAIN',
      at,
    });
    const because = async (patronId: string, feeId: string) => {
      const result = await shop.start('o1', [{ patronId, feeId }]);
      return result.accepted || result.rejection.type !== 'FeeNotPayableOnline'
        ? typeOf(result)
        : result.rejection.because;
    };
    expect(await because('ann', 'f1')).toBe('disputed');
    expect(await because('ann', 'f2')).toBe('BelowMinimumAmount');
    expect(await because('ann', 'f3')).toBe('feeType');
    expect(await because('eva', 'e1')).toBe('accruing');
    expect(await because('ann', 'f9')).toBe('OnlineFeeNotFound');
    await shop.give('ben', { type: 'TransferFees', id: 't1', fees: [{ feeId: 'g1' }], at });
    expect(['closed', 'transferred']).toContain(await because('ben', 'g1'));
    expect(typeOf(await shop.start('o1', [{ patronId: 'ben' }]))).toBe('NothingPayableOnline');
    expect(typeOf(await shop.start('o1', [{ patronId: 'ann', feeId: 'f2', amount: '1.01' }]))).toBe(
      'OnlineAmountExceedsPayable',
    );
    expect(payableOnline(await shop.account('ann'), shop.policy).fees.map((one) => one.because)).toEqual([
      'disputed',
      null,
      'feeType',
    ]);
  });

  it('allows growing fines where the policy does', async () => {
    const shop = await openShop(policyOf({ accruing: true }));
    await shop.give('eva', {
      type: 'AccrueFine',
      id: 'x1',
      feeId: 'e1',
      feeType: 'OVERDUEFINE',
      total: '3.00',
      owner: 'MAIN',
      at,
    });
    expect(typeOf(await shop.start('o1', [{ patronId: 'eva' }]))).toBe('accepted');
  });

  it('wants the whole balance where the policy does', async () => {
    const shop = await openShop(policyOf({ exactBalance: true }));
    const part = await shop.start('o1', [{ patronId: 'ann', feeId: 'f1' }]);
    expect(part).toMatchObject({ rejection: { type: 'NotExactBalance', amount: '5.00', payable: '15.00' } });
    expect(typeOf(await shop.start('o1', ann))).toBe('accepted');
  });

  it('computes the service fee by percentage, or by a function', async () => {
    const shop = await openShop(policyOf({ serviceFee: { percent: 2.5, vatPercent: 20 } }));
    const started = await shop.start('o1', ann);
    expect(started).toMatchObject({ payment: { serviceFee: '0.38', serviceFeeVatPercent: 20 } });
    const { startOnlinePayment } = await import('patron-fees/online');
    const form = { institution, onlinePaymentId: 'o2', parts: [{ patronId: 'ben' }], at };
    const start = (serviceFee: () => string) =>
      startOnlinePayment(shop.stores, shop.policy, form, { serviceFee });
    await expect(start(() => '-1')).rejects.toThrow('options.serviceFee');
    expect(await start(() => '0')).toMatchObject({ payment: { serviceFee: '0.00', total: '4.00' } });
  });

  it('refuses everything where online payments are off, and malformed forms', async () => {
    const shop = await openShop();
    expect(typeOf(await shop.start('o1', []))).toBe('InvalidOnlinePayment');
    expect(typeOf(await shop.start('o1', [{ patronId: 'ann', amount: '1' }]))).toBe('InvalidOnlinePayment');
    shop.policy = policyOf({}, { onlinePayments: false });
    expect(typeOf(await shop.start('o1', ann))).toBe('NoOnlinePayments');
    expect(payableOnline(await shop.account('ann'), shop.policy).payable).toBe('0.00');
    shop.policy = policyOf({}, { currency: 'EUR' });
    expect(typeOf(await shop.start('o1', ann))).toBe('OnlineAccountInOtherCurrency');
  });
});
