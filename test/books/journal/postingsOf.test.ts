import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journal } from '../../../src/books/journal/journal.js';
import { postingsOf } from '../../../src/books/journal/postingsOf.js';
import { type AccountEvent, emptyAccount, fold, type PatronAccount } from '../../../src/index.js';
import { accountOf, assessed, errorOf, event, lost, paid } from '../../support/events.js';
import { postingsAfter } from '../../support/postings.js';
import { tried } from '../../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

const fee = assessed('f1', '10.00');
const waiver = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' });
const lawFee = assessed('f2', '3.00', { owner: 'LAW', feeType: 'OVERDUEFINE' });
const overpaid = event('PaymentReceived', {
  paymentId: 'p1',
  amount: '15.00',
  method: 'CHECK',
  allocations: [
    { feeId: 'f1', amount: '10.00' },
    { feeId: 'f2', amount: '3.00' },
  ],
  overpayment: { creditId: 'c1', amount: '2.00' },
});

describe('the postings of a fee', () => {
  it('debit its library when it is charged', () => {
    expect(postingsAfter(fee)).toEqual(['receivable:MAIN 1000 f1', 'revenue:MAIN:OTHER -1000 f1']);
  });

  it('reduce the debt when it is waived, and restore it when that is undone', () => {
    expect(postingsAfter(fee, waiver)).toEqual(['waivers:MAIN:OTHER 400 f1', 'receivable:MAIN -400 f1']);
    const undone = event('WaiverReversed', { reversalId: 'r1', waiverId: 'w1', feeId: 'f1', amount: '4.00' });
    expect(postingsAfter(fee, waiver, undone)).toEqual([
      'waivers:MAIN:OTHER -400 f1',
      'receivable:MAIN 400 f1',
    ]);
  });

  it('reduce revenue when it is cancelled; cancelling zero posts nothing', () => {
    const cancelled = (amount: string) =>
      event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount });
    expect(postingsAfter(fee, cancelled('10.00'))).toEqual([
      'revenue:MAIN:OTHER 1000 f1',
      'receivable:MAIN -1000 f1',
    ]);
    expect(postingsAfter(fee, cancelled('0.00'))).toEqual([]);
  });

  it('are empty for an increase of zero, which only records the total of a fine', () => {
    const fine = assessed('f1', '10.00', { accruing: true, total: '10.00' });
    const increased = event('FeeIncreased', {
      increaseId: 'i1',
      feeId: 'f1',
      amount: '0.00',
      total: '12.00',
    });
    expect(postingsAfter(fine, increased)).toEqual([]);
  });

  it('are empty for a dispute, its end, and the return of the lost item', () => {
    const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });
    const resolved = event('DisputeResolved', { disputeId: 'd1', feeId: 'f1', outcome: 'feeStands' });
    expect(postingsAfter(fee, disputed)).toEqual([]);
    expect(postingsAfter(fee, disputed, resolved)).toEqual([]);
    const returned = event('LostItemReturned', {
      returnId: 'r1',
      feeId: 'f1',
      refundPercent: 100,
      unpaid: 'percent',
    });
    expect(postingsAfter(lost('f1', '5.00'), returned)).toEqual([]);
  });
});

describe('the postings of a payment', () => {
  it('go to the fees of each library, and the rest to a credit', () => {
    expect(postingsAfter(fee, lawFee, overpaid)).toEqual([
      'cash:CHECK 1500',
      'receivable:MAIN -1000 f1',
      'receivable:LAW -300 f2',
      'credits:refundable -200 c1',
    ]);
  });

  it('are reversed with the payment', () => {
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '5.00',
      method: 'CASH',
      allocations: [{ feeId: 'f2', amount: '3.00' }],
      overpayment: { creditId: 'c1', amount: '2.00' },
    });
    expect(postingsAfter(fee, lawFee, overpaid, reversed)).toEqual([
      'cash:CASH -500',
      'receivable:LAW 300 f2',
      'credits:refundable 200 c1',
    ]);
  });

  it('take back the kept part of a cancelled credit, beside the unused part', () => {
    const cancelled = event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount: '1.00' });
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '2.00',
      method: 'CHECK',
      allocations: [],
      overpayment: { creditId: 'c1', amount: '1.00', cancelled: '1.00' },
    });
    expect(postingsAfter(fee, lawFee, overpaid, cancelled, reversed)).toEqual([
      'cash:CHECK -200',
      'credits:refundable 100 c1',
      'forfeited 100',
    ]);
  });

  it('make the new fee for a spent overpayment a debt without revenue', () => {
    const refunded = event('CreditRefunded', {
      refundId: 'b1',
      creditId: 'c1',
      amount: '2.00',
      method: 'CASH',
    });
    const shortfall = assessed('f3', '2.00');
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '2.00',
      method: 'CHECK',
      allocations: [],
      shortfall: { feeId: 'f3', amount: '2.00', creditId: 'c1' },
    });
    const history = [fee, lawFee, overpaid, refunded, shortfall, reversed];
    expect(postingsAfter(...history)).toEqual(['cash:CHECK -200', 'revenue:MAIN:OTHER 200 f3']);
    const ofFee = [...journal(history)].flatMap(({ postings }) =>
      postings.filter(({ account, rowId }) => account[0] === 'revenue' && rowId === 'f3'),
    );
    expect(ofFee.map(({ amountMinor }) => amountMinor)).toEqual([-200, 200]);
  });
});

describe('postingsOf', () => {
  it('returns the same at any later time', () => {
    fc.assert(
      fc.property(moves(20), anyPolicy, (story, policy) => {
        const events = eventsOf(runMoves(story, policy));
        const last = fold(events);
        for (const { event: fact, postings } of journal(events)) {
          expect(postingsOf(fact, last)).toEqual(postings);
        }
      }),
      tried(100),
    );
  });

  it('refuses an event about rows that the account does not have', () => {
    const account = accountOf(fee);
    expect(errorOf(() => postingsOf(paid('p1', 'f9', '1.00'), account))).toMatchObject({
      code: 'NOT_FOUND',
      details: { kind: 'fee', id: 'f9' },
    });
    expect(errorOf(() => postingsOf(fee, emptyAccount())).code).toBe('NOT_FOUND');
  });

  it('refuses an invalid event, and an invalid account', () => {
    const account = accountOf(fee);
    const none = [undefined, null, 'FeeWaived', {}, { type: 'FeeWaived' }, { type: 'toString', data: {} }];
    for (const bad of none) {
      expect(errorOf(() => postingsOf(bad as AccountEvent, account)).code).toBe('INVALID_EVENT');
    }
    for (const bad of [undefined, null, {}, []]) {
      expect(errorOf(() => postingsOf(fee, bad as PatronAccount)).code).toBe('INVALID_ACCOUNT');
    }
  });
});
