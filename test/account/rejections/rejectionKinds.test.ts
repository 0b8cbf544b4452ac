import { describe, expect, it } from 'vitest';
import { decide, definePolicy, emptyAccount } from '../../../src/index.js';

describe('the kind of a rejection', () => {
  const policy = definePolicy({ currency: 'USD' });
  const at = '2026-03-02T09:00:00Z';
  const by = { channel: 'desk', library: 'MAIN' } as const;
  const fee = { type: 'AssessFee', id: 'f1', amount: '5.00', at, by } as const;

  it.each([
    [{ ...fee, feeType: 'OTHER', amount: '' }, 'invalid'],
    [{ ...fee, feeType: 'NOSUCHTYPE' }, 'invalid'],
    [{ ...fee, feeType: 'NOTIFICATIONFEE' }, 'forbidden'],
    [{ type: 'DisputeFee', id: 'd1', feeId: 'f9', at }, 'notFound'],
    [{ type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at }, 'conflict'],
  ] as const)('is part of the data returned by decide: %j', (command, kind) => {
    expect(decide(command, emptyAccount(), policy)).toMatchObject({ accepted: false, rejection: { kind } });
  });
});
