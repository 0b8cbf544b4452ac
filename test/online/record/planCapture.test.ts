import { describe, expect, it } from 'vitest';
import { active, at, begun, type Shop, taken } from '../shop.js';

/** What the payments of `ann` have, in minor units. */
const paid = async (shop: Shop) =>
  (await shop.account('ann')).payments.reduce((sum, { amount }) => sum + amount, 0);

describe('planCapture', () => {
  it('counts what another program posted with the same transaction', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '5.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...posted, externalTransactionId: 'ch_1', feeIds: ['f1'] });
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    expect(payment?.recorded[0]).toMatchObject({ amount: '15.00', byOthers: '5.00' });
    expect(await active(shop, 'ann')).toBe('0.00');
    const again = await shop.give('ann', {
      ...posted,
      id: 'portal2',
      externalTransactionId: 'ch_1',
      feeIds: ['f2'],
    });
    expect(again.decision).toMatchObject({ rejection: { type: 'ExceedsTransactionTotal', total: '15.00' } });
  });

  it('records a part although another program posted an equal part with another total', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '5.00', method: 'ONLINE', at } as const;
    const transaction = { externalTransactionId: 'ch_1', part: 'whole' } as const;
    await shop.give('ann', { ...posted, ...transaction, feeIds: ['f1'] });
    const result = await shop.report('o1', taken('ch_1', '15.50'));
    expect(result.waiting).toEqual([]);
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('leaves no room for the next part of a portal if the missing amount equals its first part', async () => {
    const shop = await begun([{ patronId: 'ann', feeId: 'f2' }]);
    const posted = { type: 'ReceivePayment', amount: '5.00', method: 'ONLINE', at } as const;
    const part = { ...posted, externalTransactionId: 'ch_1', overpayment: 'credit' } as const;
    await shop.give('ann', { ...part, id: 'portal', feeIds: ['f2'] });
    const { payment } = await shop.report('o1', taken('ch_1', '10.50'));
    expect(payment?.recorded[0]).toMatchObject({ amount: '10.00', byOthers: '5.00' });
    const next = await shop.give('ann', { ...part, id: 'next', part: 'rest' });
    expect(next.decision).toMatchObject({ rejection: { type: 'ExceedsTransactionTotal', total: '10.00' } });
    expect(await paid(shop)).toBe(1_000);
  });

  it('records all that is missing if a portal gave too low a total', async () => {
    const shop = await begun([{ patronId: 'ann', feeId: 'f2' }]);
    const transaction = { externalTransactionId: 'ch_1', externalTransactionTotal: '8.00' } as const;
    const part = { type: 'ReceivePayment', amount: '3.00', method: 'ONLINE', at, ...transaction } as const;
    await shop.give('ann', { ...part, id: 'portal', feeIds: ['f2'] });
    const { payment, waiting } = await shop.report('o1', taken('ch_1', '10.50'));
    expect([payment?.recorded[0]?.amount, waiting, await paid(shop)]).toEqual(['10.00', [], 1_000]);
  });

  it('does not change a transaction that another program posted in full', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '15.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...posted, externalTransactionId: 'ch_1' });
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    expect(payment?.recorded[0]).toMatchObject({ recordedId: 'portal', byOthers: '15.00' });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('records a credit if a waiver, a dispute or another payment leaves nothing to pay', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.give('ann', {
      type: 'ReceivePayment',
      id: 'p1',
      amount: '5.00',
      method: 'CASH',
      feeIds: ['f1'],
      at,
    });
    await shop.give('ann', { type: 'DisputeFee', id: 'd1', feeId: 'f2', at });
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    expect(payment?.recorded[0]).toMatchObject({ amount: '15.00', credited: '15.00' });
  });
});
