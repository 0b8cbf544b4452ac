import { loadOnlinePayment, runOnlinePayments } from 'patron-fees/online';
import { expect, it } from 'vitest';
import { changedPayments } from '../../../src/online/monitor/changedPayments.js';
import { back, begun, institution, openShop, startAndDie, taken } from '../shop.js';

it('lists payments with the copies of their events, starting at a cursor', async () => {
  const shop = await begun();
  await shop.report('o1', { ...taken('ch_1', '19.50'), ...back('re_1', 'ch_1', '1.00') });
  const { payments, cursor } = await changedPayments(shop.stores.office, institution, undefined);
  expect(payments).toEqual([
    {
      onlinePaymentId: 'o1',
      before: undefined,
      patronId: 'ann',
      transactions: [
        { kind: 'capture', method: 'ONLINE', externalTransactionId: 'ch_1' },
        { kind: 'return', method: 'ONLINE', externalTransactionId: 're_1' },
      ],
    },
  ]);
  expect((await changedPayments(shop.stores.office, institution, cursor)).payments).toEqual([]);
  expect((await changedPayments(shop.stores.office, 'south', undefined)).payments).toEqual([]);
});

it('completes a household if the process died after the first copy, in any order of its patrons', async () => {
  for (const patrons of [
    ['ben', 'ann'],
    ['ann', 'ben'],
  ]) {
    const shop = await openShop();
    const parts = patrons.map((patronId) => ({ patronId }));
    await startAndDie(shop, 'o1', parts);
    const { stores, policy } = shop;
    const later = { institution, at: '2026-03-02T10:00:00Z' };
    expect(await runOnlinePayments(stores, policy, later)).toMatchObject({
      payments: 1,
      findings: { count: 0 },
    });
    const payment = await loadOnlinePayment(stores.office, { institution, onlinePaymentId: 'o1' });
    expect(payment).toMatchObject({ amount: '19.00', ended: { cause: 'expired' } });
  }
});
