import { describe, expect, it } from 'vitest';
import { type AccountEvent, type Fee, findFee, fold } from '../../../src/index.js';
import { accountOf, assessed, at, changesBy, errorOf, event, lost, paid } from '../../support/events.js';

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
          vatPercent: null,
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
          planId: null,
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
              references: {},
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
    const waived = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00', writeOff: true });
    expect(changesBy([assessed('f1', '10.00')], waived)).toEqual({
      'f1.waived': 400,
      'f1.transactions': ['waiver w1 400'],
      waivers: [{ waiverId: 'w1', feeId: 'f1', amount: 400, writeOff: true, reversed: false }],
    });
  });

  it('is not written off unless it says so', () => {
    const waived = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' });
    expect(changesBy([assessed('f1', '10.00')], waived)).toMatchObject({ waivers: [{ writeOff: false }] });
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

const fine = assessed('f1', '10.00', { accruing: true });
const increased = (amount: string, total: string) =>
  event('FeeIncreased', { increaseId: 'i1', feeId: 'f1', amount, total });
const decreased = (amount: string, total: string) =>
  event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount, accrual: true, total });
const ended = (total: string) =>
  event('AccrualEnded', { endId: 'e1', feeId: 'f1', cause: 'returned', total });
const givenBack = (amount: string, more: object = {}) =>
  event('CreditIssued', {
    creditId: 'c1',
    amount,
    cause: 'cancelled',
    purpose: 'refundable',
    feeId: 'f1',
    accrual: true,
    ...more,
  });
const feeAfter = (...events: readonly AccountEvent[]) => findFee(accountOf(...events), 'f1') as Fee;
const faultOf = (...events: readonly AccountEvent[]) => errorOf(() => accountOf(...events)).details;

describe('FeeIncreased', () => {
  it('raises the charged and the accrued amount, and counts as turnover', () => {
    const account = accountOf(fine, increased('2.50', '12.50'));
    expect(account.turnover).toBe(1_250);
    expect(account.fees[0]).toMatchObject({
      original: 1_250,
      accrual: { accrued: 1_250, reportedTotal: 1_250, reportedAt: at },
    });
    expect(account.fees[0]?.transactions.at(-1)).toMatchObject({ kind: 'increased', id: 'i1', amount: 250 });
    expect(account.ids.at(-1)).toMatchObject({ id: 'i1', kind: 'other' });
  });

  it('only changes the reported total if it is zero', () => {
    expect(changesBy([fine], increased('0.00', '15.00'))).toEqual({
      'f1.accrual.reportedTotal': 1_500,
      'f1.transactions': ['increased i1 0'],
    });
  });

  it('never charges more than the reported total, which is above zero', () => {
    expect(faultOf(fine, increased('2.51', '12.50'))).toMatchObject({
      fault: 'AmountAboveWhatIsLeft',
      expected: 1_250,
      found: 1_251,
    });
    expect(faultOf(fine, increased('0.00', '0.00'))).toMatchObject({ fault: 'InvalidAmount' });
  });
});

describe('FeeCancelled of an accrual', () => {
  it('lowers the accrued amount and never the charged one', () => {
    expect(feeAfter(fine, decreased('4.00', '6.00'))).toMatchObject({
      original: 1_000,
      cancelled: 400,
      accrual: { accrued: 600, reportedTotal: 600 },
    });
    expect(feeAfter(fine, decreased('1.00', '4.00')).accrual).toMatchObject({
      accrued: 900,
      reportedTotal: 400,
    });
    expect(faultOf(fine, decreased('4.00', '6.01'))).toMatchObject({
      fault: 'AmountAboveWhatIsLeft',
      expected: 600,
      found: 601,
    });
    expect(feeAfter(fine, decreased('4.00', '6.00')).transactions.at(-1)?.kind).toBe('decreased');
  });

  it('by hand leaves the accrued amount unchanged', () => {
    const byHand = event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount: '4.00' });
    expect(feeAfter(fine, byHand)).toMatchObject({ cancelled: 400, accrual: { accrued: 1_000 } });
  });

  it('cannot exceed the accrued amount', () => {
    const byHand = event('FeeCancelled', { cancellationId: 'x0', feeId: 'f1', amount: '8.00' });
    const back = event('CreditIssued', {
      creditId: 'c1',
      amount: '7.00',
      cause: 'cancelled',
      purpose: 'refundable',
      feeId: 'f1',
      accrual: true,
    });
    const most = [fine, paid('p1', 'f1', '10.00'), back] as const;
    const again = increased('20.00', '23.00');
    expect(feeAfter(...most, again, byHand).accrual?.accrued).toBe(2_300);
    expect(faultOf(...most, assessed('f2', '1.00'), decreased('0.01', '0.00'))).toMatchObject({
      fault: 'AmountAboveWhatIsLeft',
      expected: 0,
      found: 1,
    });
  });

  it('cannot exceed, after the end, the amount charged above the total', () => {
    expect(feeAfter(fine, ended('7.00'), decreased('3.00', '7.00')).accrual).toMatchObject({ accrued: 700 });
    expect(faultOf(fine, ended('7.00'), decreased('3.01', '7.00'))).toMatchObject({
      fault: 'AmountAboveWhatIsLeft',
      expected: 300,
      found: 301,
    });
    expect(faultOf(fine, ended('7.00'), decreased('2.00', '8.00'))).toMatchObject({
      fault: 'AmountsDoNotAddUp',
      expected: 800,
      found: 700,
    });
    expect(faultOf(fine, ended('12.00'), decreased('0.01', '12.00'))).toMatchObject({
      expected: 0,
      found: 1,
    });
  });
});

describe('CreditIssued of an accrual', () => {
  it('gives back money and lowers the accrued amount', () => {
    expect(feeAfter(fine, paid('p1', 'f1', '10.00'), givenBack('4.00'))).toMatchObject({
      givenBack: 400,
      accrual: { accrued: 600 },
    });
  });

  it('without `accrual` leaves the accrued amount unchanged', () => {
    const byHand = givenBack('4.00', { accrual: false });
    expect(feeAfter(fine, paid('p1', 'f1', '10.00'), byHand).accrual?.accrued).toBe(1_000);
  });

  it('must be refundable, have the cause cancelled and belong to a fine that grows', () => {
    const paidFine = [fine, paid('p1', 'f1', '10.00')] as const;
    expect(faultOf(...paidFine, givenBack('1.00', { purpose: 'external' }))).toMatchObject({
      fault: 'ForbiddenCredit',
      expected: 'refundable, of cause cancelled',
      found: 'external, of cause cancelled',
    });
    const settled = { cause: 'settlement', feeId: undefined };
    expect(faultOf(...paidFine, givenBack('1.00', settled))).toMatchObject({
      fault: 'ForbiddenCredit',
      found: 'refundable, of cause settlement',
    });
    expect(faultOf(assessed('f1', '10.00'), paid('p1', 'f1', '10.00'), givenBack('1.00'))).toMatchObject({
      fault: 'NotAccruing',
      found: 'f1',
    });
  });
});

describe('AccrualEnded', () => {
  it('records the total, the cause and the time, and moves no money', () => {
    const account = accountOf(fine, ended('0.00'));
    expect(account.fees[0]?.accrual).toEqual({
      accrued: 1_000,
      reportedTotal: 0,
      reportedAt: at,
      total: 0,
      endedAt: at,
      endCause: 'returned',
    });
    expect(account.fees[0]?.transactions.at(-1)).toMatchObject({
      kind: 'accrualEnded',
      id: 'e1',
      amount: 0,
      references: { endCause: 'returned' },
    });
  });

  it('may occur once, and no increase may follow it', () => {
    const again = event('AccrualEnded', { endId: 'e2', feeId: 'f1', cause: 'lost', total: '1.00' });
    for (const next of [again, increased('1.00', '11.00')])
      expect(faultOf(fine, ended('10.00'), next)).toMatchObject({ fault: 'AccrualEndedBefore', position: 3 });
  });

  it('leaves the account unchanged if it is refused', () => {
    const before = accountOf(fine, ended('10.00'));
    const copy = structuredClone(before);
    expect(() => fold([increased('1.00', '11.00')], before)).toThrow('AccrualEndedBefore');
    expect(before).toEqual(copy);
  });
});
