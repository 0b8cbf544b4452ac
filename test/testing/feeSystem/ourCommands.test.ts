import { describe, expect, it } from 'vitest';
import { definePolicy, emptyAccount } from '../../../src/index.js';
import { ourCommands } from '../../../src/testing/feeSystem/ourCommands.js';
import { accountAfter, assess, pay } from '../../support/account.js';

const policy = definePolicy({ currency: 'USD' });
const over = { overpayment: 'credit' } as const;
const account = accountAfter([assess('f1', '1.00'), pay('p1', '2.00', over), pay('p2', '3.00', over)]);
const refund = (amount: string, from = account) =>
  ourCommands({ name: 'refund', request: { id: 'r1', amount } }, from, policy);

describe('the commands of a request', () => {
  it('say only what the request says, and take the first code of a table', () => {
    const request = { id: 'w1', feeId: 'f1', amount: '1.00' };
    expect(ourCommands({ name: 'waive', request }, account, policy)).toEqual({
      ...{ type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1', amount: '1.00' }], reason: 'GRACE_PERIOD' },
      at: '2026-03-02T09:00:00Z',
    });
  });

  it('refund as many credits as it takes, oldest first, each under its own id', () => {
    expect(refund('1.00')).toMatchObject([{ id: 'r1', creditId: 'p1#1', amount: '1.00' }]);
    expect(refund('3.50')).toMatchObject([
      { id: 'r1', creditId: 'p1#1', amount: '1.00' },
      { id: 'r1/2', creditId: 'p2#1', amount: '2.50' },
    ]);
  });

  it('ask for more than there is where more is wanted, so that it is refused', () => {
    expect(refund('9.00')).toMatchObject([{ amount: '1.00' }, { creditId: 'p2#1', amount: '8.00' }]);
    expect(refund('9.00', emptyAccount())).toMatchObject([{ creditId: 'none' }]);
  });
});
