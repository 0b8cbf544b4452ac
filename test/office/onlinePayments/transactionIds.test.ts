import { describe, expect, it } from 'vitest';
import { transactionNamed } from '../../../src/office/onlinePayments/transactionIds.js';

describe('transactionNamed', () => {
  it('finds a capture by its own id, then by one of its other ids, but not by two other ids in common', () => {
    const first = { externalTransactionId: 'ch_1', otherIds: ['pi_1', 'ch_2'] };
    const second = { externalTransactionId: 'ch_2', otherIds: ['pi_1'] };
    const find = (id: string, ...otherIds: string[]) =>
      transactionNamed([first, second], { externalTransactionId: id, otherIds });
    expect([find('ch_2'), find('pi_1', 'ch_2'), find('pi_1')]).toEqual([second, second, first]);
    expect(find('pi_2', 'pi_1')).toBeUndefined();
  });
});
