import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/account/fold.js';
import { assessed, at, changesBy, event, faultOf, paid, prepaid } from '../../support/events.js';

const fees = [assessed('f1', '10.00'), assessed('f2', '5.00')];

/** Six dollars for one fee, two for the other, three too much. */
const payment = event('PaymentReceived', {
  paymentId: 'p1',
  amount: '11.00',
  method: 'CHECK',
  allocations: [
    { feeId: 'f1', amount: '6.00' },
    { feeId: 'f2', amount: '2.00' },
  ],
  overpayment: { creditId: 'c1', amount: '3.00' },
  reference: 'cheque 17',
});

describe('PaymentReceived', () => {
  it('pays fees, and the rest becomes a refundable credit', () => {
    expect(changesBy(fees, payment)).toEqual({
      turnover: 1500 + 1100 + 300,
      'f1.paid': 600,
      'f1.transactions': ['payment p1 600 CHECK cheque 17'],
      'f2.paid': 200,
      'f2.transactions': ['payment p1 200 CHECK cheque 17'],
      payments: [
        {
          paymentId: 'p1',
          amount: 1100,
          method: 'CHECK',
          at,
          by: null,
          comment: null,
          allocations: [
            { feeId: 'f1', amount: 600, reversed: 0 },
            { feeId: 'f2', amount: 200, reversed: 0 },
          ],
          overpayment: { creditId: 'c1', amount: 300, reversed: 0 },
          externalTransactionId: null,
          feesNamed: [],
          externalTransactionTotal: null,
          part: null,
          reference: 'cheque 17',
          reversals: [],
        },
      ],
      credits: [
        expect.objectContaining({
          creditId: 'c1',
          cause: 'overpayment',
          purpose: 'refundable',
          feeId: null,
          paymentId: 'p1',
          amount: 300,
          applied: 0,
        }),
      ],
    });
  });

  it('pays one fee exactly', () => {
    expect(changesBy(fees, paid('p1', 'f2', '5.00'))).toEqual({
      turnover: 2000,
      'f2.paid': 500,
      'f2.transactions': ['payment p1 500 CASH'],
      payments: [
        expect.objectContaining({
          allocations: [{ feeId: 'f2', amount: 500, reversed: 0 }],
          overpayment: null,
        }),
      ],
    });
  });

  it('is recorded even if nothing is owed', () => {
    expect(changesBy([], prepaid('p1', 'c1', '3.00'))).toEqual({
      currency: 'USD',
      turnover: 600,
      payments: [expect.objectContaining({ amount: 300, allocations: [] })],
      credits: [expect.objectContaining({ creditId: 'c1', amount: 300 })],
    });
  });

  it('records the external transaction by method, so that it counts once', () => {
    const externally = (paymentId: string, method: string, externalTransactionId: string) =>
      event('PaymentReceived', {
        paymentId,
        amount: '1.00',
        method,
        allocations: [{ feeId: 'f1', amount: '1.00' }],
        externalTransactionId,
        reference: 'till 3',
      });
    expect(changesBy(fees, externally('p1', 'ONLINE', 'x1'))).toMatchObject({
      'f1.transactions': ['payment p1 100 ONLINE x1 till 3'],
    });
    const account = fold([...fees, externally('p1', 'ONLINE', 'x1'), externally('p2', 'CARD', 'x1')]);
    expect(account.ids.filter(({ kind }) => kind === 'externalTransaction')).toEqual([
      { id: 'ONLINE\u0000x1', kind: 'externalTransaction', position: 0, digest: null },
      { id: 'CARD\u0000x1', kind: 'externalTransaction', position: 1, digest: null },
    ]);
  });

  it('names fees in a list', () => {
    const named = event('PaymentReceived', {
      ...{ paymentId: 'p1', amount: '1.00', method: 'ONLINE', externalTransactionId: 'x1' },
      ...{ allocations: [{ feeId: 'f1', amount: '1.00' }], feesNamed: 'f1' as never },
    });
    expect(faultOf(fees, named)).toMatchObject({
      ...{ fault: 'MalformedEvent', expected: 'a list of fees', found: 'f1' },
    });
  });

  it('keeps the fees that the payer named, and its credit refers to it', () => {
    const { data } = payment;
    const named = event('PaymentReceived', {
      ...data,
      ...{ method: 'ONLINE', externalTransactionId: 'x1', feesNamed: ['f2', 'f1'] },
    });
    const { payments, credits } = fold([...fees, named]);
    expect(payments[0]).toMatchObject({ feesNamed: ['f2', 'f1'] });
    expect(credits[0]?.transactions).toMatchObject([
      { references: { cause: 'overpayment', paymentId: 'p1' } },
    ]);
  });

  it('keeps the actor of the payment', () => {
    const by = { channel: 'desk' } as const;
    const { payments } = fold([...fees, { ...payment, data: { ...payment.data, by, comment: 'thank you' } }]);
    expect(payments[0]).toMatchObject({ by, comment: 'thank you' });
  });

  it('copies no field that payments do not have: its overpayment is a credit without a fee', () => {
    const { data } = prepaid('p1', 'c1', '3.00');
    const strange = { type: 'PaymentReceived', data: { ...data, feeId: 'f9' } } as const;
    const cancelled = event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount: '3.00' });
    expect(fold([strange, cancelled]).credits[0]).toMatchObject({ feeId: null, cancelled: 300 });
  });

  it('keeps the digest of the command if the overpayment credit has the command id', () => {
    const metadata = { commandId: 'c1', commandDigest: 'digest' };
    const { ids } = fold([...fees, { ...payment, metadata }]);
    expect(ids.slice(-3)).toEqual([
      { id: 'p1', kind: 'payment', position: 0, digest: null },
      { id: 'c1', kind: 'command', position: 0, digest: 'digest' },
      { id: 'c1', kind: 'credit', position: 0, digest: 'digest' },
    ]);
  });
});

describe('PaymentReversed', () => {
  const reversals = (amount: number, method = 'CHECK') => [
    { reversalId: 'r1', amount, method, externalTransactionId: null, externalTransactionTotal: null },
  ];

  it('reopens fees and withdraws the overpayment', () => {
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '7.00',
      method: 'CHECK',
      allocations: [
        { feeId: 'f2', amount: '2.00' },
        { feeId: 'f1', amount: '2.00' },
      ],
      overpayment: { creditId: 'c1', amount: '3.00' },
    });
    expect(changesBy([...fees, payment], reversed)).toEqual({
      'f1.paid': 400,
      'f1.transactions': ['paymentReversed r1 200 CHECK p1'],
      'f2.paid': 0,
      'f2.transactions': ['paymentReversed r1 200 CHECK p1'],
      'c1.withdrawn': 300,
      'c1.transactions': ['creditWithdrawn r1 300 CHECK p1'],
      'p1.allocations[0].reversed': 200,
      'p1.allocations[1].reversed': 200,
      'p1.overpayment.reversed': 300,
      'p1.reversals': reversals(700),
    });
  });

  it('may affect the fees alone', () => {
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '10.00',
      method: 'CASH',
      allocations: [{ feeId: 'f1', amount: '10.00' }],
    });
    expect(changesBy([...fees, paid('p1', 'f1', '10.00')], reversed)).toEqual({
      'f1.paid': 0,
      'f1.transactions': ['paymentReversed r1 1000 CASH p1'],
      'p1.allocations[0].reversed': 1000,
      'p1.reversals': reversals(1000, 'CASH'),
    });
  });

  it('charges the used part of the overpayment as a new fee, and records it there as given back', () => {
    const refunded = event('CreditRefunded', {
      refundId: 'b1',
      creditId: 'c1',
      amount: '2.00',
      method: 'CASH',
    });
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '3.00',
      method: 'CHECK',
      allocations: [],
      overpayment: { creditId: 'c1', amount: '1.00' },
      shortfall: { feeId: 'f3', amount: '2.00', creditId: 'c1' },
    });
    expect(changesBy([...fees, payment, refunded, assessed('f3', '2.00')], reversed)).toEqual({
      'f3.givenBack': 200,
      'f3.shortfallCreditId': 'c1',
      'c1.shortfallFeeIds': ['f3'],
      'c1.withdrawn': 100,
      'c1.transactions': ['creditWithdrawn r1 100 CHECK p1'],
      'p1.overpayment.reversed': 300,
      'p1.reversals': reversals(300),
    });
  });

  it('withdraws the cancelled part of the overpayment', () => {
    const cancelled = event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount: '2.00' });
    const reversed = (amount: string, part: string) =>
      event('PaymentReversed', {
        reversalId: 'r1',
        paymentId: 'p1',
        amount,
        method: 'CHECK',
        allocations: [],
        overpayment: { creditId: 'c1', amount: '1.00', cancelled: part },
      });
    const history = [...fees, payment, cancelled];
    expect(changesBy(history, reversed('3.00', '2.00'))).toEqual({
      'c1.withdrawn': 300,
      'c1.cancelled': 0,
      'c1.transactions': ['creditWithdrawn r1 100 CHECK p1', 'cancelledCreditWithdrawn r1 200 CHECK p1'],
      'p1.overpayment.reversed': 300,
      'p1.reversals': reversals(300),
    });
    expect(faultOf([...fees, payment], reversed('3.00', '2.00'))).toEqual({
      fault: 'AmountAboveWhatIsLeft',
      expected: 0,
      found: 200,
    });
  });

  it('charges no more to new fees than was overpaid, over any number of reversals', () => {
    const refunded = event('CreditRefunded', {
      refundId: 'b1',
      creditId: 'c1',
      amount: '3.00',
      method: 'CASH',
    });
    const charged = (reversalId: string, feeId: string) =>
      event('PaymentReversed', {
        reversalId,
        paymentId: 'p1',
        amount: '2.00',
        method: 'CHECK',
        allocations: [],
        shortfall: { feeId, amount: '2.00', creditId: 'c1' },
      });
    const once = [
      ...fees,
      payment,
      refunded,
      assessed('f3', '2.00'),
      assessed('f4', '2.00'),
      charged('r1', 'f3'),
    ];
    expect(faultOf(once, charged('r2', 'f4'))).toEqual({
      fault: 'AmountAboveWhatIsLeft',
      expected: 100,
      found: 200,
    });
  });
});
