import { describe, expect, it } from 'vitest';
import { begun, taken } from './shop.js';

describe('ownTransaction', () => {
  it('refuses one transaction that is reported for two payments', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.start('o2', [{ patronId: 'ben' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    const result = await shop.report('o2', taken('ch_1', '15.50'));
    expect(result.rejections).toEqual([
      {
        type: 'TransactionOfOtherPayment',
        kind: 'conflict',
        externalTransactionId: 'ch_1',
        onlinePaymentId: 'o1',
      },
    ]);
  });
});
