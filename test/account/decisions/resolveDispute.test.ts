import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type CommandOf, decide } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  pay,
  policy,
  refusalOf,
  repeating,
  transfer,
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const dispute = (id: string, feeId: string) => ask('DisputeFee', id, { feeId });
const resolve = (more: Omit<CommandOf<'ResolveDispute'>, 'type' | 'id' | 'at' | 'feeId'>) =>
  ask('ResolveDispute', 'r1', { feeId: 'a', ...more });
const resolved = (outcome: CommandOf<'ResolveDispute'>['outcome'], more: { reason?: string } = {}) =>
  fact('DisputeResolved', { disputeId: 'd1', feeId: 'a', outcome, ...more });

describe('resolveDispute', () => {
  const disputed = accountAfter([assess('a', '6.00'), dispute('d1', 'a')]);

  it.each(['feeStands', 'withdrawn'] as const)('ends the dispute and changes nothing else: %s', (outcome) => {
    expect(factsOf(decide(resolve({ outcome }), disputed, policy))).toEqual([resolved(outcome)]);
    const after = accountAfter([resolve({ outcome })], policy, disputed);
    expect(feeNow(after, 'a')).toEqual({ remaining: '6.00', owed: '6.00', status: 'active' });
  });

  it('waives the owed amount in the same decision if the patron was right', () => {
    const command = resolve({ outcome: 'patronUpheld', remedy: 'waive', reason: 'STAFF_ERROR' });
    expect(factsOf(decide(command, disputed, policy))).toEqual([
      resolved('patronUpheld', { reason: 'STAFF_ERROR' }),
      fact('FeeWaived', { waiverId: 'r1', feeId: 'a', amount: '6.00', reason: 'STAFF_ERROR' }),
    ]);
  });

  it('cancels the fee in the same decision if the patron was right', () => {
    const command = resolve({ outcome: 'patronUpheld', remedy: 'cancel' });
    expect(factsOf(decide(command, disputed, policy))).toEqual([
      resolved('patronUpheld'),
      fact('FeeCancelled', { cancellationId: 'r1', feeId: 'a', amount: '6.00' }),
    ]);
    expect(balancesInMinorUnits(accountAfter([command], policy, disputed))).toMatchObject({
      active: 0,
      disputed: 0,
      owed: 0,
    });
  });

  it('also cancels what was paid and transferred before the dispute', () => {
    const account = accountAfter([
      assess('a', '6.00'),
      pay('p1', '1.00'),
      transfer('t1', 'a', '2.00'),
      dispute('d1', 'a'),
    ]);
    const after = accountAfter([resolve({ outcome: 'patronUpheld', remedy: 'cancel' })], policy, account);
    expect(creditNow(after, 'r1#1')).toEqual({ purpose: 'refundable', unused: '1.00', status: 'active' });
    expect(creditNow(after, 'r1#2')).toEqual({ purpose: 'external', unused: '2.00', status: 'active' });
  });

  it('needs a reason of the policy for a waiver', () => {
    for (const given of [{}, { reason: 'NOSUCHREASON' }]) {
      const command = resolve({ outcome: 'patronUpheld', remedy: 'waive', ...given });
      expect(refusalOf(decide(command, disputed, policy))).toEqual({
        type: 'ReasonUnknown',
        known: expect.anything(),
        list: 'waiveReasons',
        reason: given.reason ?? null,
      });
    }
  });

  it('is refused, like waiveFees, if the type may not be waived', () => {
    const account = accountAfter([assess('a', '6.00', { feeType: 'TAX' }), dispute('d1', 'a')]);
    const command = resolve({ outcome: 'patronUpheld', remedy: 'waive', reason: 'OTHER' });
    expect(refusalOf(decide(command, account, policy))).toMatchObject({ type: 'FeeTypeNotWaiveable' });
  });

  it('waives a lost-item fee as a credit', () => {
    const account = accountAfter([assessLost('a', '60'), dispute('d1', 'a')]);
    const command = resolve({ outcome: 'patronUpheld', remedy: 'waive', reason: 'OTHER' });
    const after = accountAfter([command], policy, account);
    expect(feeNow(after, 'a')).toEqual({ remaining: '60.00', owed: '0.00', status: 'active' });
    expect(creditNow(after, 'r1')).toEqual({ purpose: 'setOff', unused: '60.00', status: 'active' });
  });

  it.each([
    ['waive', waive('w1', 'a')],
    ['cancel', ask('CancelFee', 'x1', { feeId: 'a' })],
  ] as const)('only ends the dispute if there is nothing left to %s', (remedy, before) => {
    const account = accountAfter([before], policy, disputed);
    expect(factsOf(decide(resolve({ outcome: 'patronUpheld', remedy }), account, policy))).toEqual([
      resolved('patronUpheld'),
    ]);
  });

  it('is refused if what is owed was handed out in cash: nothing would be cancelled, and the patron would still owe it', () => {
    const account = accountAfter([
      assess('a', '6.00'),
      pay('p1', '6.00'),
      ask('CancelFee', 'x1', { feeId: 'a' }),
      ask('RefundCredit', 'c1', { creditId: 'x1#1', method: 'CASH' }),
      ask('ReversePayment', 'v1', { paymentId: 'p1' }),
      dispute('d1', 'a'),
    ]);
    const upheld = { outcome: 'patronUpheld', reason: 'OTHER' } as const;
    expect(refusalOf(decide(resolve({ ...upheld, remedy: 'cancel' }), account, policy))).toEqual({
      type: 'NothingToCancel',
      feeId: 'a',
    });
    const waived = accountAfter([resolve({ ...upheld, remedy: 'waive' })], policy, account);
    expect(feeNow(waived, 'a').owed).toBe('0.00');
    const paid = accountAfter([waive('w1', 'a')], policy, account);
    expect(factsOf(decide(resolve({ ...upheld, remedy: 'cancel' }), paid, policy))).toEqual([
      resolved('patronUpheld', { reason: 'OTHER' }),
    ]);
  });

  it('turns a waiver into a cancellation, so that undoing it charges nothing again', () => {
    const account = accountAfter([waive('w1', 'a', '4.00')], policy, disputed);
    const command = resolve({ outcome: 'patronUpheld', remedy: 'cancel' });
    expect(factsOf(decide(command, account, policy))).toEqual([
      resolved('patronUpheld'),
      fact('WaiverReversed', { reversalId: 'r1', waiverId: 'w1', feeId: 'a', amount: '4.00' }),
      fact('FeeCancelled', { cancellationId: 'r1#1', feeId: 'a', amount: '6.00' }),
    ]);
    const undone = ask('ReverseWaiver', 'u1', { waiverId: 'w1' });
    const after = accountAfter([command], policy, account);
    expect(refusalOf(decide(undone, after, policy))).toMatchObject({ type: 'AlreadyUndone' });
  });

  it('records the id of its command, even if it creates nothing', () => {
    const after = accountAfter([resolve({ outcome: 'withdrawn' })], policy, disputed);
    expect(refusalOf(decide(assess('r1', '1.00'), after, policy))).toMatchObject({ type: 'IdAlreadyUsed' });
    expect(decide(resolve({ outcome: 'withdrawn' }), after, policy)).toEqual(repeating('r1', 'command'));
  });

  it.each([
    [undefined, 'patronUpheld'],
    ['waive', 'feeStands'],
    ['cancel', 'withdrawn'],
  ] as const)('is an invalid command with the remedy %s and the outcome %s', (remedy, outcome) => {
    const command = resolve(remedy === undefined ? { outcome } : { outcome, remedy });
    expect(refusalOf(decide(command, disputed, policy))).toMatchObject({
      type: 'InvalidCommand',
      faults: [{ path: 'remedy' }],
    });
  });

  it('is refused when the fee is not disputed', () => {
    const account = accountAfter([assess('a', '6.00')]);
    expect(refusalOf(decide(resolve({ outcome: 'withdrawn' }), account, policy))).toEqual({
      type: 'FeeNotDisputed',
      feeId: 'a',
    });
  });

  it('is refused for a fee that does not exist', () => {
    expect(refusalOf(decide(resolve({ outcome: 'withdrawn' }), accountAfter([]), policy))).toEqual({
      type: 'FeeNotFound',
      feeId: 'a',
    });
  });

  it('restores exactly the balances and the owed amount from before the dispute (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing('DisputeFee', ['dispute'], ({ feeId }) => [
      ask('ResolveDispute', 'undo', { feeId, outcome: 'withdrawn' }),
    ]);
  });
});
