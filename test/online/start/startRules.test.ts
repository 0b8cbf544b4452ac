import { payableOnline } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { ann, at, fee, institution, openShop, policyOf, typeOf } from '../shop.js';

describe('startRules', () => {
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

  it('allows growing fines if the policy does', async () => {
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

  it('requires the whole balance if the policy does', async () => {
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

  it('refuses a fee that is named twice, by itself or with all fees of its patron', async () => {
    const shop = await openShop();
    const f2 = { patronId: 'ann', feeId: 'f2' };
    for (const parts of [
      [
        { ...f2, amount: '2.00' },
        { ...f2, amount: '3.00' },
      ],
      [f2, f2],
      [...ann, { ...f2, amount: '2.00' }],
      [{ ...f2, amount: '2.00' }, ...ann],
    ])
      expect(await shop.start('o1', parts)).toMatchObject({
        rejection: {
          type: 'InvalidOnlinePayment',
          faults: [{ path: 'parts[1]', expected: 'each fee once' }],
        },
      });
    // Merged accounts may be named one by one.
    expect(typeOf(await shop.start('o1', [...ann, ...ann, { patronId: 'ben', feeId: 'g1' }]))).toBe(
      'accepted',
    );
  });
});
