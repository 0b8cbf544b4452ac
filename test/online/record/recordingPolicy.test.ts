import { describe, expect, it } from 'vitest';
import { active, at, back, begun, policyOf, taken } from '../shop.js';

describe('recordingPolicy', () => {
  it('records although the policy no longer has the method, the types and online payments', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const { onlinePayments: _o, ...rest } = shop.policy;
    const dropped = {
      ...rest,
      paymentMethods: { CASH: 'Cash' },
      feeTypes: { SHORT: { label: 'Taken back' } },
    };
    shop.policy = policyOf(
      {},
      { ...dropped, onlinePayments: false, permissions: {}, backdating: { days: 1 } },
    );
    expect(await shop.report('o1', taken('4111111111111111', '15.50'))).toMatchObject({
      accepted: true,
      waiting: [],
    });
    expect(await shop.report('o1', back('re_1', '4111111111111111', '15.50'))).toMatchObject({ waiting: [] });
    expect(await active(shop, 'ann')).toBe('15.00');
  });

  it('takes back a credit that is spent, with the shortfall fee that the policy had when the payment began', async () => {
    const shop = await begun([{ patronId: 'ann', feeId: 'f1' }]);
    await shop.report('o1', taken('ch_1', '8.50'));
    const creditId = (await shop.account('ann')).credits[0]?.creditId as string;
    const allocations = [{ feeId: 'f2', amount: '3.00' }];
    await shop.give('ann', { type: 'ApplyCredit', id: 'a1', creditId, allocations, at });
    shop.policy = policyOf({}, { onlinePayments: false });
    const told = await shop.report('o1', back('re_1', 'ch_1', '8.50', { kind: 'chargeback' }));
    expect([told.rejections, told.waiting]).toEqual([[], []]);
    expect(await active(shop, 'ann')).toBe('15.00');
  });
});
