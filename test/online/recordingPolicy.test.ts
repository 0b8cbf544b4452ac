import { describe, expect, it } from 'vitest';
import { active, back, begun, policyOf, taken } from './shop.js';

describe('recordingPolicy', () => {
  it('records although the policy has dropped the method, the types and online payments since', async () => {
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
});
