import type { Command, FeePolicyInput } from '../../src/index.js';
import { answer, type CallVector } from './calls.js';

type Asked = { readonly type: Command['type']; readonly id: string; readonly [field: string]: unknown };

/** Commands that are given in every order: after which ones, under which policy, and how many in all. */
type World = {
  readonly policy?: Omit<FeePolicyInput, 'currency'>;
  readonly first: readonly Asked[];
  readonly commands: readonly Asked[];
  readonly length: number;
};

const at = '2026-03-02T09:00:00Z';
const earlier = '2026-02-20T09:00:00Z';

const one = (type: Asked['type'], id: string, fields: object): Asked => ({ type, id, ...fields });
const fee = (id: string, amount: string, feeType = 'OTHER') =>
  one('AssessFee', id, { feeType, amount, owner: 'MAIN' });
const pay = (id: string, amount: string, feeId: string, more: object = {}) =>
  one('ReceivePayment', id, { amount, method: 'CASH', feeIds: [feeId], overpayment: 'credit', ...more });
const waive = (id: string, amount: string) =>
  one('WaiveFees', id, { fees: [{ feeId: 'f1', amount }], reason: 'OTHER' });
const cancel = (id: string, amount?: string, feeId = 'f1') =>
  one('CancelFee', id, { feeId, ...(amount && { amount }) });
const reverse = (id: string, paymentId: string, more: object = {}) =>
  one('ReversePayment', id, {
    paymentId,
    shortfallFee: { feeId: `${id}s`, feeType: 'OTHER', owner: 'MAIN' },
    ...more,
  });
const refund = (id: string, creditId: string, more: object = {}) =>
  one('RefundCredit', id, { creditId, method: 'CASH', ...more });
const send = (id: string, amount: string) => one('TransferFees', id, { fees: [{ feeId: 'f1', amount }] });
const sendCredit = (id: string, creditId: string) => one('TransferFees', id, { credits: [{ creditId }] });
const returned = one('ReturnLostItem', 'l1', { feeIds: ['f1'] });
const grow = (id: string, total: string, more: object = {}) =>
  one('AccrueFine', id, { feeId: 'f1', feeType: 'FINE', owner: 'MAIN', ...(total && { total }), ...more });
const goodwill = (id: string, amount: string) =>
  one('IssueCredit', id, { amount, cause: 'manual', reason: 'GOODWILL' });
const apply = (id: string, creditId: string, amount: string, feeId = 'f1') =>
  one('ApplyCredit', id, { creditId, allocations: [{ feeId, amount }] });
const unapply = (id: string, applicationId: string) => one('ReverseCreditApplication', id, { applicationId });
const dispute = one('DisputeFee', 'd1', { feeId: 'f1' });
const resolve = (id: string, outcome: string, remedy?: string) =>
  one('ResolveDispute', id, {
    feeId: 'f1',
    outcome,
    ...(remedy && { remedy }),
    ...(remedy === 'waive' && { reason: 'OTHER' }),
  });
const both = (amount: string, other: string) => [
  { feeId: 'f1', amount },
  { feeId: 'f2', amount: other },
];
const clerk = { channel: 'desk', userId: 'anna', roles: ['CLERK'] };
const chief = { channel: 'desk', userId: 'berta', roles: ['CHIEF'] };

const feeTypes = {
  OTHER: { label: 'Other' },
  FINE: { label: 'Fine' },
  LOST: { label: 'Lost', lostItem: true, refundPercent: 50 },
};
const common = { feeTypes, transfers: { expectsSettlement: true } };

/** What comes in and goes out of a lost item of 5, half of which its return gives back. */
const lostItem: readonly Asked[] = [
  pay('p1', '3', 'f1'),
  waive('w1', '2'),
  returned,
  cancel('x1', '1'),
  cancel('x2'),
  reverse('r1', 'p1'),
  one('ReverseWaiver', 'r2', { waiverId: 'w1' }),
  refund('b1', 'l1#1'),
  send('t1', '2'),
  one('RecallTransfer', 'r3', { transferId: 't1' }),
];

/** Taxed fees, in amounts that cannot be divided evenly. */
const taxed: readonly Asked[] = [
  pay('p1', '33', 'f1'),
  waive('w1', '17'),
  one('ReverseWaiver', 'r1', { waiverId: 'w1' }),
  reverse('r2', 'p1', { amount: '16' }),
  send('t1', '29'),
  one('RecallTransfer', 'r3', { transferId: 't1', amount: '8' }),
  cancel('x1'),
  apply('a1', 'x1#1', '7', 'f2'),
  unapply('r4', 'a1'),
  goodwill('c1', '11'),
  apply('a2', 'c1', '11'),
];

const worlds: readonly World[] = [
  {
    first: [fee('f1', '3')],
    commands: [
      ...[pay('p1', '1', 'f1'), pay('p2', '3', 'f1'), waive('w1', '1'), waive('w2', '3')],
      ...[cancel('x1', '2'), cancel('x2'), reverse('r1', 'p1'), reverse('r2', 'p2', { amount: '2' })],
      ...[one('ReverseWaiver', 'r3', { waiverId: 'w1' }), refund('b1', 'x2#1')],
      one('ReverseRefund', 'r4', { refundId: 'b1' }),
    ],
    length: 4,
  },
  ...(['percent', 'all'] as const).map((unpaidOnReturn) => ({
    policy: { unpaidOnReturn },
    first: [fee('f1', '5', 'LOST')],
    commands: lostItem,
    length: 4,
  })),
  {
    first: [fee('f1', '4'), send('t1', '3')],
    commands: [
      one('SettleTransfer', 's1', { transferId: 't1', amount: '2' }),
      one('SettleTransfer', 's2', { transferId: 't1', amount: '4' }),
      one('ReverseSettlement', 'r1', { settlementId: 's1', amount: '1' }),
      one('ReverseSettlement', 'r2', {
        settlementId: 's2',
        shortfallFee: { feeId: 'r2s', feeType: 'OTHER', owner: 'MAIN' },
      }),
      ...[
        one('RecallTransfer', 'r3', { transferId: 't1', amount: '1' }),
        one('RecallTransfer', 'r4', { transferId: 't1' }),
      ],
      ...[waive('w1', '2'), cancel('x1'), refund('b1', 's2#1'), sendCredit('t2', 'x1#1')],
    ],
    length: 4,
  },
  ...(['percent', 'all'] as const).map((unpaidOnReturn) => ({
    policy: { unpaidOnReturn },
    first: [fee('f1', '4', 'LOST'), send('t1', '3')],
    commands: [
      ...[one('SettleTransfer', 's1', { transferId: 't1', amount: '1' }), waive('w1', '2'), returned],
      ...[
        one('RecallTransfer', 'r1', { transferId: 't1', amount: '1' }),
        one('RecallTransfer', 'r2', { transferId: 't1' }),
      ],
      ...[
        cancel('x1'),
        sendCredit('t2', 'w1'),
        sendCredit('t3', 'l1#1'),
        one('ReverseWaiver', 'r3', { waiverId: 'w1' }),
      ],
    ],
    length: 4,
  })),
  // What was paid and cancelled before the return, in amounts of which half shows.
  ...(['percent', 'all'] as const).map((unpaidOnReturn) => ({
    policy: { unpaidOnReturn },
    first: [fee('f1', '20', 'LOST'), pay('p1', '19', 'f1'), cancel('x1', '7')],
    commands: [
      ...[returned, cancel('x2', '3'), waive('w1', '1'), reverse('r1', 'p1', { amount: '5' })],
      ...[one('CancelCredit', 'k1', { creditId: 'x1#1', amount: '2' }), apply('a1', 'x1#1', '1')],
      ...[one('CancelCredit', 'k2', { creditId: 'l1#1', amount: '1' }), refund('b1', 'x1#1')],
    ],
    length: 4,
  })),
  {
    first: [pay('p1', '5', 'f1', { feeIds: undefined, allocations: [] }), fee('f1', '2')],
    commands: [
      ...[
        apply('a1', 'p1#1', '2'),
        refund('b1', 'p1#1', { amount: '2' }),
        reverse('r1', 'p1', { amount: '3' }),
      ],
      ...[
        reverse('r2', 'p1'),
        one('CancelCredit', 'k1', { creditId: 'p1#1', amount: '1' }),
        cancel('x1', '1', 'r2s'),
      ],
      ...[cancel('x2', '', 'r1s'), pay('p2', '2', 'r2s'), one('ReverseRefund', 'r3', { refundId: 'b1' })],
      unapply('r4', 'a1'),
    ],
    length: 4,
  },
  {
    first: [fee('f1', '2'), fee('f2', '2'), goodwill('c1', '3')],
    commands: [
      ...[apply('a1', 'c1', '1'), apply('a2', 'c1', '2', 'f2'), unapply('r1', 'a1'), unapply('r2', 'a2')],
      ...[pay('p1', '2', 'f1'), cancel('x1'), one('CancelCredit', 'k1', { creditId: 'c1', amount: '1' })],
      ...[one('CancelCredit', 'k2', { creditId: 'c1' }), apply('a3', 'x1#1', '2', 'f2'), reverse('r3', 'p1')],
    ],
    length: 4,
  },
  {
    policy: { paymentOrder: 'proportional' },
    first: [fee('f1', '3'), fee('f2', '4')],
    commands: [
      pay('p1', '5', 'f1', { feeIds: undefined, allocations: both('3', '2') }),
      pay('p2', '5', 'f1', { feeIds: ['f2', 'f1'], order: 'oldest-first' }),
      pay('p3', '5', 'f1', { feeIds: undefined, overpayment: 'refuse' }),
      pay('p4', '4', 'f1', {
        ...{ feeIds: undefined, allocations: both('1', '3') },
        ...{ externalTransactionId: 'ch', externalTransactionTotal: '5' },
      }),
      pay('p5', '4', 'f1', {
        ...{ feeIds: undefined, allocations: both('2', '2') },
        ...{ externalTransactionId: 'ch', externalTransactionTotal: '5' },
      }),
      ...[reverse('r1', 'p1', { amount: '1' }), reverse('r2', 'p1', { amount: '3' })],
      ...[reverse('r3', 'p2', { amount: '4' }), reverse('r4', 'p4', { amount: '2' })],
      one('WaiveFees', 'w1', { fees: both('1', '2'), reason: 'OTHER' }),
      one('TransferFees', 't1', { fees: both('2', '2') }),
    ],
    length: 4,
  },
  {
    policy: { accrualLimits: { FINE: '4' } },
    first: [grow('n1', '2')],
    commands: [
      ...[
        grow('n2', '5'),
        grow('n3', '1'),
        grow('n4', '1', { at: earlier }),
        grow('n5', '3', { ends: 'returned' }),
      ],
      ...[grow('n6', '', { ends: 'lost' }), pay('p1', '2', 'f1'), waive('w1', '1'), cancel('x1', '1')],
      ...[refund('b1', 'n3#1'), reverse('r1', 'p1'), one('ReverseWaiver', 'r2', { waiverId: 'w1' })],
      one('TransferFees', 't1', { eligible: { fees: {} } }),
    ],
    length: 4,
  },
  {
    first: [fee('f1', '3')],
    commands: [
      ...[dispute, resolve('e1', 'feeStands'), resolve('e2', 'patronUpheld', 'waive')],
      ...[resolve('e3', 'patronUpheld', 'cancel'), pay('p1', '2', 'f1'), send('t1', '1'), waive('w1', '1')],
      one('AgreePaymentPlan', 'n1', { feeIds: ['f1'], instalments: [{ dueOn: '2026-04-01', amount: '3' }] }),
      ...[one('EndPaymentPlan', 'n2', { planId: 'n1', cause: 'defaulted' }), cancel('x1', '1')],
    ],
    length: 4,
  },
  {
    first: [fee('f1', '3'), fee('f2', '3')],
    commands: [
      ...[
        { amount: '2', externalTransactionTotal: '4' },
        { amount: '2' },
        { amount: '2', part: 'rest', feeIds: undefined },
        { amount: '4', part: 'whole' },
        { amount: '3', feeIds: ['f2'] },
        { amount: '2', feeIds: ['f1', 'f2'] },
        { amount: '1', feeIds: undefined },
      ].map((fields, index) => pay(`p${index}`, '2', 'f1', { externalTransactionId: 'ch', ...fields })),
      reverse('r1', 'p0', { externalTransactionId: 're' }),
      reverse('r2', 'p1', { amount: '1', externalTransactionId: 're', externalTransactionTotal: '2' }),
    ],
    length: 4,
  },
  {
    first: [
      pay('p1', '4', 'f1', { feeIds: undefined, externalTransactionId: 'ch' }),
      pay('p2', '3', 'f1', { feeIds: undefined }),
    ],
    commands: [
      ...[
        ['p1#1', { amount: '2', externalTransactionId: 're' }],
        ['p1#1', { amount: '1', externalTransactionId: 're' }],
        ['p1#1', { amount: '2', externalTransactionId: 're', externalTransactionTotal: '3' }],
        ['p2#1', { amount: '1', externalTransactionId: 're', externalTransactionTotal: '3' }],
        ['p2#1', { amount: '2', externalTransactionId: 're', method: 'ONLINE' }],
      ].map(([creditId, fields], index) => refund(`b${index}`, creditId as string, fields as object)),
      ...[one('ReverseRefund', 'r1', { refundId: 'b0' }), one('ReverseRefund', 'r2', { refundId: 'b2' })],
      reverse('r3', 'p1', { amount: '2', externalTransactionId: 're' }),
      reverse('r4', 'p2', { externalTransactionId: 're' }),
    ],
    length: 4,
  },
  {
    policy: {
      permissions: {
        ReceivePayment: { CLERK: {} },
        ...Object.fromEntries(
          ['WaiveFees', 'CancelFee', 'ReversePayment', 'RefundCredit', 'ResolveDispute', 'ReverseWaiver'].map(
            (type) => [type, { CLERK: { upTo: '2' }, CHIEF: {} }],
          ),
        ),
      },
      approvals: { WaiveFees: { above: '2', roles: ['CHIEF'] }, CancelFee: { above: '0', roles: ['CHIEF'] } },
    },
    first: [
      { ...fee('f1', '4'), automatic: true },
      { ...pay('p0', '1', 'f1'), by: clerk },
    ],
    commands: [
      ...[pay('p1', '3', 'f1'), waive('w1', '2'), waive('w2', '3'), cancel('x1', '3'), reverse('r1', 'p1')],
    ].flatMap((command) => [
      { ...command, id: `${command.id}c`, by: clerk },
      { ...command, by: chief, approvedBy: { userId: 'carl', roles: ['CHIEF'], upTo: '3' } },
    ]),
    length: 3,
  },
  {
    policy: { feeTypes: { OTHER: { label: 'Other', vatPercent: 19 } } },
    first: [fee('f1', '100'), fee('f2', '40')],
    commands: taxed,
    length: 4,
  },
  {
    policy: {
      feeTypes: { FINE: { label: 'Fine', vatPercent: 19 }, OTHER: { label: 'Other', vatPercent: 7 } },
    },
    first: [grow('n1', '50')],
    commands: [
      ...[grow('n2', '83'), grow('n3', '31'), grow('n4', '20', { ends: 'returned' }), pay('p1', '41', 'f1')],
      ...[waive('w1', '13'), cancel('x1', '9'), refund('b1', 'n3#1'), reverse('r1', 'p1')],
    ],
    length: 4,
  },
];

/** Returns small worlds of commands, in every order. */
export function orderCalls(): readonly CallVector[] {
  return worlds.map(({ policy, first, commands, length }) => {
    const timed = [first, commands].map((list) => list.map((command) => ({ at, ...command })));
    return answer('orders', { currency: 'JPY', ...common, ...policy }, ...timed, length);
  });
}
