import { heldOnline } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { ann, at, begun, institution, openShop, type Shop, taken } from '../shop.js';

const day = (number: number) => `2026-03-0${number}T09:00:00Z`;

describe('heldOnline', () => {
  const held = (shop: Shop, time = at) =>
    heldOnline(shop.stores.office, { institution, patronId: 'ann', at: time });

  it('tells which fees are held, by which payment and until when', async () => {
    const shop = await openShop();
    const { payment } = (await shop.start('o1', ann)) as { payment: { expiresAt: string } };
    const common = { currency: 'USD', onlinePaymentId: 'o1', until: payment.expiresAt, isPending: false };
    expect(await held(shop)).toEqual([
      { feeId: 'f1', amount: '5.00', ...common },
      { feeId: 'f2', amount: '10.00', ...common },
    ]);
    expect(await held(shop, day(3))).toEqual([]);
    await shop.report('o1', { pending: { until: day(8) } });
    expect(await held(shop, day(3))).toMatchObject([{ until: day(8), isPending: true }, {}]);
    await shop.report('o1', taken('ch_1', '15.50'), { at: day(4) });
    expect(await held(shop, day(5))).toEqual([]);
  });

  it('the debit becomes a credit if the desk takes the money anyway', async () => {
    const shop = await begun([{ patronId: 'ann', feeId: 'f1' }]);
    await shop.report('o1', { pending: { until: day(8) } });
    await shop.give('ann', {
      type: 'ReceivePayment',
      id: 'p1',
      amount: '5.00',
      method: 'CASH',
      feeIds: ['f1'],
      at,
    });
    await shop.report('o1', taken('ch_1', '5.50'), { at: day(5) });
    expect((await shop.account('ann')).credits).toMatchObject([{ amount: 500, cause: 'overpayment' }]);
  });
});
