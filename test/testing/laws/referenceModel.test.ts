import { describe, expect, it } from 'vitest';
import { balancesOf, minorUnits, referenceModelOf, total } from '../../../src/testing/laws/referenceModel.js';
import { assessed, event, paid, prepaid, transferred } from '../../support/events.js';
import { history } from '../../support/wholeHistory.js';

describe('the reference model', () => {
  it('add up a history independently of the reducer', () => {
    const { fees, credits, cash } = referenceModelOf(history);
    expect(fees.map(({ feeId, original, remaining }) => [feeId, original, remaining])).toEqual([
      ['f1', 1000n, 600n],
      ['f2', 2000n, 1300n],
      ['f3', 500n, 500n],
    ]);
    expect(fees[1]).toMatchObject({ paid: 200n, transferred: 200n, transferPending: 200n, disputed: false });
    expect(fees[0]).toMatchObject({ waived: 400n, disputed: true });
    expect(credits).toMatchObject([
      { creditId: 'c1', amount: 800n, applied: 300n, refunded: 100n, remaining: 400n },
    ]);
    expect(cash).toEqual({
      received: 1000n,
      handedBack: 0n,
      imported: 0n,
      settlementSurplus: 0n,
      refunded: 100n,
    });
  });

  it('compute the balances as sums of the rows, with disputed rows separate', () => {
    expect(balancesOf(referenceModelOf(history))).toEqual({
      active: 1800n - 400n,
      disputed: 600n,
      transferred: 200n,
      payable: 1800n,
      owed: 2400n,
    });
  });

  it('remove what was undone', () => {
    const undone = [
      assessed('f1', '10.00'),
      paid('p1', 'f1', '4.00'),
      transferred('t1', 'f1', '6.00'),
      event('PaymentReversed', {
        reversalId: 'r1',
        paymentId: 'p1',
        amount: '4.00',
        method: 'CASH',
        allocations: [{ feeId: 'f1', amount: '4.00' }],
      }),
      event('TransferRecalled', { recallId: 'r2', transferId: 't1', amount: '6.00' }),
    ];
    expect(referenceModelOf(undone).fees).toMatchObject([
      { remaining: 1000n, paid: 0n, transferPending: 0n },
    ]);
    expect(referenceModelOf([prepaid('p1', 'c1', '5.00')]).cash.received).toBe(500n);
  });

  it('read canonical amounts of every currency', () => {
    expect(['12.50', '1250', '1.250', '0.01'].map(minorUnits)).toEqual([1250n, 1250n, 1250n, 1n]);
    expect(total([1n, 2n])).toBe(3n);
  });
});
