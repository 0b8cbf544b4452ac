import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/index.js';
import { ask } from '../support/account.js';
import { fee, lost, pay, policy, short, told } from './noticeHistory.js';

const REASON = Object.keys(policy.waiveReasons)[0] as string;
const CREDIT_REASON = Object.keys(policy.creditReasons)[0] as string;

describe('the notices of an event', () => {
  it('tell what was charged, paid, undone and paid back', async () => {
    expect(await short([fee('f1', '10')], [pay('p1', '12')])).toEqual([
      ['charged', '10.00', 'f1 10.00 0.00'],
      ['paid', '12.00', 'f1 10.00 0.00'],
    ]);
    const all = await told(policy, [
      [fee('f1', '10')],
      [pay('p1', '12')],
      [ask('RefundCredit', 'x1', { creditId: 'p1#1', amount: '2', method: 'CASH' })],
      [fee('f2', '4')],
      [pay('p2', '4')],
      [ask('ReversePayment', 'r1', { paymentId: 'p2' })],
    ]);
    expect(all.map(({ kind, credited }) => [kind, credited])).toEqual([
      ['charged', null],
      ['paid', '2.00'],
      ['refunded', null],
      ['charged', null],
      ['paid', null],
      ['reversed', null],
    ]);
  });

  it('tell what was waived, taken back, disputed and handed over', async () => {
    expect(
      await short(
        [fee('f1', '10'), fee('f2', '3', { comment: 'x' }), fee('f3', '4', { comment: 'y' })],
        [ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1', amount: '2' }], reason: REASON })],
        [ask('DisputeFee', 'd1', { feeId: 'f1' })],
        [ask('CancelFee', 'c1', { feeId: 'f2' })],
        [ask('TransferFees', 't1', { fees: [{ feeId: 'f3' }] })],
      ),
    ).toEqual([
      ['charged', '10.00', 'f1 10.00 8.00'],
      ['charged', '3.00', 'f2 3.00 0.00'],
      ['charged', '4.00', 'f3 4.00 0.00'],
      ['waived', '2.00', 'f1 2.00 8.00'],
      ['disputed', null, 'f1 null 8.00'],
      ['cancelled', '3.00', 'f2 3.00 0.00'],
      ['transferred', '4.00', 'f3 4.00 0.00'],
    ]);
  });

  it('tell that the waiver of a lost item was undone, also when it had become a credit', async () => {
    const waive = ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1', amount: '10' }], reason: REASON });
    const undo = ask('ReverseWaiver', 'r1', { waiverId: 'w1' });
    expect(await short([lost('f1', '60')], [waive], [undo])).toEqual([
      ['charged', '60.00', 'f1 60.00 60.00'],
      ['waived', '10.00', 'f1 10.00 60.00'],
      ['reversed', '10.00', 'f1 10.00 60.00'],
    ]);
    const kinds = (await short([lost('f1', '60')], [waive], [ask('CancelFee', 'c1', { feeId: 'f1' })])).map(
      ([kind]) => kind,
    );
    expect(kinds).toEqual(['charged', 'waived', 'cancelled']);
    const handedOver = ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }] });
    const whole = ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1' }], reason: REASON });
    const cancelled = [[fee('f1', '60')], [handedOver], [whole], [ask('CancelFee', 'c1', { feeId: 'f1' })]];
    expect((await short(...cancelled)).map(([kind]) => kind)).toEqual([
      'charged',
      'transferred',
      'waived',
      'cancelled',
    ]);
  });

  it('tell that a refund was undone, and what is in favour of the patron again', async () => {
    const all = await told(policy, [
      [pay('p1', '12')],
      [ask('RefundCredit', 'x1', { creditId: 'p1#1', amount: '12', method: 'CHECK' })],
      [ask('ReverseRefund', 'u1', { refundId: 'x1' })],
    ]);
    expect(all.map(({ kind, amount, fees, told: of }) => [kind, amount, fees, of])).toEqual([
      ['paid', '12.00', [], ['paid/1']],
      ['refunded', '12.00', [], ['refunded/2']],
      ['refundReversed', '12.00', [], ['refundReversed/3']],
    ]);
  });

  it('tell nothing of a credit that is withdrawn and was no waiver', async () => {
    const gift = ask('IssueCredit', 'k1', {
      amount: '5',
      cause: 'manual',
      reason: CREDIT_REASON,
    });
    const withdraw = ask('CancelCredit', 'x1', { creditId: 'k1' });
    expect(await short([fee('f1', '10')], [gift], [withdraw])).toEqual([
      ['charged', '10.00', 'f1 10.00 10.00'],
    ]);
  });

  it('tell what is owed at the library again after a recall, less what was waived meanwhile', async () => {
    const handedOver = ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }] });
    const recall = ask('RecallTransfer', 'r1', { transferId: 't1' });
    const waive = (amount?: string) =>
      ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1', ...(amount && { amount }) }], reason: REASON });
    const last = async (...lists: readonly (readonly Command[])[]) =>
      (await short([fee('f1', '60')], [handedOver], ...lists)).at(-1);
    expect(await last([recall])).toEqual(['reversed', '60.00', 'f1 60.00 60.00']);
    expect(await last([waive('10')], [recall])).toEqual(['reversed', '50.00', 'f1 50.00 50.00']);
    expect(await last([waive()], [recall])).toEqual(['waived', '60.00', 'f1 60.00 0.00']);
  });

  it('tell nothing of a recalled credit', async () => {
    const lists = [
      [fee('f1', '10')],
      [pay('p1', '12')],
      [ask('TransferFees', 't1', { credits: [{ creditId: 'p1#1' }] })],
      [ask('RecallTransfer', 'r1', { transferId: 't1' })],
    ];
    expect((await short(...lists)).map(([kind]) => kind)).toEqual(['charged', 'paid']);
  });

  it('are one for a return, with what comes back', async () => {
    const all = await told(policy, [
      [lost('f1', '40')],
      [ask('ReceivePayment', 'p1', { amount: '10', method: 'CASH' })],
      [ask('ReturnLostItem', 'r1', { loanId: 'loan' })],
    ]);
    expect(all.map(({ kind, amount, credited }) => [kind, amount, credited])).toEqual([
      ['charged', '40.00', null],
      ['paid', '10.00', null],
      ['returned', '40.00', '10.00'],
    ]);
    expect(all[2]?.told.length).toBeGreaterThan(1);
    expect(all[2]?.noticeId).toMatch(/^north\/dverma\/returned\/\d+-\d+$/);
  });

  it('are one for a dispute that ends, with what was cancelled', async () => {
    const resolve = ask('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'patronUpheld', remedy: 'cancel' });
    const waive = ask('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'feeStands' });
    const [, , stands] = await told(policy, [
      [fee('f1', '10')],
      [ask('DisputeFee', 'd1', { feeId: 'f1' })],
      [waive],
    ]);
    expect(stands).toMatchObject({ kind: 'resolved', outcome: 'feeStands', amount: '0.00' });
    const upheld = await told(policy, [
      [fee('f1', '10')],
      [ask('DisputeFee', 'd1', { feeId: 'f1' })],
      [resolve],
    ]);
    expect(upheld).toMatchObject([{}, {}, { kind: 'resolved', outcome: 'patronUpheld', amount: '10.00' }]);
  });

  it('tell of a fine once it has stopped growing', async () => {
    const accrue = (id: string, total: string, more: object = {}) =>
      ask('AccrueFine', id, { feeId: 'g1', feeType: 'FINE', total, owner: 'MAIN', loanId: 'l', ...more });
    const nights = [[accrue('a1', '1')], [accrue('a2', '2')]];
    expect(await short(...nights)).toEqual([]);
    const all = await short(...nights, [accrue('a3', '3', { ends: 'returned' })]);
    expect(all).toEqual([['grown', '3.00', 'g1 3.00 3.00']]);
  });
});
