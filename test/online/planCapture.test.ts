import { describe, expect, it } from 'vitest';
import { active, at, begun, taken } from './shop.js';

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

  it('records beside a part of another program that looks the same, with another total', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '5.00', method: 'ONLINE', at } as const;
    const transaction = { externalTransactionId: 'ch_1', part: 'whole' } as const;
    await shop.give('ann', { ...posted, ...transaction, feeIds: ['f1'] });
    const result = await shop.report('o1', taken('ch_1', '15.50'));
    expect(result.waiting).toEqual([]);
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('leaves a transaction that another program posted whole as it is', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '15.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...posted, externalTransactionId: 'ch_1' });
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    expect(payment?.recorded[0]).toMatchObject({ recordedId: 'portal', byOthers: '15.00' });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('credits what a waiver, a dispute and another payment left nothing to pay of', async () => {
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
