import { expect, it } from 'vitest';
import { changedPayments } from '../../src/online/changedPayments.js';
import { back, begun, institution, taken } from './shop.js';

it('lists payments with the copies of their events, from a cursor on', async () => {
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
