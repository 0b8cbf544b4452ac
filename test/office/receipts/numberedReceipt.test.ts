import { describe, expect, it } from 'vitest';
import { receiptContent } from '../../../src/office/receipts/numberedReceipt.js';
import { ask, assess, assessLost, at, pay, policyWith, transfer, waive } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const policy = policyWith({ overpayment: 'credit' });

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
});
