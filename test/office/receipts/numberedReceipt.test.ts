import { describe, expect, it } from 'vitest';
import type { ReceiptKind } from '../../../src/office/index.js';
import { receiptContent } from '../../../src/office/receipts/numberedReceipt.js';
import {
  ask,
  assess,
  assessLost,
  at,
  policy as basic,
  pay,
  policyWith,
  transfer,
  waive,
} from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const policy = policyWith({
  overpayment: 'credit',
  feeTypes: { ...basic.feeTypes, COPIES: { label: 'Copies', vatPercent: 19 } },
});

const eventsOf = (...commands: Parameters<typeof accountWith>[0]) =>
  accountWith(commands, policy).map(({ event }) => event);

describe('the content of a receipt', () => {
  it('for a payment has a line for each fee and for the overpayment', () => {
    const events = eventsOf(
      assess('f1', '4.00', { item: { title: 'Middlemarch' } }),
      assess('f2', '6.00'),
      pay('p1', '12.00', { reference: '77', comment: 'Thanks', externalTransactionId: 'x1' }),
    );
    const content = receiptContent(events, policy, 'payment', 'p1');
    expect(content).toMatchObject({
      amount: '12.00',
      currency: 'USD',
      method: 'CASH',
      methodLabel: 'Cash',
      reason: null,
      happenedAt: at,
      doneBy: null,
      comment: 'Thanks',
      externalTransactionId: 'x1',
      reference: '77',
      remainingPayable: '0.00',
    });
    expect(
      content?.lines.map(({ feeId, title, creditId, amount, remaining }) => [
        feeId,
        title,
        creditId,
        amount,
        remaining,
      ]),
    ).toEqual([
      ['f1', 'Middlemarch', null, '4.00', '0.00'],
      ['f2', null, null, '6.00', '0.00'],
      [null, null, 'p1#1', '2.00', null],
    ]);
  });

  it('for a refund has the fee of its credit, if it has one', () => {
    const events = eventsOf(
      assess('f1', '4.00'),
      pay('p1', '4.00'),
      ask('CancelFee', 'x', { feeId: 'f1' }),
      ask('RefundCredit', 'r1', { creditId: 'x#1', method: 'CASH' }),
    );
    const content = receiptContent(events, policy, 'refund', 'r1');
    expect([content?.amount, content?.lines[0]?.feeId, content?.lines[0]?.creditId]).toEqual([
      '4.00',
      'f1',
      'x#1',
    ]);
  });

  it('for a waiver has all fees that the command waived, including those that became credits', () => {
    const events = eventsOf(
      assess('f1', '4.00'),
      assessLost('f2', '20.00'),
      assess('f3', '7.00'),
      transfer('t', 'f3'),
      ask('WaiveFees', 'w', { fees: [{ feeId: 'f1' }, { feeId: 'f2' }, { feeId: 'f3' }], reason: 'OTHER' }),
    );
    const content = receiptContent(events, policy, 'waiver', 'w');
    expect([content?.amount, content?.method, content?.reason]).toEqual(['31.00', null, 'OTHER']);
    expect(content?.lines.map(({ feeId, amount }) => [feeId, amount])).toEqual([
      ['f1', '4.00'],
      ['f2', '20.00'],
      ['f3', '7.00'],
    ]);
  });

  it.each([
    ['OTHER', false],
    ['BADDEBT', true],
  ])('for a waiver for the reason %s says whether it is a write-off', (reason, writeOff) => {
    const BADDEBT = { label: 'Uncollectable', kind: 'writeOff' } as const;
    const rules = policyWith({ waiveReasons: { OTHER: 'Other', BADDEBT } });
    for (const fee of [assess('f1', '4.00'), assessLost('f1', '4.00')]) {
      const waived = ask('WaiveFees', 'w', { fees: [{ feeId: 'f1' }], reason });
      const events = accountWith([fee, waived], rules).map(({ event }) => event);
      expect(receiptContent(events, rules, 'waiver', 'w')).toMatchObject({ reason, writeOff });
    }
    expect(
      receiptContent(eventsOf(assess('f1', '4.00'), pay('p', '4.00')), policy, 'payment', 'p')?.writeOff,
    ).toBe(false);
  });

  it('for a waiver without metadata is found by the waiver or credit', () => {
    const [first, waived] = eventsOf(assess('f1', '4.00'), waive('w', 'f1'));
    const { metadata: _, ...bare } = waived as NonNullable<typeof waived>;
    expect(receiptContent([first as typeof bare, bare], policy, 'waiver', 'w')?.amount).toBe('4.00');
  });

  it('is undefined for anything else', () => {
    const events = eventsOf(assess('f1', '4.00'), pay('p1', '1.00'));
    expect(receiptContent(events, policy, 'waiver', 'p1')).toBeUndefined();
    expect(receiptContent(events, policy, 'payment', 'f1')).toBeUndefined();
  });

  /** The amount of a receipt, and its lines in short. */
  const shown = (events: ReturnType<typeof eventsOf>, kind: ReceiptKind, subjectId: string) => {
    const content = receiptContent(events, policy, kind, subjectId);
    const lines = (content?.lines ?? []).map(({ feeId, creditId, amount, vat }) => [
      feeId,
      creditId,
      amount,
      vat,
    ]);
    return [content?.amount, ...lines];
  };

  it('for the reversal of a payment has what is owed again, and what is taken from its credit', () => {
    const events = eventsOf(
      assess('f1', '11.90', { feeType: 'COPIES' }),
      pay('p1', '20.00'),
      ask('CancelCredit', 'c', { creditId: 'p1#1', amount: '1.00' }),
      ask('ReversePayment', 'r', { paymentId: 'p1' }),
    );
    expect(shown(events, 'reversal', 'r')).toEqual([
      '20.00',
      ['f1', null, '11.90', '1.90'],
      [null, 'p1#1', '8.10', '0.00'],
    ]);
    expect(shown(events, 'reversal', 'c')).toEqual(['1.00', [null, 'p1#1', '1.00', '0.00']]);
    expect(receiptContent(events, policy, 'reversal', 'r')?.method).toBe('CASH');
  });

  it('for the reversal of a payment has the fee that is charged for a used credit', () => {
    const events = eventsOf(
      pay('p1', '8.00'),
      assess('f1', '3.00'),
      ask('ApplyCredit', 'u', { creditId: 'p1#1' }),
      ask('ReversePayment', 'r', {
        paymentId: 'p1',
        shortfallFee: { feeId: 'short', feeType: 'SERVICEFEE', owner: 'MAIN' },
      }),
    );
    expect(shown(events, 'reversal', 'r')).toEqual([
      '8.00',
      [null, 'p1#1', '5.00', '0.00'],
      ['short', 'p1#1', '3.00', '0.00'],
    ]);
  });

  it('for a cancelled fee has what is no longer owed and what comes back', () => {
    const events = eventsOf(
      assess('f1', '11.90', { feeType: 'COPIES' }),
      pay('p1', '5.95'),
      ask('CancelFee', 'x', { feeId: 'f1' }),
    );
    expect(shown(events, 'cancellation', 'x')).toEqual([
      '11.90',
      ['f1', null, '5.95', '0.95'],
      ['f1', 'x#1', '5.95', '0.95'],
    ]);
    const paid = eventsOf(assess('f1', '4.00'), pay('p1', '4.00'), ask('CancelFee', 'x', { feeId: 'f1' }));
    expect(shown(paid, 'cancellation', 'x')).toEqual(['4.00', ['f1', 'x#1', '4.00', '0.00']]);
  });

  it('for the return of a lost item has its credits', () => {
    const events = eventsOf(
      assessLost('f1', '20.00'),
      pay('p1', '15.00'),
      ask('ReturnLostItem', 'back', { feeIds: ['f1'] }),
    );
    const [amount, ...lines] = shown(events, 'return', 'back');
    expect(amount).toBe('20.00');
    expect(lines.map((line) => line?.[2])).toEqual(['5.00', '15.00']);
  });

  it('for a prepaid credit that is used for something taxable has its tax', () => {
    const events = eventsOf(
      pay('p1', '20.00'),
      assess('f1', '11.90', { feeType: 'COPIES' }),
      ask('ApplyCredit', 'u', { creditId: 'p1#1' }),
      ask('ReverseCreditApplication', 'undo', { applicationId: 'u' }),
    );
    const line = ['f1', 'p1#1', '11.90', '1.90'];
    expect(shown(events.slice(0, -1), 'application', 'u')).toEqual(['11.90', line]);
    expect(shown(events, 'reversal', 'undo')).toEqual(['11.90', line]);
  });

  it('for the undoing of a refund or a waiver has the amount and the fee', () => {
    const events = eventsOf(
      assess('f1', '11.90', { feeType: 'COPIES' }),
      pay('p1', '11.90'),
      ask('CancelFee', 'x', { feeId: 'f1' }),
      ask('RefundCredit', 'r1', { creditId: 'x#1', method: 'CASH' }),
      ask('ReverseRefund', 'r2', { refundId: 'r1' }),
      assess('f2', '5.00'),
      waive('w', 'f2'),
      ask('ReverseWaiver', 'w2', { waiverId: 'w' }),
    );
    expect(shown(events, 'reversal', 'r2')).toEqual(['11.90', ['f1', 'x#1', '11.90', '1.90']]);
    expect(shown(events, 'reversal', 'w2')).toEqual(['5.00', ['f2', null, '5.00', '0.00']]);
  });
});
