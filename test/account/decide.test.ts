import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, decide, definePolicy, emptyAccount, fold } from '../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  at,
  deepFrozen,
  forgetfulPolicy,
  pay,
  policy,
  refusalOf,
  repeating,
  transfer,
  waive,
} from '../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';

const empty = emptyAccount();

describe('decide', () => {
  it('accepts a command and returns its events', () => {
    expect(decide(assess('f1', '2.50'), empty, policy)).toEqual({
      accepted: true,
      events: [
        {
          type: 'FeeAssessed',
          data: { feeId: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', currency: 'USD', owner: 'MAIN', at },
          metadata: { commandId: 'f1', commandDigest: expect.stringMatching(/^[0-9a-f]{16}\.-$/) },
        },
      ],
    });
  });

  it('accepts a command that changes nothing, without events and without a repeat', () => {
    const fine = { feeId: 'f1', feeType: 'OVERDUEFINE', total: '2.50', owner: 'MAIN' };
    const account = accountAfter([ask('AccrueFine', 'a1', fine)]);
    const again = decide(ask('AccrueFine', 'a2', fine), account, policy);
    expect(again).toStrictEqual({ accepted: true, events: [] });
  });

  it('refuses a command with a rejection that has a type and fields', () => {
    const decision = decide(waive('w1', 'f1'), empty, policy);
    expect(decision).toEqual({
      accepted: false,
      events: [],
      rejection: { type: 'FeeNotFound', kind: 'notFound', feeId: 'f1' },
    });
    expect(JSON.parse(JSON.stringify(decision))).toStrictEqual(decision);
  });

  it('is pure: the same arguments give the same result, and frozen arguments stay unchanged (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, () => {
    fc.assert(
      fc.property(moves(12), anyPolicy, (story, rules) => {
        for (const { command, policy: inForce, before, decision } of runMoves(story, rules)) {
          expect(decide(deepFrozen(command), deepFrozen(before), inForce)).toEqual(decision);
        }
      }),
      seeded('decide is pure'),
    );
  });

  it('accepts a policy that was read from JSON, and refuses an invalid one', () => {
    const read = JSON.parse(JSON.stringify(policy));
    expect(decide(assess('f1', '1'), empty, read)).toEqual(decide(assess('f1', '1'), empty, policy));
    expect(() => decide(assess('f1', '1'), empty, {} as never)).toThrow(/INVALID_POLICY/);
  });

  it.each([
    [null],
    [undefined],
    [{}],
    [[]],
    ['account'],
    [{ ...empty, ids: null }],
    [{ ...empty, fees: {} }],
  ])('throws INVALID_ACCOUNT for an invalid account: %j', (account) => {
    expect(() => decide(assess('f1', '1'), account as never, policy)).toThrow(/INVALID_ACCOUNT/);
  });
});

describe('the order of checks', () => {
  const paid = accountAfter([assess('f1', '6'), pay('p1', '1', { externalTransactionId: 'x1' })]);
  const inYen = definePolicy({ currency: 'JPY' });

  it('shape, id, external transaction, rules', () => {
    const wrong = pay('f1', '1.005', { externalTransactionId: 'x1', method: 'BARTER' });
    expect(refusalOf(decide(wrong, paid, policy))).toMatchObject({ type: 'InvalidCommand' });
    const taken = { ...wrong, amount: '2' };
    expect(refusalOf(decide(taken, paid, policy))).toMatchObject({ type: 'IdAlreadyUsed' });
    const known = { ...taken, id: 'p2', method: 'CASH' };
    expect(refusalOf(decide(known, paid, policy))).toMatchObject({ type: 'ExternalTransactionAlreadyUsed' });
    const unruly = { ...taken, id: 'p2' };
    expect(refusalOf(decide(unruly, paid, policy))).toMatchObject({ type: 'PaymentMethodUnknown' });
  });

  it('rejects an account in another currency than the policy, after the id check', () => {
    expect(refusalOf(decide(assess('f2', '6'), paid, inYen))).toEqual({
      type: 'AccountInOtherCurrency',
      accountCurrency: 'USD',
      policyCurrency: 'JPY',
    });
    const dispute = ask('DisputeFee', 'd1', { feeId: 'f1' });
    const disputed = accountAfter([dispute], policy, paid);
    expect(decide(dispute, disputed, inYen)).toEqual(repeating(dispute.id, 'dispute'));
  });

  it('the first command of an account sets its currency', () => {
    expect(fold(decide(assess('f1', '600'), empty, inYen).events)).toMatchObject({
      currency: 'JPY',
      minorDigits: 0,
    });
  });
});

describe('a policy without the types, methods and reasons of the account', () => {
  const undoing: readonly [Command, Command][] = [
    [assess('f2', '1'), ask('CancelFee', 'u1', { feeId: 'f2' })],
    [pay('p1', '7', { overpayment: 'credit' }), ask('ReversePayment', 'u1', { paymentId: 'p1' })],
    [waive('w1', 'f1'), ask('ReverseWaiver', 'u1', { waiverId: 'w1' })],
    [waive('w1', 'lost'), ask('ReverseWaiver', 'u1', { waiverId: 'w1' })],
    [transfer('t1', 'f1'), ask('RecallTransfer', 'u1', { transferId: 't1' })],
    [
      ask('DisputeFee', 'd1', { feeId: 'f1' }),
      ask('ResolveDispute', 'u1', { feeId: 'f1', outcome: 'patronUpheld', remedy: 'cancel' }),
    ],
  ];
  const account = accountAfter([assess('f1', '6'), assessLost('lost', '60')]);

  it.each(undoing)('does not prevent folding and undoing: %j', (done, undo) => {
    const before = accountAfter([done], policy, account);
    expect(decide(undo, before, forgetfulPolicy).events.length).toBeGreaterThan(0);
  });
});

describe('input of any kind', () => {
  const account = accountAfter([
    assess('f1', '6'),
    pay('p1', '8', { overpayment: 'credit' }),
    assessLost('lost', '60'),
  ]);

  it('is refused if it cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const throwing = new Proxy([assess('f2', '1')], {
      get: () => {
        throw new Error('no');
      },
    });
    const cyclic: Record<string, unknown> = { ...assess('f2', '1') };
    cyclic.item = cyclic;
    for (const input of [proxy, throwing, cyclic]) {
      expect(refusalOf(decide(input as never, account, policy))).toMatchObject({ type: 'InvalidCommand' });
    }
  });

  it('is refused with every invalid field', () => {
    const input = { ...assess('', '1e9'), at: 'yesterday', owner: 7, surprise: true };
    const rejection = refusalOf(decide(input as never, empty, policy));
    const faults = (rejection as { faults?: readonly { path: string }[] }).faults ?? [];
    expect(faults.map(({ path }) => path).sort()).toEqual(['amount', 'at', 'id', 'owner', 'surprise']);
  });
});
