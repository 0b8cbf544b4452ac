import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/account/fold.js';
import { findFee } from '../../../src/account/patronAccount.js';
import { assessed, at, changesBy, event, lost, paid } from '../../support/events.js';

const by = { userId: 'anna', channel: 'desk', desk: 'front', library: 'MAIN' } as const;
const circumstances = { by, reason: 'OTHER', comment: 'for the patron', staffNote: 'for the staff' };

describe('FeeAssessed', () => {
  it('adds a fee that is open in full', () => {
    expect(changesBy([], assessed('f1', '10.00'))).toEqual({
      currency: 'USD',
      turnover: 1000,
      fees: [
        {
          feeId: 'f1',
          feeType: 'OTHER',
          owner: 'MAIN',
          lostItem: false,
          item: null,
          loanId: null,
          incidentId: null,
          assessedAt: at,
          original: 1000,
          paid: 0,
          waived: 0,
          settledByCredit: { setOff: 0, refundable: 0, external: 0, goodwill: 0 },
          transferred: 0,
          cancelled: 0,
          transferPending: 0,
          givenBack: 0,
          reserved: 0,
          transferReversed: 0,
          disputed: false,
          disputeId: null,
          returned: false,
          returnTerms: null,
          shortfallCreditId: null,
          accrual: null,
          transactions: [
            {
              kind: 'assessed',
              id: 'f1',
              amount: 1000,
              at,
              by: null,
              reason: null,
              comment: null,
              staffNote: null,
              method: null,
              reference: null,
            },
          ],
        },
      ],
    });
  });

  it('keeps the subject, the actor and the reason of the fee', () => {
    const details = { lostItem: true, item: { title: 'Walden' }, loanId: 'loan', incidentId: 'incident' };
    const fee = findFee(fold([assessed('f1', '10.00', { ...details, ...circumstances })]), 'f1');
    expect(fee).toMatchObject(details);
    expect(fee?.transactions).toEqual([expect.objectContaining(circumstances)]);
  });

  it.each([
    ['JPY', '1000', 0],
    ['KWD', '1.000', 3],
  ])('sets the currency of the account with its decimals: %s', (currency, amount, minorDigits) => {
    expect(fold([assessed('f1', amount, { currency })])).toMatchObject({
      currency,
      minorDigits,
      turnover: 1000,
    });
  });

  it('sets the currency once', () => {
    expect(changesBy([assessed('f1', '10.00')], assessed('f2', '5.00'))).toEqual({
      turnover: 1500,
      fees: [expect.objectContaining({ feeId: 'f2', original: 500 })],
    });
  });
});

describe('FeeWaived', () => {
  it('reduces the open amount, and is recorded so that it can be undone', () => {
    const waived = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' });
    expect(changesBy([assessed('f1', '10.00')], waived)).toEqual({
      'f1.waived': 400,
      'f1.transactions': ['waiver w1 400'],
      waivers: [{ waiverId: 'w1', feeId: 'f1', amount: 400, reversed: false }],
    });
  });
});

describe('WaiverReversed', () => {
  it('reopens the waived amount', () => {
    const history = [
      assessed('f1', '10.00'),
      event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' }),
      event('FeeWaived', { waiverId: 'w2', feeId: 'f1', amount: '1.00' }),
    ];
    const reversed = event('WaiverReversed', {
      reversalId: 'r1',
      waiverId: 'w1',
      feeId: 'f1',
      amount: '4.00',
    });
    expect(changesBy(history, reversed)).toEqual({
      'f1.waived': 100,
      'f1.transactions': ['waiverReversed r1 400 w1'],
      'w1.reversed': true,
    });
  });
});

describe('FeeDisputed', () => {
  const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });

  it('flags the fee', () => {
    expect(changesBy([assessed('f1', '10.00')], disputed)).toEqual({
      'f1.disputed': true,
      'f1.disputeId': 'd1',
      'f1.transactions': ['disputed d1 0'],
    });
  });

  it('also flags a fee with nothing open: history does not check that rule', () => {
    expect(changesBy([assessed('f1', '10.00'), paid('p1', 'f1', '10.00')], disputed)).toMatchObject({
      'f1.disputed': true,
    });
  });
});

describe('DisputeResolved', () => {
  const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });
  const resolved = event('DisputeResolved', { disputeId: 'd1', feeId: 'f1', outcome: 'withdrawn' });

  it('removes the flag', () => {
    expect(changesBy([assessed('f1', '10.00'), disputed], resolved)).toEqual({
      'f1.disputed': false,
      'f1.disputeId': null,
      'f1.transactions': ['disputeResolved d1 0 withdrawn'],
    });
  });

  it('keeps the flag of a later dispute', () => {
    const again = event('FeeDisputed', { disputeId: 'd2', feeId: 'f1' });
    expect(changesBy([assessed('f1', '10.00'), disputed, again], resolved)).toEqual({
      'f1.transactions': ['disputeResolved d1 0 withdrawn'],
    });
  });
});

describe('LostItemReturned', () => {
  it('records the return, and moves no money', () => {
    const returned = event('LostItemReturned', {
      returnId: 'b1',
      feeId: 'f1',
      refundPercent: 100,
      unpaid: 'percent',
    });
    expect(changesBy([lost('f1', '10.00')], returned)).toEqual({
      'f1.returned': true,
      'f1.returnTerms': { refundPercent: 100, unpaid: 'percent' },
      'f1.transactions': ['returned b1 0'],
    });
  });
});

describe('FeeCancelled', () => {
  it('reduces the open amount', () => {
    const cancelled = event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount: '4.00' });
    expect(changesBy([assessed('f1', '10.00')], cancelled)).toEqual({
      'f1.cancelled': 400,
      'f1.transactions': ['cancellation x1 400'],
    });
  });

  it('may reduce nothing, if everything had been paid', () => {
    const cancelled = event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount: '0.00' });
    expect(changesBy([assessed('f1', '10.00'), paid('p1', 'f1', '10.00')], cancelled)).toEqual({
      'f1.transactions': ['cancellation x1 0'],
    });
  });
});
