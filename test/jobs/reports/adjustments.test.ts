import { expect, it } from 'vitest';
import { localDay } from '../../../src/job/localDay.js';
import { adjustmentKinds, adjustmentsIn } from '../../../src/jobs/reports/adjustments.js';
import { ask, assess, assessLost, pay, policyWith, transfer, waive } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const BAD = { label: 'Given up', kind: 'writeOff' } as const;
const policy = policyWith({ overpayment: 'credit', waiveReasons: { OTHER: 'Other', BAD } });

const found = (...commands: Parameters<typeof accountWith>[0]) =>
  adjustmentsIn(accountWith(commands, policy), 2, localDay('UTC')).map(({ kind, command, amount }) => [
    kind,
    command,
    amount,
  ]);

const badly = (id: string, ...feeIds: readonly string[]) =>
  ask('WaiveFees', id, { fees: feeIds.map((feeId) => ({ feeId })), reason: 'BAD' });

it('joins the parts of a command: waivers, also those that become credits', () => {
  expect(
    found(
      assess('f1', '4.00'),
      assessLost('f2', '20.00'),
      assess('f3', '7.00'),
      transfer('t', 'f3'),
      ask('WaiveFees', 'w', { fees: [{ feeId: 'f1' }, { feeId: 'f2' }, { feeId: 'f3' }], reason: 'OTHER' }),
    ),
  ).toEqual([['waived', 'WaiveFees', 3_100]]);
});

it('tells write-offs from waivers', () => {
  expect(
    found(
      assess('f1', '4.00'),
      assessLost('f2', '20.00'),
      assess('f3', '7.00'),
      transfer('t', 'f3'),
      badly('w', 'f1', 'f2', 'f3'),
      assess('f4', '1.00'),
      waive('w2', 'f4'),
    ),
  ).toEqual([
    ['writtenOff', 'WaiveFees', 3_100],
    ['waived', 'WaiveFees', 100],
  ]);
});

it('has cancellations with what comes back, refunds, reversals and goodwill', () => {
  expect(
    found(
      assess('f1', '4.00'),
      pay('p1', '3.00'),
      ask('CancelFee', 'x', { feeId: 'f1' }),
      ask('RefundCredit', 'r', { creditId: 'x#1', method: 'CASH', amount: '1.00' }),
      pay('p2', '5.00'),
      ask('ReversePayment', 'rp', { paymentId: 'p2' }),
      ask('IssueCredit', 'g', { amount: '2.00', cause: 'manual', reason: 'GOODWILL' }),
      ask('IssueCredit', 'i', { amount: '9.00', cause: 'imported' }),
      ask('CancelCredit', 'k', { creditId: 'i' }),
    ),
  ).toEqual([
    ['cancelled', 'CancelFee', 400],
    ['refunded', 'RefundCredit', 100],
    ['reversed', 'ReversePayment', 500],
    ['goodwill', 'IssueCredit', 200],
  ]);
});

it('counts a waiver once if its fee is cancelled later, as the limit of the command does', () => {
  const limited = policyWith({
    permissions: { CancelFee: { CLERK: { upTo: '20.00' } }, WaiveFees: { CLERK: {} } },
  });
  const by = { channel: 'desk', userId: 'ana', roles: ['CLERK'] } as const;
  const history = accountWith(
    [
      assess('f1', '60.00'),
      { ...waive('w', 'f1', '40.00'), by },
      { ...ask('CancelFee', 'x', { feeId: 'f1' }), by },
      assess('f2', '5.00'),
      { ...waive('w2', 'f2'), by },
      { ...ask('CancelFee', 'x2', { feeId: 'f2' }), by },
    ],
    limited,
  );
  expect(adjustmentsIn(history, 2, localDay('UTC')).map(({ kind, amount }) => [kind, amount])).toEqual([
    ['waived', 4_000],
    ['cancelled', 2_000],
    ['waived', 500],
  ]);
  expect(
    found(
      assessLost('f1', '20.00'),
      pay('p', '5.00'),
      waive('w', 'f1'),
      ask('ReverseWaiver', 'r', { waiverId: 'w' }),
      ask('CancelFee', 'x', { feeId: 'f1' }),
    ).at(-1),
  ).toEqual(['cancelled', 'CancelFee', 2_000]);
});

it('has the amount by which a growing fine was lowered, which no person decided', () => {
  const fine = { feeId: 'f1', feeType: 'OVERDUEFINE', owner: 'MAIN' };
  expect(
    found(
      ask('AccrueFine', 'a1', { ...fine, total: '10.00' }),
      pay('p1', '8.00'),
      ask('AccrueFine', 'a2', { ...fine, total: '3.00' }),
    ),
  ).toEqual([['lowered', null, 700]]);
});

it('lists the waivers and cancellations of an upheld dispute under the command that resolved it', () => {
  const upheld = (id: string, feeId: string, remedy: 'waive' | 'cancel') =>
    ask('ResolveDispute', id, {
      feeId,
      outcome: 'patronUpheld',
      remedy,
      ...(remedy === 'waive' && { reason: 'OTHER' }),
    });
  expect(
    found(
      assess('f1', '4.00'),
      assess('f2', '5.00'),
      ask('DisputeFee', 'd1', { feeId: 'f1' }),
      ask('DisputeFee', 'd2', { feeId: 'f2' }),
      upheld('e1', 'f1', 'waive'),
      upheld('e2', 'f2', 'cancel'),
      assess('f3', '1.00'),
      waive('w', 'f3'),
    ),
  ).toEqual([
    ['waived', 'ResolveDispute', 400],
    ['cancelled', 'ResolveDispute', 500],
    ['waived', 'WaiveFees', 100],
  ]);
});

it('leaves out the return of a lost item, and does not join events without a command', () => {
  expect(
    found(assessLost('f1', '20.00'), pay('p', '20.00'), ask('ReturnLostItem', 'b', { feeIds: ['f1'] })),
  ).toEqual([]);
  const bare = accountWith(
    [assess('f1', '4.00'), waive('w1', 'f1', '1.00'), waive('w2', 'f1', '1.00')],
    policy,
  ).map(({ event: { metadata: _, ...event }, ...row }) => ({ ...row, event: event as never }));
  expect(adjustmentsIn(bare, 2, localDay('UTC'))).toHaveLength(2);
  expect(adjustmentKinds).toHaveLength(7);
});
