import { describe, expect, it } from 'vitest';
import type { PatronAccount } from '../../../src/index.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { type PaymentMove, paymentMove } from '../../../src/testing/arbitraries/paymentMoves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { choicesOf } from '../../../src/testing/arbitraries/policyCodes.js';
import { accountOf, assessed, event } from '../../support/events.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];
const plain = { pick: 0, other: 0, amount: 250, flag: false, sensible: true, policy: 'same' } as const;
const owing = accountOf(assessed('f1', '10.00'), assessed('f2', '3.00'));
const command = (kind: PaymentMove, more: Partial<Move> = {}, account: PatronAccount = owing) =>
  paymentMove(kind, choicesOf({ ...plain, kind, ...more }, 'p1', account, policy));

describe('the moves of payments', () => {
  it('name the fees to pay, all fees, or an amount for each fee', () => {
    expect(command('pay', { other: 1 })).toMatchObject({ amount: '2.50', feeIds: ['f1', 'f2'] });
    expect(command('payAll')).toMatchObject({ amount: '2.50', order: 'oldest-first' });
    const allocations = ['f1', 'f2'].map((feeId) => ({ feeId, amount: '2.50' }));
    expect(command('payAllocated', { other: 1 })).toMatchObject({ amount: '5.00', allocations });
    expect(command('payAllocated')).toMatchObject({ amount: '2.55', allocations: [allocations[0]] });
  });

  it('pay a fee in full', () => {
    expect(command('payWhole', { pick: 1 })).toMatchObject({ amount: '3.00', feeIds: ['f2'] });
  });

  it('report parts of one transaction, and report it again, in part or in full', () => {
    expect(command('payPart', { flag: true })).toMatchObject({ amount: '10.00', feeIds: ['f1'] });
    expect(command('payPart', { other: 3 })).not.toHaveProperty('feeIds');
    const part = (paymentId: string, feeId: string) =>
      event('PaymentReceived', {
        paymentId,
        amount: '1.00',
        method: 'ONLINE',
        externalTransactionId: 'x1',
        feesNamed: [feeId],
        allocations: [{ feeId, amount: '1.00' }],
      });
    const paid = accountOf(
      ...[assessed('f1', '10.00'), assessed('f2', '3.00'), part('p2', 'f1'), part('p3', 'f2')],
    );
    expect(command('payAgain', { other: 1 }, paid)).toMatchObject({
      amount: '1.00',
      externalTransactionId: 'x1',
      feeIds: ['f1'],
    });
    const whole = command('payAgain', {}, paid);
    expect(whole).toMatchObject({ amount: '2.00', externalTransactionId: 'x1' });
    expect(whole).not.toHaveProperty('feeIds');
  });
});
