import type { FeePolicyInput } from '../../src/index.js';
import { permittedCommands } from '../../src/policy/permissions.js';

/** A command without its time. */
type Asked = { readonly type: string; readonly [field: string]: unknown };

/** A corner case: its policy, and commands, several of which may be given as a list that is decided as a whole. */
export type CornerCase = {
  readonly policy?: Omit<FeePolicyInput, 'currency'>;
  /** The policy of the last command, if it changed since. */
  readonly later?: Omit<FeePolicyInput, 'currency'>;
  readonly given?: readonly object[];
  readonly steps: readonly (Asked | readonly Asked[])[];
};

const fee = (id: string, amount: string, feeType = 'OTHER', more: object = {}): Asked => ({
  type: 'AssessFee',
  ...{ id, feeType, amount, owner: 'MAIN' },
  ...more,
});
const lost = (id: string, amount: string, more: object = {}) =>
  fee(id, amount, 'LOSTITEMREPLACEMENTFEE', more);
const pay = (id: string, amount: string, more: object = {}): Asked => ({
  type: 'ReceivePayment',
  ...{ id, amount, method: 'CASH' },
  ...more,
});
const online = (id: string, amount: string, more: object = {}) =>
  pay(id, amount, { method: 'ONLINE', externalTransactionId: 'x1', ...more });
const waive = (id: string, feeId: string, amount?: string): Asked => ({
  type: 'WaiveFees',
  ...{ id, reason: 'OTHER' },
  fees: [{ feeId, ...(amount && { amount }) }],
});
const send = (id: string, feeId: string, amount?: string): Asked => ({
  type: 'TransferFees',
  id,
  fees: [{ feeId, ...(amount && { amount }) }],
});
const grow = (id: string, total: string, more: object = {}): Asked => ({
  type: 'AccrueFine',
  ...{ id, feeId: 'fine', feeType: 'OVERDUEFINE', owner: 'MAIN' },
  ...(total !== '' && { total }),
  ...more,
});
const one = (type: string, id: string, more: object): Asked => ({ type, id, ...more });
const cancel = (id: string, feeId: string, amount?: string) =>
  one('CancelFee', id, { feeId, ...(amount && { amount }) });
const goodwill = (id: string, amount: string) =>
  one('IssueCredit', id, { amount, cause: 'manual', reason: 'GOODWILL' });
const refunded = (id: string, creditId: string, amount: string, more: object = {}) =>
  one('RefundCredit', id, { creditId, amount, method: 'ONLINE', externalTransactionId: 're1', ...more });
const returned = (id: string, feeId: string) => one('ReturnLostItem', id, { feeIds: [feeId] });
const reverse = (id: string, paymentId: string, more: object = {}) =>
  one('ReversePayment', id, { paymentId, ...more });
const plan = (id: string, feeId: string, ...amounts: string[]) =>
  one('AgreePaymentPlan', id, {
    feeIds: [feeId],
    instalments: amounts.map((amount, index) => ({ dueOn: `2026-0${4 + index}-01`, amount })),
  });

const settling = { transfers: { expectsSettlement: true } };
const keeping: CornerCase['policy'] = { overpayment: 'credit' };
const half: CornerCase['policy'] = {
  unpaidOnReturn: 'all',
  feeTypes: {
    OTHER: { label: 'Other' },
    LOSTITEMREPLACEMENTFEE: { label: 'Lost', lostItem: true, refundPercent: 50 },
  },
};
const limited: CornerCase['policy'] = { accrualLimits: { OVERDUEFINE: '6.00' } };
const shortfallFee = { feeId: 'short', feeType: 'OTHER', owner: 'MAIN' };
const merged = [{ type: 'AccountMerged', data: { mergeId: 'm1', into: 'twin' } }];

/** The corner cases of docs/concepts/corner-cases.md, by what is bold there. */
export const cornerCases: Readonly<Record<string, CornerCase>> = {
  'A lost-item fee that is waived in full stays in the active list': {
    steps: [
      lost('f1', '60'),
      waive('w1', 'f1'),
      one('DisputeFee', 'd1', { feeId: 'f1' }),
      pay('p1', '5'),
      one('ApplyCredit', 'a1', { creditId: 'w1' }),
    ],
  },
  '`ReverseWaiver` takes the `creditId`': {
    steps: [lost('f1', '60'), waive('w1', 'f1', '20'), one('ReverseWaiver', 'r1', { waiverId: 'w1' })],
  },
  'A waiver of a type that the policy no longer has is refused': {
    later: { feeTypes: { NEW: { label: 'New' } } },
    steps: [fee('f1', '5'), waive('w1', 'f1')],
  },
  'With overpayment `credit`, a payment never fails for its amount.': {
    policy: keeping,
    steps: [
      fee('f1', '5'),
      fee('f2', '5'),
      one('DisputeFee', 'd1', { feeId: 'f2' }),
      pay('p1', '5', { feeIds: ['f2'] }),
      pay('p2', '9', { allocations: [{ feeId: 'f1', amount: '9' }] }),
    ],
  },
  "A provider's id stays recorded": {
    later: { paymentMethods: { CASH: 'Cash' } },
    steps: [
      fee('f1', '5'),
      online('p1', '5'),
      reverse('r1', 'p1'),
      online('p2', '5'),
      online('p3', '4'),
      online('p4', '5'),
    ],
  },
  'Without a total, a part is refused if it could repeat another one': {
    steps: [
      fee('f1', '5'),
      fee('f2', '5'),
      online('p1', '4', { feeIds: ['f1'] }),
      online('p2', '4'),
      online('p3', '3'),
      online('p4', '4', { feeIds: ['f2'] }),
      online('p5', '1', { part: 'rest' }),
    ],
  },
  'With a total, a part may be recorded with less than its amount': {
    steps: [
      fee('f1', '5'),
      fee('f2', '5'),
      online('p1', '4', { feeIds: ['f1'], externalTransactionTotal: '7' }),
      online('p2', '5', { feeIds: ['f2'], externalTransactionTotal: '7' }),
      online('p3', '5', { feeIds: ['f1', 'f2'], externalTransactionTotal: '7' }),
    ],
  },
  'A total that is less than what is recorded is refused': {
    steps: [
      fee('f1', '9'),
      fee('f2', '5'),
      online('p1', '5', { feeIds: ['f1'] }),
      online('p2', '3', { feeIds: ['f2'], externalTransactionTotal: '4' }),
    ],
  },
  'A cancelled overpayment credit is withdrawn last': {
    policy: keeping,
    steps: [
      fee('f1', '5'),
      pay('p1', '8'),
      one('CancelCredit', 'x1', { creditId: 'p1#1' }),
      reverse('r1', 'p1', { amount: '6' }),
      reverse('r2', 'p1'),
    ],
  },
  'Refunds and payments do not share ids.': {
    policy: keeping,
    steps: [
      fee('f1', '5'),
      online('p1', '8'),
      one('RefundCredit', 'b1', {
        creditId: 'p1#1',
        amount: '2',
        method: 'ONLINE',
        externalTransactionId: 'x1',
      }),
      one('RefundCredit', 'b2', {
        creditId: 'p1#1',
        amount: '2',
        method: 'ONLINE',
        externalTransactionId: 'x1',
      }),
      one('RefundCredit', 'b3', {
        creditId: 'p1#1',
        amount: '1',
        method: 'ONLINE',
        externalTransactionId: 'x1',
      }),
    ],
  },
  'A refund that was undone cannot be reported again': {
    policy: keeping,
    steps: [
      pay('p1', '8'),
      one('RefundCredit', 'b1', {
        creditId: 'p1#1',
        amount: '2',
        method: 'ONLINE',
        externalTransactionId: 're1',
        externalTransactionTotal: '2',
      }),
      one('ReverseRefund', 'r1', { refundId: 'b1' }),
      one('RefundCredit', 'b2', {
        creditId: 'p1#1',
        amount: '2',
        method: 'ONLINE',
        externalTransactionId: 're1',
        externalTransactionTotal: '2',
      }),
    ],
  },
  'A transfer of a fee with a reserved credit applies the credit first': {
    steps: [lost('f1', '60'), waive('w1', 'f1', '20'), send('t1', 'f1')],
  },
  'A settlement above the transferred amount of a fee': {
    policy: settling,
    steps: [
      fee('f1', '5'),
      send('t1', 'f1'),
      one('SettleTransfer', 's1', { transferId: 't1', amount: '7' }),
      one('IssueCredit', 'c1', { amount: '3', cause: 'imported' }),
      one('TransferFees', 't2', { credits: [{ creditId: 'c1' }] }),
      one('SettleTransfer', 's2', { transferId: 't2', amount: '4' }),
    ],
  },
  'A minimum age counts days of 24 hours': {
    policy: { transfers: { fees: { minimumAgeDays: 1 } } },
    steps: [
      fee('f1', '5', 'OTHER', { at: '2026-03-07T12:00:00-05:00' }),
      one('TransferFees', 't1', { eligible: { fees: {} }, at: '2026-03-08T12:59:59-04:00' }),
      one('TransferFees', 't2', { eligible: { fees: {} }, at: '2026-03-08T13:00:00-04:00' }),
    ],
  },
  'A transfer of "all that is eligible" is refused if nothing is eligible': {
    steps: [one('TransferFees', 't1', { eligible: { fees: {} } })],
  },
  '`patronUpheld` requires a remedy': {
    steps: [
      fee('f1', '5'),
      one('DisputeFee', 'd1', { feeId: 'f1' }),
      one('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'patronUpheld' }),
      one('ResolveDispute', 'e2', { feeId: 'f1', outcome: 'patronUpheld', remedy: 'cancel' }),
    ],
  },
  'A fee that closes keeps its dispute': {
    steps: [
      fee('f1', '5'),
      one('DisputeFee', 'd1', { feeId: 'f1' }),
      waive('w1', 'f1'),
      one('ReverseWaiver', 'r1', { waiverId: 'w1' }),
      pay('p1', '5'),
    ],
  },
  'A credit reserved for a disputed fee is disputed too': {
    steps: [
      lost('f1', '60'),
      waive('w1', 'f1', '20'),
      one('DisputeFee', 'd1', { feeId: 'f1' }),
      one('ApplyCredit', 'a1', { creditId: 'w1' }),
      one('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'libraryUpheld' }),
      one('ApplyCredit', 'a2', { creditId: 'w1' }),
    ],
  },
  'Returning a loan returns its fees that were not returned yet.': {
    steps: [
      lost('f1', '60', { loanId: 'l1' }),
      lost('f2', '10', { loanId: 'l1' }),
      returned('b1', 'f1'),
      one('ReturnLostItem', 'b2', { loanId: 'l1' }),
      one('ReturnLostItem', 'b3', { loanId: 'l1' }),
    ],
  },
  "`unpaidOnReturn: 'all'` forgives what is owed at any percentage": {
    policy: {
      unpaidOnReturn: 'all',
      feeTypes: { LOSTITEMREPLACEMENTFEE: { label: 'Lost', lostItem: true, refundPercent: 0 } },
    },
    steps: [lost('f1', '60'), pay('p1', '20'), returned('b1', 'f1')],
  },
  'A fee of a type that the policy no longer has is refused': {
    later: { feeTypes: { NEW: { label: 'New' } } },
    steps: [lost('f1', '60'), returned('b1', 'f1')],
  },
  'A credit of the return that staff cancelled counts as given': {
    policy: half,
    steps: [
      lost('f1', '60'),
      pay('p1', '40'),
      returned('b1', 'f1'),
      one('CancelCredit', 'x1', { creditId: 'b1#2' }),
      one('CancelCredit', 'x2', { creditId: 'b1#1' }),
      reverse('r1', 'p1'),
    ],
  },
  "A recall uses up the return's external credits before those of a cancellation": {
    policy: settling,
    steps: [
      lost('f1', '60'),
      send('t1', 'f1'),
      cancel('x1', 'f1', '20'),
      returned('b1', 'f1'),
      one('RecallTransfer', 'r1', { transferId: 't1', amount: '40' }),
    ],
  },
  'What was paid in an external system is not waived there': {
    policy: settling,
    steps: [
      fee('f1', '10'),
      send('t1', 'f1'),
      one('SettleTransfer', 's1', { transferId: 't1', amount: '4' }),
      waive('w1', 'f1', '7'),
      waive('w2', 'f1'),
      waive('w3', 'f1'),
      one('RecallTransfer', 'r1', { transferId: 't1' }),
    ],
  },
  'A return cannot be undone.': {
    steps: [lost('f1', '60'), returned('b1', 'f1'), returned('b2', 'f1'), lost('f2', '60')],
  },
  'A fee that is cancelled in part after the return': {
    policy: half,
    steps: [lost('f1', '60'), pay('p1', '60'), returned('b1', 'f1'), cancel('x1', 'f1', '10')],
  },
  'Money that was handed out is no charge.': {
    steps: [
      fee('f1', '10'),
      pay('p1', '10'),
      cancel('x1', 'f1'),
      one('RefundCredit', 'b1', { creditId: 'x1#1', method: 'CASH' }),
      reverse('r1', 'p1'),
      cancel('x2', 'f1'),
      one('DisputeFee', 'd1', { feeId: 'f1' }),
      one('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'patronUpheld', remedy: 'cancel' }),
      waive('w1', 'f1', '3'),
      pay('p2', '7', { feeIds: ['f1'] }),
    ],
  },
  'Waivers, goodwill and a transfer that cover such money stay when the fee is cancelled in full': {
    policy: half,
    steps: [
      lost('f1', '10'),
      pay('p1', '10'),
      returned('b1', 'f1'),
      one('RefundCredit', 'c1', { creditId: 'b1#1', method: 'CASH' }),
      reverse('r1', 'p1'),
      waive('w1', 'f1'),
      cancel('x1', 'f1'),
    ],
  },
  'A fee for a shortfall has no tax': {
    policy: { overpayment: 'credit', feeTypes: { OTHER: { label: 'Other', vatPercent: 19 } } },
    steps: [
      fee('f1', '5'),
      pay('p1', '8'),
      one('RefundCredit', 'b1', { creditId: 'p1#1', method: 'CASH' }),
      reverse('r1', 'p1', { shortfallFee }),
    ],
  },
  'A fee is cancelled in full if the command names no amount.': {
    steps: [
      fee('f1', '5'),
      goodwill('c1', '2'),
      one('ApplyCredit', 'a1', { creditId: 'c1' }),
      cancel('x1', 'f1', '1'),
      cancel('x2', 'f1'),
    ],
  },
  'A fee that is cancelled in full, or whose dispute is upheld with `cancel`, has no waivers left': {
    steps: [
      fee('f1', '5'),
      waive('w1', 'f1', '2'),
      cancel('x1', 'f1'),
      one('ReverseWaiver', 'r1', { waiverId: 'w1' }),
      fee('f2', '5'),
      waive('w2', 'f2', '2'),
      one('DisputeFee', 'd1', { feeId: 'f2' }),
      one('ResolveDispute', 'e1', { feeId: 'f2', outcome: 'patronUpheld', remedy: 'cancel' }),
      one('ReverseWaiver', 'r2', { waiverId: 'w2' }),
    ],
  },
  'A fee that is cancelled in part keeps its reserved credits.': {
    steps: [lost('f1', '60'), waive('w1', 'f1', '20'), cancel('x1', 'f1', '10'), cancel('x2', 'f1')],
  },
  'The use of a credit that would be applied again at once cannot be undone': {
    steps: [
      fee('f1', '20'),
      pay('p1', '10'),
      cancel('x1', 'f1'),
      reverse('r1', 'p1'),
      one('ReverseCreditApplication', 'u1', { applicationId: 'r1#1' }),
    ],
  },
  'Goodwill that was applied to a fee is returned when the fee is cancelled in full': {
    steps: [
      fee('f1', '5'),
      fee('f2', '5'),
      goodwill('c1', '8'),
      one('ApplyCredit', 'a1', { creditId: 'c1' }),
      cancel('x1', 'f1'),
    ],
  },
  'The amount of `FeeCancelled` is zero': {
    steps: [
      fee('f1', '5'),
      pay('p1', '5'),
      cancel('x1', 'f1'),
      fee('f2', '5'),
      send('t1', 'f2'),
      cancel('x2', 'f2'),
    ],
  },
  '`AccrueFine` compares the total with what accrual has charged so far': {
    steps: [grow('n1', '5'), waive('w1', 'fine', '2'), pay('p1', '3'), grow('n2', '6'), grow('n3', '6')],
  },
  'A fine may stay above a lower total': {
    steps: [grow('n1', '10'), waive('w1', 'fine', '8'), grow('n2', '4')],
  },
  'A total of 4.00 after 10.00 were paid, then 10.00 again': {
    steps: [grow('n1', '10'), pay('p1', '10'), grow('n2', '4'), grow('n3', '10')],
  },
  'A fine stands at its last total, or at what was charged if that is less.': {
    policy: limited,
    steps: [
      grow('n1', '10'),
      waive('w1', 'fine'),
      grow('n2', '4'),
      grow('n3', '', { ends: 'returned' }),
      one('ReverseWaiver', 'r1', { waiverId: 'w1' }),
    ],
  },
  'Goodwill that was used on a fine is not given back when the fine falls': {
    steps: [
      grow('n1', '10'),
      goodwill('c1', '8'),
      one('ApplyCredit', 'a1', { creditId: 'c1' }),
      grow('n2', '4'),
    ],
  },
  'No event is stored if a limit allows no increase': {
    policy: limited,
    steps: [
      fee('f1', '6', 'OVERDUEFINE'),
      grow('n1', '2'),
      grow('n2', '', { ends: 'returned', feeId: 'none' }),
      pay('p1', '6'),
      grow('n3', '2'),
    ],
  },
  '`AccrualEnded` stores the total of the command': {
    policy: limited,
    steps: [
      grow('n1', '9', { ends: 'returned' }),
      grow('n2', '9', { ends: 'returned' }),
      grow('n3', '8', { ends: 'returned' }),
    ],
  },
  'After the end, any other total is refused.': {
    steps: [
      grow('n1', '5', { ends: 'renewed', at: '2026-03-05T09:00:00Z' }),
      grow('n2', '6', { at: '2026-03-06T09:00:00Z' }),
      grow('n3', '5', { at: '2026-03-06T09:00:00Z' }),
      grow('n4', '4', { ends: 'returned', at: '2026-03-04T09:00:00Z' }),
      grow('n4', '4', { ends: 'returned', at: '2026-03-04T09:00:00Z', by: { channel: 'job' } }),
    ],
  },
  'A fine stops growing when a dispute ends because the patron was right': {
    steps: [
      grow('n1', '5'),
      one('DisputeFee', 'd1', { feeId: 'fine' }),
      grow('n2', '6'),
      one('ResolveDispute', 'e1', { feeId: 'fine', outcome: 'patronUpheld', remedy: 'waive' }),
      grow('n3', '7'),
    ],
  },
  'The paid amount of a plan is the decrease of what is owed on its fees': {
    steps: [
      fee('f1', '9'),
      plan('n1', 'f1', '4', '5'),
      waive('w1', 'f1', '3'),
      pay('p1', '2'),
      cancel('x1', 'f1', '1'),
    ],
  },
  '`fulfilled` is not stored.': {
    steps: [
      fee('f1', '9'),
      plan('n1', 'f1', '4', '5'),
      pay('p1', '9'),
      one('EndPaymentPlan', 'e1', { planId: 'n1', cause: 'cancelled' }),
      reverse('r1', 'p1'),
      one('EndPaymentPlan', 'e2', { planId: 'n1', cause: 'defaulted' }),
    ],
  },
  'The amount behind can exceed the instalments due': {
    steps: [fee('f1', '9'), pay('p1', '3'), plan('n1', 'f1', '2', '4'), reverse('r1', 'p1')],
  },
  'A fee of a plan may be disputed.': {
    steps: [
      fee('f1', '9'),
      plan('n1', 'f1', '4', '5'),
      one('DisputeFee', 'd1', { feeId: 'f1' }),
      pay('p1', '4'),
    ],
  },
  'A bounced payment may still charge a shortfall fee': {
    policy: keeping,
    given: [
      {
        type: 'FeeAssessed',
        data: { feeId: 'f1', feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN' },
      },
      {
        type: 'PaymentReceived',
        data: {
          ...{ paymentId: 'p1', amount: '8.00', currency: 'USD', method: 'CHECK' },
          allocations: [{ feeId: 'f1', amount: '5.00' }],
          overpayment: { creditId: 'p1#1', amount: '3.00' },
        },
      },
      {
        type: 'CreditRefunded',
        data: { refundId: 'b1', creditId: 'p1#1', amount: '3.00', currency: 'USD', method: 'CASH' },
      },
      ...merged,
    ],
    steps: [
      fee('f2', '5'),
      goodwill('c1', '5'),
      plan('n1', 'f1', '5'),
      reverse('r1', 'p1', { shortfallFee }),
    ],
  },
  'A command is refused if an id derived from its id is already used': {
    policy: keeping,
    steps: [fee('p1#1', '5'), pay('p1', '8'), pay('p2', '8')],
  },
  'A command that is accepted without events does not use up its id.': {
    steps: [grow('n1', '5'), grow('n2', '5'), fee('n2', '3')],
  },
  'A list of commands': {
    steps: [
      [fee('f1', '5'), pay('p1', '5')],
      [fee('f2', '5'), pay('p2', '6'), fee('f3', '5')],
    ],
  },
  'A longer text in a command is refused': {
    steps: [
      fee('f1', '5', 'OTHER', { comment: 'x'.repeat(10_001) }),
      fee('f1', '5', 'OTHER', { comment: 'x'.repeat(10_000) }),
    ],
  },
  "With `unpaidOnReturn: 'all'`, cancelled money that was handed out before its payment bounced is owed here":
    {
      policy: { ...half, ...settling },
      steps: [
        lost('f1', '10'),
        pay('p1', '10'),
        cancel('x1', 'f1', '5'),
        one('RefundCredit', 'b1', { creditId: 'x1#1', method: 'CASH' }),
        reverse('r1', 'p1'),
        send('t1', 'f1', '4'),
        returned('b2', 'f1'),
        one('RecallTransfer', 'r2', { transferId: 't1' }),
      ],
    },
};

/** Corner cases of several accounts or of stored events, which a story of commands to one account cannot show. */
export const otherCornerCases: readonly string[] = [
  'A merge copies nothing.',
  'A merge takes effect when both accounts have recorded it.',
  'Of two merges in opposite directions, the one that the store recorded later is undone',
  'A merge that was undone keeps its id',
  'What is owed in other accounts is read just before a decision.',
  'A longer text that a pre-release stored is still read',
];

const strict: CornerCase['policy'] = {
  backdating: { days: 7 },
  approvals: { WaiveFees: { above: '5.00', roles: ['CHIEF'] } },
  onlinePayments: false,
  feeTypes: { OTHER: { label: 'Other' }, NOTED: { label: 'With a comment', commentRequired: true } },
  waiveReasons: { OTHER: 'Other', NOTED: { label: 'With a comment', commentRequired: true } },
};
const by = { channel: 'desk', userId: 'anna' };
const card = '4111 1111 1111 1111';
const plain = '4111111111111111';

/** Adds the digit with which a number passes the check of Luhn. */
function withCheckDigit(digits: string): string {
  const weighted = [...digits].reverse().map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1));
  const sum = weighted.reduce((total, part) => total + (part > 9 ? part - 9 : part), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** What a clerk may do up to 5.00, and charge and receive without a limit. */
const limits = Object.fromEntries([
  ...['AssessFee', 'ReceivePayment'].map((type) => [type, { CLERK: {} }]),
  ...[
    ...[
      'WaiveFees',
      'ReverseWaiver',
      'TransferFees',
      'IssueCredit',
      'CancelCredit',
      'ApplyCredit',
      'RefundCredit',
    ],
    ...['CancelFee', 'ReversePayment'],
  ].map((type) => [type, { CLERK: { upTo: '5.00' } }]),
]);

/** Every command for a fee or a credit, each by another user, with the credit that it is for. */
const done: readonly (readonly [step: Asked, creditId?: string])[] = [
  [lost('f1', '60')],
  [pay('p1', '20', { feeIds: ['f1'] })],
  [reverse('r1', 'p1', { amount: '5' })],
  [waive('w1', 'f1', '10')],
  [one('ReverseWaiver', 'r2', { waiverId: 'w1' })],
  [one('DisputeFee', 'd1', { feeId: 'f1' })],
  [one('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'feeStands' })],
  [plan('n1', 'f1', '45')],
  [one('EndPaymentPlan', 'n2', { planId: 'n1', cause: 'cancelled' })],
  [goodwill('c1', '5'), 'c1'],
  [one('ApplyCredit', 'a1', { creditId: 'c1', allocations: [{ feeId: 'f1', amount: '2' }] }), 'c1'],
  [one('ReverseCreditApplication', 'r3', { applicationId: 'a1' }), 'c1'],
  [send('t1', 'f1', '10')],
  [one('SettleTransfer', 's1', { transferId: 't1', amount: '4' })],
  [one('ReverseSettlement', 'r4', { settlementId: 's1', amount: '1' })],
  [one('RecallTransfer', 'r5', { transferId: 't1', amount: '1' })],
  [cancel('x1', 'f1', '30')],
  [one('IssueCredit', 'c2', { amount: '5', cause: 'imported', reason: 'GOODWILL' }), 'c2'],
  [one('RefundCredit', 'b1', { creditId: 'c2', amount: '1', method: 'CASH' }), 'c2'],
  [one('ReverseRefund', 'r6', { refundId: 'b1' }), 'c2'],
  [one('CancelCredit', 'k1', { creditId: 'c2', amount: '1' }), 'c2'],
  [pay('p2', '3', { allocations: [] }), 'p2#1'],
  [reverse('r7', 'p2', { amount: '1' }), 'p2#1'],
  [one('SettleTransfer', 's2', { transferId: 't1', amount: '9' }), 's2#1'],
  [one('ReverseSettlement', 'r8', { settlementId: 's2', amount: '1' }), 's2#1'],
  [fee('f2', '2')],
  [pay('p3', '2', { feeIds: ['f2'] })],
  [cancel('x2', 'f2'), 'x2#1'],
  [one('TransferFees', 't2', { credits: [{ creditId: 'x2#1', amount: '1' }] }), 'x2#1'],
];

/** Rejections and rules that random stories seldom have, by the name of the rejection or in a sentence. */
export const seldomRefused: Readonly<Record<string, CornerCase>> = {
  CommentRequired: {
    policy: strict,
    steps: [
      fee('f1', '5', 'NOTED', { by }),
      fee('f1', '5', 'NOTED', { by, comment: ' ' }),
      fee('f1', '5', 'NOTED', { by, comment: 'a torn page' }),
      { ...waive('w1', 'f1'), reason: 'NOTED' },
      { ...waive('w1', 'f1'), reason: 'NOTED', comment: '\t' },
      { ...waive('w1', 'f1'), reason: 'NOTED', comment: 'glued' },
    ],
  },
  ApprovalRequired: {
    policy: strict,
    steps: [
      fee('f1', '9'),
      { ...waive('w1', 'f1'), by },
      { ...waive('w1', 'f1'), by, approvedBy: { userId: 'anna', roles: ['CHIEF'] } },
      { ...waive('w1', 'f1'), by, approvedBy: { userId: 'berta', roles: ['CLERK'] } },
      { ...waive('w1', 'f1'), by, approvedBy: { userId: 'berta', roles: ['CHIEF'] } },
      { ...waive('w1', 'f1'), by, approvedBy: { userId: 'berta', roles: ['CHIEF'], upTo: '8.99' } },
      { ...waive('w1', 'f1'), by, approvedBy: { userId: ' Anna', roles: ['CHIEF'], upTo: '9' } },
      { ...waive('w2', 'f1', '5'), by },
      { ...waive('w1', 'f1', '4'), by, approvedBy: { userId: 'berta', roles: ['CHIEF'] } },
      fee('f2', '9'),
      { ...waive('w3', 'f2'), by, approvedBy: { userId: 'berta', roles: ['CHIEF'], upTo: '9' } },
    ],
  },
  SameUser: {
    policy: { duties: [['AssessFee', 'WaiveFees', 'CancelFee']] },
    steps: [
      fee('f1', '9', 'OTHER', { by }),
      { ...waive('w1', 'f1', '1'), by },
      { ...waive('w1', 'f1', '1'), by: { ...by, userId: ' Anna' } },
      { ...waive('w1', 'f1', '1'), by: { ...by, userId: 'berta' } },
      { ...cancel('x1', 'f1', '1'), by: { ...by, userId: 'berta' } },
      { ...waive('w2', 'f1', '1') },
      fee('f2', '9', 'OTHER', { by: { channel: 'job', userId: 'anna' } }),
      { ...waive('w3', 'f2', '1'), by },
    ],
  },
  'Every command for a fee or a credit is one of its duties': {
    policy: {
      ...keeping,
      ...settling,
      duties: [permittedCommands.filter((name) => name !== 'SecondUser' && name !== 'CloseReceiptSeries')],
    },
    steps: [
      ...done.map(([step], index) => ({ ...step, by: { ...by, userId: `u${index}` } })),
      // What a user did keeps that user from another command for the same fee or credit.
      ...done.flatMap(([{ type }, creditId], index) => {
        const user = { by: { ...by, userId: `u${index}` } };
        const [some, id] = [{ amount: '0.01' }, `z${index}`];
        if (creditId === undefined)
          return { ...(type === 'WaiveFees' ? cancel(id, 'f1', '1') : waive(id, 'f1', '1')), ...user };
        return type === 'CancelCredit'
          ? one('RefundCredit', id, { creditId, ...some, method: 'CASH', ...user })
          : one('CancelCredit', id, { creditId, ...some, ...user });
      }),
    ],
  },
  'A list with commands of a second user needs a permission of its own': {
    policy: {
      permissions: { AssessFee: { CLERK: {} }, WaiveFees: { CLERK: {} }, SecondUser: { CHIEF: {} } },
    },
    steps: [
      ['anna', 'anna'],
      ['berta', 'berta', 'anna'],
      ['anna', ' ANNA'],
      ['anna', undefined],
      ['anna', 'chief'],
    ].map((users, list) =>
      users.map((userId, index) => {
        const roles = userId === 'chief' ? ['CLERK', 'CHIEF'] : ['CLERK'];
        const actor = { channel: 'desk', ...(userId && { userId }), roles };
        return fee(`f${list}${index}`, '1', 'OTHER', { by: actor });
      }),
    ),
  },
  'A dispute that is upheld is a waiver or a cancellation': {
    policy: {
      duties: [
        ['AssessFee', 'WaiveFees'],
        ['DisputeFee', 'CancelFee'],
      ],
    },
    steps: [
      ...['f1', 'f2', 'f3'].flatMap((id) => [
        fee(id, '9', 'OTHER', { by }),
        one('DisputeFee', `d${id}`, { feeId: id, by: { ...by, userId: 'berta' } }),
      ]),
      ...['anna', 'berta'].flatMap((userId) =>
        (['waive', 'cancel', undefined] as const).map((remedy, index) =>
          one('ResolveDispute', `e${userId}${index}`, {
            feeId: `f${index + 1}`,
            outcome: remedy === undefined ? 'feeStands' : 'patronUpheld',
            ...(remedy && { remedy }),
            ...(remedy === 'waive' && { reason: 'OTHER' }),
            by: { ...by, userId },
          }),
        ),
      ),
    ],
  },
  TooFarBack: {
    policy: strict,
    steps: [
      fee('f1', '9', 'OTHER', { at: '2026-02-23T08:59:59Z' }),
      fee('f1', '9', 'OTHER', { at: '2026-02-23T09:00:00Z' }),
      fee('f2', '9', 'OTHER', { at: '2025-01-01T09:00:00Z', by: { channel: 'import' } }),
      { ...waive('w1', 'f1', '1'), at: '2026-01-01T09:00:00Z', by },
      { ...pay('p1', '1'), at: '2026-01-01T09:00:00Z', by },
      pay('p2', '1', { at: '2026-01-01T09:00:00Z', by: { channel: 'job' } }),
    ],
  },
  InTheFuture: {
    policy: strict,
    steps: [
      fee('f1', '9', 'OTHER', { at: '2026-03-02T09:15:01Z' }),
      fee('f1', '9', 'OTHER', { at: '2026-03-02T09:15:00Z' }),
      { ...waive('w1', 'f1', '1'), at: '2027-03-02T09:00:00Z', by },
      { ...cancel('x1', 'f1', '1'), at: '2027-03-02T09:00:00Z', by },
    ],
  },
  LooksLikeCardNumber: {
    steps: [
      fee('f1', '9', 'OTHER', { comment: `card ${card}` }),
      fee('f1', '9', 'OTHER', { staffNote: card.replaceAll(' ', '') }),
      fee('f1', '9', 'OTHER', { comment: 'item 31800712345678, 4111 1111 1111 1112' }),
      pay('p1', '1', { reference: card, by }),
      pay('p1', '1', { externalTransactionId: card.replaceAll(' ', '-'), by }),
      pay('p2', '1', { reference: card }),
      fee('f2', '9', 'OTHER', { comment: '5555-5555-5555-4444' }),
      fee('f2', '9', 'OTHER', { comment: '3782 822463 10005' }),
      fee('f2', '9', 'OTHER', { comment: 'no card: 1414141414141416 9454545454545456' }),
    ],
  },
  'What only looks like the number of a payment card': {
    steps: [
      ...[
        '5'.repeat(11),
        '5'.repeat(12),
        '5'.repeat(13),
        '5'.repeat(14),
        '5'.repeat(17),
        '5'.repeat(18),
        '5'.repeat(19),
      ],
      ...['1', '2', '3', '6', '7'].map((start) => start.padEnd(15, '0')),
      ...['5', '50', '59'].map((start) => start.padEnd(15, '9')),
    ]
      .map(withCheckDigit)
      .concat(
        [...'_a-.,'].flatMap((mark) => [
          `${plain}${mark}`,
          `${mark}${plain}`,
          `${plain}${mark}5`,
          `5${mark}${plain}`,
        ]),
      )
      .concat([
        `${plain} ${plain}`,
        `${plain}5`,
        `x ${plain} y`,
        '4111  1111 1111 1111',
        '4-1-1-1 1111 1111 1111',
      ])
      .map((comment, index) => fee(`f${index}`, '1', 'OTHER', { comment })),
  },
  OnlinePaymentsOff: {
    policy: strict,
    steps: [
      fee('f1', '9'),
      pay('p1', '1', { by: { channel: 'online', userId: 'patron' } }),
      pay('p1', '1', { by: { channel: 'selfCheck' } }),
      pay('p2', '2', { by: { channel: 'online' } }),
      pay('p1', '1', { by }),
    ],
  },
  CreditNotForfeitable: {
    policy: { overpayment: 'credit', forfeitAfterDays: 30 },
    steps: [
      pay('p1', '9'),
      one('CancelCredit', 'k1', { creditId: 'p1#1', forfeit: true }),
      one('CancelCredit', 'k1', { creditId: 'p1#1', forfeit: true, at: '2026-04-01T08:59:59Z' }),
      one('CancelCredit', 'k1', { creditId: 'p1#1', forfeit: true, amount: '4', at: '2026-04-01T09:00:00Z' }),
      one('CancelCredit', 'k2', { creditId: 'p1#1', forfeit: true, at: '2026-04-30T09:00:00Z' }),
      one('CancelCredit', 'k2', { creditId: 'p1#1', forfeit: true, at: '2026-05-01T09:00:00Z' }),
      one('CancelCredit', 'k3', { creditId: 'p1#1', forfeit: true, at: '2027-05-01T09:00:00Z' }),
    ],
  },
  ReasonUnknown: {
    steps: [
      one('IssueCredit', 'c1', { amount: '5', cause: 'manual' }),
      one('IssueCredit', 'c1', { amount: '5', cause: 'manual', reason: 'GOODWIL' }),
      goodwill('c1', '5'),
    ],
  },
  CreditPurposeForbids: {
    policy: { forfeitAfterDays: 30 },
    steps: [
      lost('f1', '60'),
      waive('w1', 'f1', '20'),
      one('CancelCredit', 'k1', { creditId: 'w1', forfeit: true, at: '2027-04-01T09:00:00Z' }),
      one('ReverseWaiver', 'u1', { waiverId: 'w1' }),
      one('ReverseWaiver', 'u2', { waiverId: 'w1' }),
      one('CancelCredit', 'k2', { creditId: 'w1' }),
      lost('f2', '60'),
      send('t1', 'f2'),
      waive('w2', 'f2', '20'),
      one('CancelCredit', 'k3', { creditId: 'w2', forfeit: true, at: '2027-04-01T09:00:00Z' }),
    ],
  },
  InstalmentsDoNotAddUp: {
    steps: [
      fee('f1', '9'),
      plan('n1', 'f1', '4', '4.99'),
      plan('n1', 'f1', '9.01'),
      plan('n1', 'f1', '4', '4', '4'),
      plan('n1', 'f1', '4', '5'),
    ],
  },
  ReversalAlreadySent: {
    steps: [
      lost('f1', '60'),
      send('t1', 'f1'),
      waive('w1', 'f1', '20'),
      one('TransferFees', 't2', { eligible: { credits: {} } }),
      one('RecallTransfer', 'r1', { transferId: 't1' }),
      one('RecallTransfer', 'r2', { transferId: 't1', amount: '50' }),
      one('RecallTransfer', 'r3', { transferId: 't1', amount: '40' }),
      one('RecallTransfer', 'r4', { transferId: 't1', amount: '20' }),
      one('RecallTransfer', 'r5', { transferId: 't2' }),
      one('RecallTransfer', 'r4', { transferId: 't1', amount: '20' }),
    ],
  },
  'A credit of a fee that was applied to the fee itself': {
    policy: half,
    steps: [
      lost('f1', '60'),
      pay('p1', '60'),
      cancel('x1', 'f1', '20'),
      reverse('r1', 'p1', { amount: '30' }),
      one('ApplyCredit', 'a1', { creditId: 'x1#1' }),
      returned('b1', 'f1'),
      reverse('r2', 'p1'),
    ],
  },
  'What is owed because more was given back than came in is not taken back': {
    steps: [
      grow('n1', '10'),
      pay('p1', '10'),
      grow('n2', '4'),
      one('RefundCredit', 'b1', { creditId: 'n2#1', method: 'CASH' }),
      reverse('r1', 'p1'),
      waive('w1', 'fine', '3'),
      grow('n3', '1'),
    ],
  },
  NotPermitted: {
    policy: { permissions: { ReceivePayment: { CLERK: {} }, AssessFee: { CHIEF: { upTo: '5.00' } } } },
    steps: [
      fee('f1', '5', 'OTHER', { by: { ...by, roles: ['CLERK'] } }),
      fee('f1', '5.01', 'OTHER', { by: { ...by, roles: ['CHIEF'] } }),
      fee('f1', '5', 'OTHER', { by: { ...by, roles: ['CLERK', 'CHIEF'] } }),
      fee('f2', '5', 'OTHER', { by: { ...by, roles: ['CLERK'] }, automatic: true }),
      fee('f3', '5', 'OTHER', { by: { channel: 'job' } }),
      fee('f4', '5', 'OTHER', { by: { channel: 'job' }, automatic: false }),
      fee('f5', '5', 'OTHER', { by: { channel: 'online', userId: 'emma' } }),
      pay('p0', '1', { by: { channel: 'online', userId: 'emma' } }),
      pay('p1', '1', { by: { ...by, roles: ['CHIEF'] } }),
      pay('p1', '1', { by: { ...by, roles: ['CLERK'] } }),
    ],
  },
  AccountMerged: {
    given: merged,
    steps: [fee('f1', '9'), goodwill('c1', '1'), grow('n1', '5'), plan('n2', 'f1', '9')],
  },
  'A permission up to an amount': {
    policy: { ...keeping, ...settling, permissions: limits },
    steps: [
      fee('f1', '9'),
      fee('f2', '9'),
      fee('f3', '9'),
      pay('p1', '17', { feeIds: ['f1'] }),
      one('RefundCredit', 'b1', { creditId: 'p1#1', amount: '5.01', method: 'CASH' }),
      one('CancelCredit', 'k1', { creditId: 'p1#1', amount: '5.01' }),
      one('CancelCredit', 'k1', { creditId: 'p1#1', amount: '1' }),
      one('ApplyCredit', 'a1', { creditId: 'p1#1', allocations: [{ feeId: 'f2', amount: '5.01' }] }),
      one('ApplyCredit', 'a1', { creditId: 'p1#1', allocations: [{ feeId: 'f2', amount: '5' }] }),
      reverse('r1', 'p1', { amount: '5.01' }),
      reverse('r1', 'p1', { amount: '1' }),
      waive('w1', 'f2', '3'),
      one('ReverseWaiver', 'r2', { waiverId: 'w1' }),
      send('t1', 'f3', '5.01'),
      send('t1', 'f3', '9'),
      send('t2', 'f3'),
      cancel('x1', 'f2'),
      cancel('x1', 'f2', '4'),
      goodwill('c1', '5.01'),
      goodwill('c1', '5'),
    ].map((step) => ({ ...step, by: { ...by, roles: ['CLERK'] } })),
  },
  RefundInParts: {
    policy: keeping,
    steps: [
      pay('p1', '8'),
      pay('p2', '8'),
      pay('p3', '8'),
      refunded('b1', 'p1#1', '2', { externalTransactionTotal: '5' }),
      // The total that was given before is still known.
      refunded('b2', 'p2#1', '2'),
      refunded('b3', 'p3#1', '2'),
      refunded('b3', 'p3#1', '1', { externalTransactionTotal: '6' }),
      refunded('b3', 'p3#1', '1'),
      refunded('b4', 'p3#1', '1'),
      // The payment behind a refunded credit: the same money.
      reverse('u1', 'p2', { amount: '2', method: 'ONLINE', externalTransactionId: 're1' }),
      reverse('u2', 'p2', {
        ...{ amount: '1.50', method: 'ONLINE' },
        ...{ externalTransactionId: 're2', externalTransactionTotal: '3' },
      }),
      // Another payment with a part of the same amount.
      refunded('b5', 'p1#1', '1.50', { externalTransactionId: 're2' }),
    ],
  },
  ExternalRefundAlreadyUsed: {
    policy: keeping,
    steps: [
      pay('p1', '9'),
      one('RefundCredit', 'b1', {
        creditId: 'p1#1',
        amount: '2',
        method: 'ONLINE',
        externalTransactionId: 're1',
      }),
      one('RefundCredit', 'b2', {
        creditId: 'p1#1',
        amount: '3',
        method: 'ONLINE',
        externalTransactionId: 're1',
      }),
      online('p2', '4'),
      reverse('r1', 'p2', { amount: '1', method: 'ONLINE', externalTransactionId: 're1' }),
      one('RefundCredit', 'b3', {
        creditId: 'p1#1',
        amount: '4',
        method: 'ONLINE',
        externalTransactionId: 're1',
      }),
    ],
  },
  'A settlement is reversed in parts after its surplus was cancelled': {
    policy: settling,
    steps: [
      fee('f1', '5'),
      send('t1', 'f1'),
      one('SettleTransfer', 's1', { transferId: 't1', amount: '8' }),
      one('CancelCredit', 'k1', { creditId: 's1#1' }),
      one('ReverseSettlement', 'r1', { settlementId: 's1', amount: '2' }),
      one('ReverseSettlement', 'r2', { settlementId: 's1' }),
    ],
  },
  'A limit of a settlement counts what is paid above the transfer': {
    policy: {
      ...settling,
      permissions: {
        TransferFees: { CLERK: {} },
        SettleTransfer: { CLERK: { upTo: '5.00' } },
        ReverseSettlement: { CLERK: { upTo: '5.00' } },
      },
    },
    steps: [
      fee('f1', '4', 'OTHER', { automatic: true }),
      send('t1', 'f1'),
      one('SettleTransfer', 's1', { transferId: 't1', amount: '5.01' }),
      one('SettleTransfer', 's1', { transferId: 't1', amount: '5' }),
      one('ReverseSettlement', 'r1', { settlementId: 's1' }),
    ].map((step) => ({ ...step, by: { ...by, roles: ['CLERK'] } })),
  },
  'A cancelled fee returns goodwill to its credit, and money as a new one': {
    policy: keeping,
    steps: [
      pay('p1', '4'),
      fee('f1', '10'),
      goodwill('c1', '3'),
      one('ApplyCredit', 'a1', { creditId: 'c1' }),
      one('ApplyCredit', 'a2', { creditId: 'p1#1' }),
      cancel('x1', 'f1'),
    ],
  },
  'A fee without an owner belongs to the library of the actor': {
    policy: half,
    steps: [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', by: { ...by, library: 'EAST' } },
      {
        type: 'AssessFee',
        ...{ id: 'f2', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '5', by: { ...by, library: 'EAST' } },
      },
      { type: 'AssessFee', id: 'f3', feeType: 'OTHER', amount: '5' },
    ],
  },
  'What a cancellation gave back does not count as given by the return': {
    policy: { ...half, unpaidOnReturn: 'percent' },
    steps: [lost('f1', '60'), pay('p1', '40'), cancel('x1', 'f1', '50'), returned('l1', 'f1')],
  },
  'A total that one part of a refund says holds for those before and after': {
    steps: [
      ...['c1', 'c2', 'c3', 'c4'].map((id) =>
        one('IssueCredit', id, { amount: '5', cause: 'imported', purpose: 'refundable', reason: 'GOODWILL' }),
      ),
      refunded('b1', 'c1', '3'),
      refunded('b2', 'c2', '4', { externalTransactionTotal: '9' }),
      refunded('b3', 'c3', '2.01'),
      refunded('b3', 'c3', '2'),
      refunded('b4', 'c4', '1'),
    ],
  },
};
