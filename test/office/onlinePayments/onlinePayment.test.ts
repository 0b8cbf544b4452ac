import { describe, expect, it } from 'vitest';
import {
  captureOf,
  type OnlinePayment,
  withOwnIds,
} from '../../../src/office/onlinePayments/onlinePayment.js';
import { isSameTransaction } from '../../../src/office/onlinePayments/transactionIds.js';

describe('the ids of a transaction', () => {
  const one = { externalTransactionId: 'ch_1', otherIds: ['pi_1', 'x1'] };
  const two = { externalTransactionId: 'ch_2', otherIds: ['pi_1'] };
  const payment = { captures: [one, two, { externalTransactionId: 'ch_3' }] } as unknown as OnlinePayment;

  it('find it, but not another transaction that shares only another id with it', () => {
    expect(isSameTransaction(one, { externalTransactionId: 'pi_1' })).toBe(true);
    expect(isSameTransaction({ externalTransactionId: 'pi_1' }, one)).toBe(true);
    expect(isSameTransaction(one, two)).toBe(false);
    expect(captureOf(payment, { externalTransactionId: 'x1' })).toBe(one);
    expect(captureOf(payment, { externalTransactionId: 'x2' })).toBeUndefined();
  });

  it('find nothing if several captures have them', () => {
    expect(withOwnIds(payment, 'ch_1')).toEqual({ ...one, otherIds: ['x1'] });
    expect(withOwnIds(payment, 'ch_3')).toEqual({ externalTransactionId: 'ch_3' });
  });
});
