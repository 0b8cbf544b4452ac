import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/account/fold.js';
import { findCredit } from '../../../src/account/patronAccount.js';
import {
  assessed,
  at,
  changesBy,
  event,
  faultOf,
  lost,
  paid,
  prepaid,
  reversedByCredit,
  transferred,
} from '../../support/events.js';

const waivedLost = event('LostItemCreditIssued', {
  creditId: 'c1',
  feeId: 'f1',
  amount: '4.00',
  cause: 'waived',
  purpose: 'setOff',
});
const returned = event('LostItemReturned', {
  returnId: 'b1',
  feeId: 'f1',
  refundPercent: 100,
  unpaid: 'percent',
});

describe('LostItemCreditIssued', () => {
  it('reserves a waiver on the fee without reducing the remaining amount', () => {
    expect(changesBy([lost('f1', '10.00')], waivedLost)).toEqual({
      turnover: 1400,
      'f1.reserved': 400,
      'f1.transactions': ['creditIssued c1 400 c1 waived'],
      credits: [
        {
          creditId: 'c1',
          cause: 'waived',
          purpose: 'setOff',
          feeId: 'f1',
          paymentId: null,
          owner: null,
          item: null,
          refundPercent: null,
          writeOff: false,
          issuedAt: at,
          amount: 400,
          applied: 0,
          refunded: 0,
          transferred: 0,
          cancelled: 0,
          withdrawn: 0,
          transferPending: 0,
          shortfallFeeIds: [],
          transactions: [
            expect.objectContaining({
              ...{ kind: 'creditIssued', id: 'c1', amount: 400 },
              references: { feeId: 'f1', cause: 'waived' },
            }),
          ],
        },
      ],
    });
  });

  it('is a write-off if the waiver says so', () => {
    const writtenOff = (data: object) => {
      const { credits } = fold([lost('f1', '10.00'), returned, event('LostItemCreditIssued', data as never)]);
      return credits.map(({ cause, writeOff }) => [cause, writeOff]);
    };
    const { data } = waivedLost;
    expect(writtenOff({ ...data, writeOff: true })).toEqual([['waived', true]]);
    expect(writtenOff({ ...data, writeOff: 'yes' })).toEqual([['waived', false]]);
    expect(writtenOff({ ...data, cause: 'returned', writeOff: true })).toEqual([['returned', false]]);
  });

  it('gives back paid money when the item is returned', () => {
    const credit = event('LostItemCreditIssued', {
      creditId: 'c1',
      feeId: 'f1',
      amount: '5.00',
      cause: 'returned',
      purpose: 'refundable',
      refundPercent: 50,
    });
    expect(changesBy([lost('f1', '10.00'), paid('p1', 'f1', '10.00'), returned], credit)).toEqual({
      turnover: 2500,
      'f1.givenBack': 500,
      'f1.transactions': ['creditIssued c1 500 c1 returned'],
      credits: [expect.objectContaining({ purpose: 'refundable', refundPercent: 50, paymentId: null })],
    });
  });

  it('reverses a transferred amount', () => {
    const credit = event('LostItemCreditIssued', {
      creditId: 'c1',
      feeId: 'f1',
      amount: '5.00',
      cause: 'waived',
      purpose: 'external',
    });
    expect(changesBy([lost('f1', '10.00'), transferred('t1', 'f1', '10.00')], credit)).toEqual({
      turnover: 1500,
      'f1.transferReversed': 500,
      'f1.transactions': ['creditIssued c1 500 c1 waived'],
      credits: [expect.objectContaining({ purpose: 'external' })],
    });
  });
});

describe('CreditIssued', () => {
  it.each([
    ['manual', 'goodwill'],
    ['imported', 'refundable'],
    ['imported', 'goodwill'],
    ['settlement', 'refundable'],
  ] as const)('has no fee with the cause %s, and is a %s credit', (cause, purpose) => {
    const credit = event('CreditIssued', { creditId: 'c1', amount: '4.00', cause, purpose });
    expect(changesBy([assessed('f1', '10.00')], credit)).toEqual({
      turnover: 1400,
      credits: [expect.objectContaining({ creditId: 'c1', cause, purpose, amount: 400, feeId: null })],
    });
  });

  it('keeps the owner and the item of the credit', () => {
    const details = { owner: 'LAW', item: { barcode: '17' } };
    const credit = event('CreditIssued', {
      creditId: 'c1',
      amount: '4.00',
      cause: 'manual',
      purpose: 'goodwill',
      ...details,
    });
    expect(findCredit(fold([credit]), 'c1')).toMatchObject(details);
  });

  it('gives back the amount paid for a cancelled fee', () => {
    const credit = event('CreditIssued', {
      creditId: 'c1',
      feeId: 'f1',
      amount: '4.00',
      cause: 'cancelled',
      purpose: 'refundable',
    });
    expect(changesBy([assessed('f1', '10.00'), paid('p1', 'f1', '4.00')], credit)).toEqual({
      turnover: 1800,
      'f1.givenBack': 400,
      'f1.transactions': ['creditIssued c1 400 c1 cancelled'],
      credits: [expect.objectContaining({ cause: 'cancelled', purpose: 'refundable', feeId: 'f1' })],
    });
  });

  it.each(['cancelled', 'waived'] as const)(
    'reverses the transferred amount of a fee with the cause %s',
    (cause) => {
      const credit = event('CreditIssued', {
        creditId: 'c1',
        feeId: 'f1',
        amount: '4.00',
        cause,
        purpose: 'external',
      });
      expect(changesBy([assessed('f1', '10.00'), transferred('t1', 'f1', '4.00')], credit)).toMatchObject({
        'f1.transferReversed': 400,
        credits: [expect.objectContaining({ cause, purpose: 'external' })],
      });
    },
  );
});

describe('CreditApplied and CreditApplicationReversed', () => {
  const fees = [assessed('f1', '10.00'), assessed('f2', '5.00'), prepaid('p1', 'c1', '8.00')];
  const allocations = [
    { feeId: 'f1', amount: '6.00' },
    { feeId: 'f2', amount: '1.00' },
  ];
  const applied = event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations });

  it('settle fees with a credit', () => {
    expect(changesBy(fees, applied)).toEqual({
      'f1.settledByCredit.refundable': 600,
      'f1.transactions': ['creditApplied a1 600 c1'],
      'f2.settledByCredit.refundable': 100,
      'f2.transactions': ['creditApplied a1 100 c1'],
      'c1.applied': 700,
      'c1.transactions': ['creditApplied a1 600 f1', 'creditApplied a1 100 f2'],
      applications: [
        {
          applicationId: 'a1',
          creditId: 'c1',
          allocations: [
            { feeId: 'f1', amount: 600, reversed: false },
            { feeId: 'f2', amount: 100, reversed: false },
          ],
        },
      ],
    });
  });

  it('undo the use of a credit, whatever the order of the fees', () => {
    const reversed = event('CreditApplicationReversed', {
      reversalId: 'r1',
      applicationId: 'a1',
      creditId: 'c1',
      allocations: [...allocations].reverse(),
    });
    expect(changesBy([...fees, applied], reversed)).toEqual({
      'f1.settledByCredit.refundable': 0,
      'f1.transactions': ['creditApplicationReversed r1 600 c1'],
      'f2.settledByCredit.refundable': 0,
      'f2.transactions': ['creditApplicationReversed r1 100 c1'],
      'c1.applied': 0,
      'c1.transactions': ['creditApplicationReversed r1 100 f2', 'creditApplicationReversed r1 600 f1'],
      'a1.allocations[0].reversed': true,
      'a1.allocations[1].reversed': true,
    });
  });

  it('undo it for one fee, and later for the other, each once', () => {
    const reversed = (reversalId: string, index: number) =>
      event('CreditApplicationReversed', {
        reversalId,
        applicationId: 'a1',
        creditId: 'c1',
        allocations: allocations.slice(index, index + 1),
      });
    const once = [...fees, applied, reversed('r1', 1)];
    expect(changesBy([...fees, applied], reversed('r1', 1))).toEqual({
      'f2.settledByCredit.refundable': 0,
      'f2.transactions': ['creditApplicationReversed r1 100 c1'],
      'c1.applied': 600,
      'c1.transactions': ['creditApplicationReversed r1 100 f2'],
      'a1.allocations[1].reversed': true,
    });
    expect(faultOf(once, reversed('r2', 1))).toMatchObject({ fault: 'AlreadyUndone', found: 'a1' });
    expect(changesBy(once, reversed('r2', 0))).toMatchObject({ 'c1.applied': 0 });
  });

  it('release the reservation of a set-off credit, and restore it when undone', () => {
    const part = [{ feeId: 'f1', amount: '3.00' }];
    const history = [lost('f1', '10.00'), waivedLost];
    const setOff = event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations: part });
    expect(changesBy(history, setOff)).toMatchObject({
      'f1.settledByCredit.setOff': 300,
      'f1.reserved': 100,
      'c1.applied': 300,
    });
    const reversed = event('CreditApplicationReversed', {
      reversalId: 'r1',
      applicationId: 'a1',
      creditId: 'c1',
      allocations: part,
    });
    expect(changesBy([...history, setOff], reversed)).toMatchObject({
      'f1.settledByCredit.setOff': 0,
      'f1.reserved': 400,
      'c1.applied': 0,
    });
  });

  it('settle with goodwill, which is not money', () => {
    const goodwill = event('CreditIssued', {
      creditId: 'c2',
      amount: '1.00',
      cause: 'manual',
      purpose: 'goodwill',
    });
    const use = event('CreditApplied', {
      applicationId: 'a1',
      creditId: 'c2',
      allocations: [{ feeId: 'f1', amount: '1.00' }],
    });
    expect(changesBy([...fees, goodwill], use)).toMatchObject({ 'f1.settledByCredit.goodwill': 100 });
  });
});

describe('CreditRefunded and RefundReversed', () => {
  const history = [prepaid('p1', 'c1', '8.00')];
  const refunded = event('CreditRefunded', {
    refundId: 'b1',
    creditId: 'c1',
    amount: '5.00',
    method: 'CASH',
    externalTransactionId: 'x1',
  });

  it('pay out a credit', () => {
    expect(changesBy(history, refunded)).toEqual({
      'c1.refunded': 500,
      'c1.transactions': ['refund b1 500 CASH x1'],
      refunds: [
        {
          refundId: 'b1',
          creditId: 'c1',
          amount: 500,
          method: 'CASH',
          at,
          externalTransactionId: 'x1',
          externalTransactionTotal: null,
          reference: null,
          reversed: false,
        },
      ],
    });
  });

  it('refer to the free reference', () => {
    const byCheque = event('CreditRefunded', {
      refundId: 'b1',
      creditId: 'c1',
      amount: '5.00',
      method: 'CHECK',
      reference: 'cheque 17',
    });
    expect(changesBy(history, byCheque)).toMatchObject({
      'c1.transactions': ['refund b1 500 CHECK cheque 17'],
      refunds: [expect.objectContaining({ externalTransactionId: null, reference: 'cheque 17' })],
    });
  });

  it('refer to the provider id and the cheque number, and use the same method when undone', () => {
    const data = { ...refunded.data, method: 'CHECK', reference: 'cheque 7' };
    const byCheque = event('CreditRefunded', data);
    expect(changesBy(history, byCheque)).toMatchObject({
      'c1.transactions': ['refund b1 500 CHECK x1 cheque 7'],
    });
    const reversed = event('RefundReversed', {
      reversalId: 'r1',
      refundId: 'b1',
      creditId: 'c1',
      amount: '5.00',
    });
    expect(changesBy([...history, byCheque], reversed)).toMatchObject({
      'c1.transactions': ['refundReversed r1 500 CHECK b1'],
    });
  });

  it('undo a refund', () => {
    const reversed = event('RefundReversed', {
      reversalId: 'r1',
      refundId: 'b1',
      creditId: 'c1',
      amount: '5.00',
    });
    expect(changesBy([...history, refunded], reversed)).toEqual({
      'c1.refunded': 0,
      'c1.transactions': ['refundReversed r1 500 CASH b1'],
      'b1.reversed': true,
    });
  });
});

describe('CreditCancelled', () => {
  const cancelled = event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount: '3.00' });

  it('withdraws a credit without a fee', () => {
    expect(changesBy([prepaid('p1', 'c1', '8.00')], cancelled)).toEqual({
      'c1.cancelled': 300,
      'c1.transactions': ['creditCancelled x1 300'],
    });
  });

  it('releases the reservation of a set-off credit', () => {
    expect(changesBy([lost('f1', '10.00'), waivedLost], cancelled)).toEqual({
      'f1.reserved': 100,
      'f1.transactions': ['creditCancelled x1 300 c1'],
      'c1.cancelled': 300,
      'c1.transactions': ['creditCancelled x1 300 f1'],
    });
  });

  it('keeps the amount reversed by an external credit transferred', () => {
    const history = [
      assessed('f1', '10.00'),
      transferred('t1', 'f1', '10.00'),
      reversedByCredit('c1', 'f1', '7.00'),
    ];
    expect(changesBy(history, cancelled)).toMatchObject({ 'f1.transferReversed': 400, 'c1.cancelled': 300 });
  });

  it('keeps the amount given back by a refundable credit paid', () => {
    const credit = event('CreditIssued', {
      creditId: 'c1',
      feeId: 'f1',
      amount: '4.00',
      cause: 'cancelled',
      purpose: 'refundable',
    });
    const history = [assessed('f1', '10.00'), paid('p1', 'f1', '4.00'), credit];
    expect(changesBy(history, cancelled)).toMatchObject({ 'f1.givenBack': 100, 'c1.cancelled': 300 });
  });
});
