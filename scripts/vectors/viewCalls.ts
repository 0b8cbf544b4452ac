import {
  type AccountEvent,
  type Command,
  decide,
  definePolicy,
  type FeePolicyInput,
  fold,
} from '../../src/index.js';
import { sortColumns } from '../../src/views/index.js';
import { answer, type CallVector, type ViewAsked, viewNames } from './calls.js';

/** A command; `at` is the day of March 2026 and the hour, unless it is a whole instant. */
type Asked = readonly [at: string, type: Command['type'], id: string, fields: object];

const policy: FeePolicyInput = {
  currency: 'USD',
  feeTypes: {
    OTHER: { label: 'Other', vatPercent: 7 },
    FINE: { label: 'Overdue fine' },
    LOST: { label: 'Lost item', lostItem: true, refundPercent: 50 },
    DAMAGE: { label: 'Damage', vatPercent: 19, payableOnline: false },
  },
  paymentMethods: { CASH: 'Cash', CHECK: 'Cheque' },
  waiveReasons: { GRACE: 'Grace', DEBT: { label: 'Debt given up', kind: 'writeOff' } },
  creditReasons: { GOODWILL: 'Goodwill' },
  destinations: { BURSAR: 'Bursar' },
  overpayment: 'credit',
  transfers: { expectsSettlement: true },
  blockLimits: {
    '*': [
      { amount: '50', excludedFeeTypes: ['LOST'] },
      { amount: '30', limitItselfBlocks: true, excusesPaymentPlans: true },
    ],
    staff: [],
    child: [{ amount: '85.70', limitItselfBlocks: true }, { amount: '85.70' }, { amount: '0' }],
  },
};

const by = { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN' };
const fee = (
  at: string,
  id: string,
  feeType: string,
  amount: string,
  owner: string,
  more: object = {},
): Asked => [at, 'AssessFee', id, { feeType, amount, owner, ...more }];
const whole = { overpayment: 'credit', method: 'CASH' };

/** An account with something of every kind, on which nothing is by chance. */
const commands: readonly Asked[] = [
  fee('01T09', 'f1', 'OTHER', '25.00', 'MAIN', {
    ...{ item: { id: 'i1', barcode: 'b1', title: 'Über Bücher' }, loanId: 'l1', by },
    ...{ comment: 'torn', staffNote: 'the third time', reason: 'A free reason' },
  }),
  fee('01T10', 'f2', 'LOST', '60.00', 'LAW', { item: { barcode: 'b2', title: 'atlas' }, loanId: 'l2' }),
  fee('02T09', 'f3', 'LOST', '30.00', 'MAIN', { loanId: 'l3' }),
  fee('02T10', 'f4', 'DAMAGE', '12.35', 'LAW', { item: { id: 'i1', title: 'Zoo' } }),
  fee('02T11', 'f5', 'OTHER', '9.99', 'MAIN', { loanId: 'l4' }),
  fee('02T12', 'f6', 'OTHER', '20.00', 'LAW', { loanId: 'l4', item: { title: 'Atlas' } }),
  fee('03T09', 'f7', 'LOST', '8.00', 'MAIN', { loanId: 'l5' }),
  fee('03T10', 'f8', 'OLD', '4.00', 'MAIN'),
  [
    '03T11',
    'AccrueFine',
    'a1',
    { feeId: 'fine', feeType: 'FINE', owner: 'MAIN', total: '4.50', loanId: 'l2' },
  ],
  ['04T11', 'AccrueFine', 'a2', { feeId: 'fine', feeType: 'FINE', owner: 'MAIN', total: '5.25' }],
  [
    '05T09',
    'ReceivePayment',
    'p1',
    {
      ...{ amount: '23.35', method: 'CASH', by, comment: 'thanks', reference: 'slip 7' },
      allocations: [
        { feeId: 'f1', amount: '10.01' },
        { feeId: 'f4', amount: '12.34' },
        { feeId: 'fine', amount: '1.00' },
      ],
    },
  ],
  ['05T10', 'ReceivePayment', 'p2', { ...whole, amount: '33.00', method: 'CHECK', feeIds: ['f3'] }],
  ['05T11', 'ReceivePayment', 'p3', { amount: '8.00', method: 'OTHER', feeIds: ['f7'] }],
  ['06T09', 'ReversePayment', 'r1', { paymentId: 'p1', amount: '13.00' }],
  ['06T10', 'ReversePayment', 'r2', { paymentId: 'p2', amount: '2.00' }],
  [
    '07T09',
    'WaiveFees',
    'w1',
    { fees: [{ feeId: 'f2', amount: '20.00' }], reason: 'GRACE', by, comment: 'once' },
  ],
  ['07T10', 'WaiveFees', 'w2', { fees: [{ feeId: 'f1', amount: '3.33' }], reason: 'DEBT' }],
  ['07T11', 'WaiveFees', 'w3', { fees: [{ feeId: 'f1', amount: '1.00' }], reason: 'GRACE' }],
  ['07T12', 'ReverseWaiver', 'r3', { waiverId: 'w3' }],
  ['08T09', 'ReturnLostItem', 'l1', { feeIds: ['f3'] }],
  ['08T10', 'RefundCredit', 'b1', { creditId: 'l1#1', amount: '5.00', method: 'CHECK' }],
  ['08T11', 'CancelFee', 'x1', { feeId: 'f7' }],
  ['08T12', 'CancelCredit', 'k1', { creditId: 'x1#1', amount: '1.00' }],
  ['09T09', 'DisputeFee', 'd1', { feeId: 'f5', comment: 'not mine' }],
  ['09T10', 'TransferFees', 't1', { fees: [{ feeId: 'f6' }], destination: 'BURSAR' }],
  ['09T11', 'SettleTransfer', 's1', { transferId: 't1', amount: '6.00', externalReference: 'B-1' }],
  ['09T12', 'WaiveFees', 'w4', { fees: [{ feeId: 'f6', amount: '4.00' }], reason: 'GRACE' }],
  ['10T09', 'IssueCredit', 'c1', { amount: '7.00', cause: 'manual', reason: 'GOODWILL' }],
  ['10T10', 'ApplyCredit', 'u1', { creditId: 'c1', allocations: [{ feeId: 'f4', amount: '2.50' }] }],
  ['10T11', 'IssueCredit', 'c2', { amount: '3.00', cause: 'imported', reason: 'GOODWILL' }],
  // A plan that ended before its only instalment was due.
  [
    '10T12',
    'AgreePaymentPlan',
    'n0',
    { feeIds: ['f2'], instalments: [{ dueOn: '2026-04-15', amount: '40.00' }] },
  ],
  ['10T13', 'EndPaymentPlan', 'e0', { planId: 'n0', cause: 'cancelled' }],
  [
    '11T09',
    'AgreePaymentPlan',
    'n1',
    {
      feeIds: ['f1', 'f4'],
      instalments: [
        { dueOn: '2026-04-01', amount: '10.00' },
        { dueOn: '2026-05-01', amount: '11.17' },
      ],
      comment: 'as agreed',
    },
  ],
  ['12T09', 'ReceivePayment', 'p4', { ...whole, amount: '6.00', feeIds: ['f1'] }],
  // A lost item that was waived as a whole, and a fee with money that was sent to be paid out there.
  fee('13T09', 'f9', 'LOST', '9.00', 'MAIN', { loanId: 'l6' }),
  ['13T10', 'WaiveFees', 'w5', { fees: [{ feeId: 'f9' }], reason: 'OLD' }],
  fee('14T09', 'f10', 'OTHER', '20.00', 'MAIN', { loanId: 'l7' }),
  ['14T10', 'ReceivePayment', 'p5', { amount: '10.00', method: 'CASH', feeIds: ['f10'] }],
  ['14T11', 'TransferFees', 't2', { fees: [{ feeId: 'f10' }] }],
  ['14T12', 'CancelFee', 'x2', { feeId: 'f10' }],
  ['14T13', 'TransferFees', 't3', { credits: [{ creditId: 'x2#1' }] }],
  // A fee that was cancelled there.
  fee('15T09', 'f11', 'OTHER', '5.00', 'MAIN', { loanId: 'l8' }),
  ['15T10', 'TransferFees', 't4', { fees: [{ feeId: 'f11' }] }],
  ['15T11', 'CancelFee', 'x3', { feeId: 'f11' }],
  ['15T12', 'TransferFees', 't5', { credits: [{ creditId: 'x3#1' }] }],
];

/** Loans with two lost fees each, a payment with two rates of tax, the higher one first, and credits sent out in parts. */
const several: readonly Asked[] = [
  fee('01T09', 'd1', 'DAMAGE', '11.90', 'MAIN'),
  fee('01T10', 'o1', 'OTHER', '10.70', 'MAIN'),
  [
    '01T11',
    'ReceivePayment',
    'p1',
    {
      ...{ amount: '22.60', method: 'CASH' },
      allocations: [
        { feeId: 'd1', amount: '11.90' },
        { feeId: 'o1', amount: '10.70' },
      ],
    },
  ],
  // One of two is settled; both are settled and one is paid.
  fee('02T09', 'l1', 'LOST', '10.00', 'MAIN', { loanId: 'l1' }),
  fee('02T10', 'l2', 'LOST', '10.00', 'MAIN', { loanId: 'l1' }),
  ['02T11', 'ReceivePayment', 'p2', { amount: '10.00', method: 'CASH', feeIds: ['l1'] }],
  fee('02T12', 'l3', 'LOST', '10.00', 'MAIN', { loanId: 'l2' }),
  fee('02T13', 'l4', 'LOST', '10.00', 'MAIN', { loanId: 'l2' }),
  ['02T14', 'ReceivePayment', 'p3', { amount: '10.00', method: 'CASH', feeIds: ['l3'] }],
  ['02T15', 'WaiveFees', 'w1', { fees: [{ feeId: 'l4' }], reason: 'GRACE' }],
  // All of a transfer comes back as credits of two cancellations, sent one after the other.
  fee('03T09', 't1', 'OTHER', '5.00', 'MAIN', { loanId: 'l3' }),
  ['03T10', 'TransferFees', 's1', { fees: [{ feeId: 't1' }] }],
  ['03T11', 'CancelFee', 'x1', { feeId: 't1', amount: '2.00' }],
  ['03T12', 'TransferFees', 's2', { credits: [{ creditId: 'x1#1' }] }],
  ['03T13', 'CancelFee', 'x2', { feeId: 't1', amount: '3.00' }],
  ['03T14', 'TransferFees', 's3', { credits: [{ creditId: 'x2#1' }] }],
];

const noMetadata = ({ metadata: _, ...event }: AccountEvent) => event as AccountEvent;

/** Returns the events of commands; one that is refused is a mistake here. */
function eventsOf(list: readonly Asked[]): readonly AccountEvent[] {
  const usual = definePolicy(policy);
  // `f8` was charged while the policy had its type, and a credit was taken over for a reason that it had.
  const former = definePolicy({
    ...policy,
    feeTypes: { ...policy.feeTypes, OLD: { label: 'Old' } },
    waiveReasons: { OLD: 'Old' },
    paymentMethods: { OTHER: 'Other' },
  });
  const events: AccountEvent[] = [];
  for (const [day, type, id, fields] of list) {
    const command = { type, id, at: `2026-03-${day}:00:00-05:00`, ...fields } as Command;
    const account = fold(events);
    const decision = decide(command, account, usual);
    const chosen = decision.accepted ? decision : decide(command, account, former);
    if (!chosen.accepted) throw new Error(`${id}: ${JSON.stringify(chosen.rejection)}`);
    events.push(...chosen.events.map(noMetadata));
  }
  return events;
}

/** Everything that a filter names, alone and together, with ids instead of rows. */
const filters: readonly object[] = [
  ...['active', 'disputed', 'transferred', 'closed', 'all', ['disputed', 'closed'], []].map((status) => ({
    status,
  })),
  ...['OTHER', 'CREDIT', ['LOST', 'FINE'], [], 'NONE'].map((type) => ({ type, status: 'all' })),
  ...['MAIN', ['LAW'], []].map((owner) => ({ owner, status: 'all' })),
  ...['i1', 'b1', 'b2', 'none'].map((item) => ({ item, status: 'all' })),
  { from: '2026-03-02T12:00:00-05:00', status: 'all' },
  { before: '2026-03-02T17:00:00Z', status: 'all' },
  { from: '2026-03-02T14:00:00Z', before: '2026-03-03T09:00:00-05:00' },
  { owner: 'MAIN', type: 'OTHER', status: ['active', 'disputed'] },
  ...sortColumns.flatMap((column) =>
    [undefined, true].map((descending) => ({
      status: 'all',
      sort: { by: column, ...(descending && { descending }) },
    })),
  ),
  ...[{ offset: 2 }, { limit: 3 }, { offset: 1, limit: 2 }, { offset: 99 }, { limit: 0 }, {}].map((page) => ({
    page,
  })),
  { sort: { by: 'remaining', descending: true }, page: { offset: 1, limit: 3 } },
  ...[
    { status: 'open' },
    { type: 1 },
    { item: 5 },
    { from: 'yesterday' },
    { before: '2026-03-02' },
    { sorted: 'at' },
  ],
  ...[
    { sort: { by: 'amount' } },
    { sort: { by: 'at', descending: 1 } },
    { page: { limit: -1 } },
    { page: { offset: 0.5 } },
  ],
];

/** Questions about the account with something of every kind. */
const asked: readonly ViewAsked[] = [
  ['summary'],
  ['transactionLabels'],
  ['finesAndFees', { status: 'all' }],
  ...filters.map((filter): ViewAsked => ['filtered', filter]),
  ...[
    'f1',
    'f2',
    'f3',
    'f4',
    'f6',
    'fine',
    'c1',
    'c2',
    'w1',
    'w4',
    'l1#1',
    'p2#1',
    'none',
    '',
    undefined,
  ].map((id): ViewAsked => ['transactions', { id }]),
  ...[
    { id: 'f1', audience: 'staff' },
    { id: 'f1', audience: 'anyone' },
    { id: 'f1', labels: {} },
  ].map((options): ViewAsked => ['transactions', options]),
  ...['p1', 'p2', 'p3', 'p4', 'none', 7].map((paymentId): ViewAsked => ['receipt', { paymentId }]),
  ...['l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7', 'none', 7].map(
    (loanId): ViewAsked => ['feesOfLoan', { loanId }],
  ),
  ...['student', 'staff', 'child', 'toString', 7].map(
    (group): ViewAsked => ['blocks', { group, on: '2026-04-02' }],
  ),
  ...['2026-03-31', '2026-04-30', '2026-05-01', '2026-02-30', undefined].map(
    (on): ViewAsked => ['blocks', { group: 'student', on }],
  ),
  ['payableOnline'],
  ...['2026-03-31', '2026-04-01', '2026-05-01', '2026-02-30'].map(
    (on): ViewAsked => ['paymentPlans', { on }],
  ),
  ['paymentPlan', { planId: 'n1', on: '2026-04-30' }],
  ['paymentPlan', { planId: 'none', on: '2026-04-30' }],
  [
    'activityReport',
    {
      at: '2026-04-02T09:00:00Z',
      patron: { name: 'Dana Verma', barcode: '123' },
      loans: [
        { title: 'Late', dueAt: '2026-04-01T09:00:00Z', library: 'MAIN' },
        { title: 'Due now', dueAt: '2026-04-02T09:00:00Z' },
        { title: 'No date', barcode: 'b9' },
      ],
      libraryNames: { MAIN: 'Main Library' },
    },
  ],
  ['activityReport', { at: '2026-04-02', patron: { name: 'Dana' }, loans: [] }],
];

const takesOptions = (name: string) =>
  !['summary', 'transactionLabels', 'payableOnline', 'household', 'finesAndFees'].includes(name);
const optionNames = ['id', 'audience', 'labels', 'paymentId', 'loanId', 'group', 'on', 'planId'];

/** Returns views of accounts: of one with everything, of several, and of one on which nothing was ever charged. */
export function viewCalls(): readonly CallVector[] {
  const events = eventsOf(commands);
  const child = eventsOf([
    fee('01T09', 'f1', 'OTHER', '4.00', 'KIDS', { item: { title: 'Bear' }, loanId: 'l1' }),
    ...commands.filter(([, , id]) => id === 'c1'),
  ]);
  const yen: readonly AccountEvent[] = [
    {
      type: 'FeeAssessed',
      data: {
        feeId: 'y1',
        feeType: 'FINE',
        amount: '500',
        currency: 'JPY',
        owner: 'EAST',
        at: '2026-03-01T09:00:00Z',
      },
    },
  ];
  const short = {
    ...policy,
    blockLimits: {},
    onlinePayments: { method: 'CASH', accruing: true, shortfallFee: { feeType: 'FINE', owner: 'MAIN' } },
  };
  const report = { at: '2026-03-02T09:00:00Z', patron: { name: 'Dana' }, loans: [] };
  const creditFee = eventsOf([
    fee('01T09', 'f1', 'OTHER', '4.00', 'KIDS'),
    ['01T10', 'IssueCredit', 'c1', { amount: '1.00', cause: 'manual', reason: 'GOODWILL' }],
    [
      '01T11',
      'AgreePaymentPlan',
      'n1',
      { feeIds: ['f1'], instalments: [{ dueOn: '2026-04-01', amount: '4.00' }] },
    ],
  ]).map((event) =>
    event.type === 'FeeAssessed'
      ? ({ ...event, data: { ...event.data, feeType: 'CREDIT' } } as AccountEvent)
      : event,
  );
  return [
    answer('views', [events], policy, asked),
    answer('views', [events.slice(0, 9)], short, [['payableOnline'], ['blocks', { group: 'student' }]]),
    answer('views', [events.slice(0, 3)], { ...policy, onlinePayments: false }, [['payableOnline']]),
    // Limits for groups of which the patron's is none; a fee type that is called as the rows of credits are.
    answer('views', [events.slice(0, 1)], { ...policy, blockLimits: { staff: [], child: [] } }, [
      ['blocks', { group: 'student', on: '2026-04-02' }],
    ]),
    ...['Guthaben', 'CREDIT'].map((label) =>
      answer('views', [creditFee], { ...policy, feeTypes: { ...policy.feeTypes, CREDIT: { label } } }, [
        ['finesAndFees', { status: 'all' }],
        ['paymentPlan', { planId: 'n1', on: '2026-04-30' }],
      ]),
    ),
    answer('views', [[]], policy, [
      ...[['summary'], ['finesAndFees'], ['payableOnline'], ['paymentPlans', { on: '2026-03-02' }]],
      ...[
        ['feesOfLoan', { loanId: 'l1' }],
        ['blocks', { group: 'student', on: '2026-03-02' }],
      ],
      ['activityReport', { at: '2026-03-02T09:00:00Z', patron: { name: 'Dana' }, loans: [] }],
    ]),
    answer('views', [events.slice(0, 2), child], policy, [
      ...[['household'], ['householdFees', { status: 'all', sort: { by: 'at', descending: true } }]],
      ...[
        ['householdFees', { owner: 'KIDS', page: { limit: 1 } }],
        ['feesOfLoan', { loanId: 'l1' }],
      ],
      ...[
        ['blocks', { group: 'student', on: '2026-03-02' }],
        ['networkActivity', { page: { offset: 1, limit: 1 } }],
      ],
      ['activityReport', { at: '2026-03-02T09:00:00Z', patron: { name: 'Verma' }, loans: [] }],
    ]),
    answer('views', [events.slice(0, 1), yen, []], policy, [
      ...[['household'], ['networkActivity'], ['networkActivity', { sort: { by: 'owner' } }]],
      ['blocks', { group: 'student', on: '2026-03-02' }],
      ['feesOfLoan', { loanId: 'l1' }],
    ]),
    answer('views', [], policy, [['household'], ['networkActivity'], ['activityReport', report]]),
    answer('views', [events, events], policy, [
      ['networkActivity'],
      ['household', { patronIds: ['p1', 'p1'] }],
    ]),
    answer('views', [events, yen], policy, [['activityReport', report], ['householdFees']]),
    answer('views', [child, child], policy, [['household', { patronIds: ['p1', ''] }]]),
    // A patron who owes 4.00 in all.
    answer(
      'views',
      [child.slice(0, 1)],
      {
        ...policy,
        blockLimits: {
          '*': ['3.99', '4.00', '4.01'].flatMap((amount) =>
            [true, false].map((limitItselfBlocks) => ({ amount, limitItselfBlocks })),
          ),
        },
      },
      [['blocks', { group: 'child', on: '2026-04-02' }]],
    ),
    // Options that no view has, of every view.
    answer('views', [child], policy, [
      ...viewNames
        .filter(takesOptions)
        .flatMap((name) =>
          [
            null,
            5,
            'x',
            [],
            {},
            { note: 1 },
            Object.fromEntries(optionNames.map((option) => [option, {}])),
          ].map((options): ViewAsked => [name, options]),
        ),
    ]),
    answer('views', [eventsOf(several)], policy, [
      ['receipt', { paymentId: 'p1' }],
      ...['l1', 'l2', 'l3'].map((loanId): ViewAsked => ['feesOfLoan', { loanId }]),
    ]),
    answer('views', [eventsOf(several.slice(0, -1))], policy, [['feesOfLoan', { loanId: 'l3' }]]),
  ];
}
