import { describe, expect, it } from 'vitest';
import { active, back, begun, policyOf, rejectionsOf, taken } from '../shop.js';

describe('reportReturn', () => {
  it('refuses a return before its capture, and records it when it is reported again', async () => {
    const shop = await begun();
    expect(rejectionsOf(await shop.report('o1', back('re_1', 'ch_1', '19.50')))).toEqual(['CaptureUnknown']);
    await shop.report('o1', taken('ch_1', '19.50'));
    const result = await shop.report('o1', back('re_1', 'ch_1', '19.50'));
    expect(result).toMatchObject({ accepted: true, waiting: [] });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['15.00', '4.00']);
  });

  it('refuses to give back more than is left of a capture', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    await shop.report('o1', back('re_1', 'ch_1', '19.00'));
    const result = await shop.report('o1', back('re_2', 'ch_1', '1.00'));
    expect(result.rejections).toMatchObject([{ type: 'ReturnExceedsCapture', left: '0.50' }]);
  });

  it('records a return in the payment of its capture, whatever payment it names', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.start('o2', [{ patronId: 'ben' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    for (const named of ['o2', 'unknown']) {
      const result = await shop.report(named, back('re_1', 'ch_1', '5.00'));
      expect(result).toMatchObject({ accepted: true, payment: { onlinePaymentId: 'o1' } });
    }
    expect(await active(shop, 'ann')).toBe('5.00');
  });

  it('finds a capture that was recorded with another method of the policy', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    shop.policy = policyOf({ method: 'CASH' });
    const renamed = await shop.report('unknown', back('re_1', 'ch_1', '5.00'));
    expect(renamed).toMatchObject({ accepted: true, payment: { onlinePaymentId: 'o1' } });
    shop.policy = policyOf({}, { onlinePayments: false });
    const off = await shop.report('unknown', back('re_2', 'ch_1', '5.00'));
    expect(off).toMatchObject({ accepted: true, payment: { onlinePaymentId: 'o1' } });
    expect(await active(shop, 'ann')).toBe('10.00');
  });

  it('refuses a return with a patron from whom the capture took nothing, or with a malformed amount', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    const accounts = [
      { patronId: 'ben', amount: '1.00' },
      { patronId: 'Ann', amount: '1.005' },
    ];
    const told = await shop.report('o1', back('re_1', 'ch_1', '4.00', { accounts }));
    expect(told.rejections).toMatchObject([
      {
        type: 'InvalidOnlinePayment',
        faults: [{ path: 'accounts[1].patronId' }, { path: 'accounts[1].amount', found: '1.005' }],
      },
    ]);
    expect(told.payment?.returns).toEqual([]);
    const right = { accounts: [{ patronId: 'ann', amount: '4' }] };
    expect((await shop.report('o1', back('re_1', 'ch_1', '4.00', right))).accepted).toBe(true);
    expect(await active(shop, 'ann')).toBe('4.00');
  });

  it('refuses a return that is reported again for another capture', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    await shop.report('o1', taken('ch_2', '15.50'));
    await shop.report('o1', back('re_1', 'ch_1', '5.00'));
    expect(rejectionsOf(await shop.report('o1', back('re_1', 'ch_2', '5.00')))).toEqual(['ReportDiffers']);
  });
});
