import { describe, expect, it } from 'vitest';
import { assessed, event, lost, paid, prepaid, reversedByCredit, transferred } from '../../support/events.js';
import { postingsAfter } from '../../support/postings.js';

const lostFee = lost('f1', '50.00');
const ofLost = (cause: 'waived' | 'returned', purpose: 'setOff' | 'refundable' | 'external') =>
  event('LostItemCreditIssued', { creditId: 'c1', feeId: 'f1', amount: '5.00', cause, purpose });
const returned = event('LostItemReturned', {
  returnId: 'r1',
  feeId: 'f1',
  refundPercent: 100,
  unpaid: 'percent',
});
const sent = transferred('t1', 'f1', '50.00');
const cancelled = (purpose: 'refundable' | 'external') =>
  event('CreditIssued', { creditId: 'c1', feeId: 'f1', amount: '5.00', cause: 'cancelled', purpose });
const given = (cause: 'manual' | 'imported' | 'settlement', purpose: 'goodwill' | 'refundable') =>
  event('CreditIssued', { creditId: 'c1', amount: '5.00', cause, purpose });
const withdrawn = event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount: '3.00' });

/** A history for each kind of credit. */
const credits = [
  { history: [lostFee, ofLost('waived', 'setOff')], kind: 'waivers', purpose: 'setOff' },
  { history: [lostFee, sent, ofLost('waived', 'external')], kind: 'waivers', purpose: 'external' },
  { history: [lostFee, returned, ofLost('returned', 'setOff')], kind: 'returns', purpose: 'setOff' },
  {
    history: [lostFee, paid('p1', 'f1', '50.00'), returned, ofLost('returned', 'refundable')],
    kind: 'returns',
    purpose: 'refundable',
  },
  {
    history: [lostFee, sent, returned, ofLost('returned', 'external')],
    kind: 'returns',
    purpose: 'external',
  },
  {
    history: [lostFee, sent, reversedByCredit('c1', 'f1', '5.00')],
    kind: 'waivers',
    purpose: 'external',
  },
  {
    history: [lostFee, paid('p1', 'f1', '50.00'), cancelled('refundable')],
    kind: 'revenue',
    purpose: 'refundable',
  },
  { history: [lostFee, sent, cancelled('external')], kind: 'revenue', purpose: 'external' },
  { history: [given('manual', 'goodwill')], kind: 'goodwill', purpose: 'goodwill' },
  { history: [given('imported', 'goodwill')], kind: 'imported', purpose: 'goodwill' },
  { history: [given('imported', 'refundable')], kind: 'imported', purpose: 'refundable' },
] as const;

const written = (kind: string, amount: number) =>
  ['waivers', 'returns', 'revenue'].includes(kind)
    ? `${kind}:MAIN:LOSTITEMREPLACEMENTFEE ${amount} f1`
    : `${kind} ${amount}`;

describe('a credit', () => {
  it.each(credits)(
    '$purpose of $kind is owed to the patron until it is withdrawn',
    ({ history, kind, purpose }) => {
      expect(postingsAfter(...history)).toEqual([written(kind, 500), `credits:${purpose} -500 c1`]);
      expect(postingsAfter(...history, withdrawn)).toEqual([
        `credits:${purpose} 300 c1`,
        written(kind, -300),
      ]);
    },
  );

  it('is claimed from the external system that paid a surplus, and kept when it is withdrawn', () => {
    const settlement = given('settlement', 'refundable');
    expect(postingsAfter(settlement)).toEqual(['settlementSurplus 500', 'credits:refundable -500 c1']);
    expect(postingsAfter(settlement, withdrawn)).toEqual(['credits:refundable 300 c1', 'forfeited -300']);
  });

  it('is kept when it is withdrawn, if it came from an overpayment', () => {
    expect(postingsAfter(prepaid('p1', 'c1', '8.00'), withdrawn)).toEqual([
      'credits:refundable 300 c1',
      'forfeited -300',
    ]);
  });

  it('settles fees of several libraries until that is undone', () => {
    const allocations = [
      { feeId: 'f1', amount: '1.00' },
      { feeId: 'f2', amount: '2.00' },
    ];
    const history = [
      assessed('f1', '1.00'),
      assessed('f2', '4.00', { owner: 'LAW' }),
      given('manual', 'goodwill'),
      event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations }),
    ];
    expect(postingsAfter(...history)).toEqual([
      'credits:goodwill 100 c1',
      'receivable:MAIN -100 f1',
      'credits:goodwill 200 c1',
      'receivable:LAW -200 f2',
    ]);
    const data = { reversalId: 'r1', applicationId: 'a1', creditId: 'c1', allocations };
    expect(postingsAfter(...history, event('CreditApplicationReversed', data))).toEqual([
      'credits:goodwill -100 c1',
      'receivable:MAIN 100 f1',
      'credits:goodwill -200 c1',
      'receivable:LAW 200 f2',
    ]);
  });

  it('is paid out, and comes back by the same method', () => {
    const refund = { refundId: 'b1', creditId: 'c1', amount: '2.00' };
    const history = [prepaid('p1', 'c1', '8.00'), event('CreditRefunded', { ...refund, method: 'CHECK' })];
    expect(postingsAfter(...history)).toEqual(['credits:refundable 200 c1', 'cash:CHECK -200']);
    expect(postingsAfter(...history, event('RefundReversed', { ...refund, reversalId: 'r1' }))).toEqual([
      'credits:refundable -200 c1',
      'cash:CHECK 200',
    ]);
  });
});
