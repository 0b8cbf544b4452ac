import { findFee } from 'patron-fees';
import { describe, expect, it } from 'vitest';
import { active, back, begun, taken } from '../shop.js';

describe('splitOnline', () => {
  it('counts an amount below the service fee as a part of the fee, and takes the rest of the fee later', async () => {
    const shop = await begun();
    const { payment } = await shop.report('o1', taken('ch_1', '0.30'));
    expect(payment?.captures[0]).toMatchObject({ serviceFee: '0.30', accounts: [] });
    const later = await shop.report('o1', taken('ch_2', '1.00'));
    expect(later.payment?.captures[1]).toMatchObject({ serviceFee: '0.20' });
    expect(findFee(await shop.account('ann'), 'f1')?.paid).toBe(80);
  });

  it('takes back first from the accounts that the caller names, then credits, then the last account, then the service fee', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '20.50'));
    const named = { accounts: [{ patronId: 'ann', amount: '2.00' }] };
    const { payment } = await shop.report('o1', back('re_1', 'ch_1', '4.00', named));
    expect(payment?.returns[0]?.accounts).toEqual([
      { patronId: 'ann', amount: '2.00' },
      { patronId: 'ben', amount: '2.00' },
    ]);
    const rest = await shop.report('o1', back('re_2', 'ch_1', '16.50'));
    expect(rest.payment?.returns[1]).toMatchObject({ serviceFee: '0.50' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['15.00', '4.00']);
  });

  it('takes an amount above its capture from the latest other capture, and the service fee after their accounts', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const amounts = [
      ['ch_1', '6.00'],
      ['ch_2', '5.00'],
      ['ch_3', '4.50'],
    ] as const;
    for (const [id, amount] of amounts) await shop.report('o1', taken(id, amount));
    const { payment } = await shop.report('o1', back('re_1', 'ch_1', '8.00'));
    expect(payment?.returns[0]).toMatchObject({
      serviceFee: '0.00',
      accounts: [{ patronId: 'ann', amount: '5.50' }],
      others: [{ of: 'ch_3', serviceFee: '0.00', accounts: [{ patronId: 'ann', amount: '2.50' }] }],
    });
  });
});
