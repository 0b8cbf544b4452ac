// The stories of the golden logs: together they have every event, and every field of every event.
import {
  type AccountEvent,
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  fold,
  type PatronAccount,
} from '../src/index.js';

const clerk = {
  userId: 'clerk-7',
  channel: 'desk',
  desk: 'FRONT',
  library: 'MAIN',
  institution: 'north',
} as const;
const job = { channel: 'job' } as const;
const item = {
  id: '23443289620000121',
  barcode: '0031800712345',
  title: 'Ein „schöner“ Titel — 書名 📚',
  callNumber: 'QA76.9 .D343',
  library: 'MAIN',
  location: 'STACKS',
  dueAt: '2026-02-20T23:59:00-05:00',
};

/** A command of a story, a minute after the one before unless it has a time. */
type StoryCommand = Command extends infer One
  ? One extends Command
    ? Omit<One, 'at'> & { readonly at?: string }
    : never
  : never;

/** An event that no command causes, without its time. */
type StoryEvent = {
  readonly event: 'AccountMerged' | 'AccountJoined' | 'AccountSeparated' | 'AccountPurged';
  readonly data: object;
  readonly metadata?: object;
};

const usd = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });

const stories: Readonly<
  Record<string, { readonly policy: FeePolicy; readonly commands: readonly (StoryCommand | StoryEvent)[] }>
> = {
  'at-the-desk': {
    policy: usd,
    commands: [
      {
        type: 'AssessFee',
        id: 'f1',
        feeType: 'OVERDUEFINE',
        amount: '10.00',
        by: clerk,
        item,
        loanId: 'loan-1',
      },
      {
        type: 'AssessFee',
        id: 'f2',
        feeType: 'DAMAGEDITEMFINE',
        amount: '50.00',
        owner: 'LAW',
        comment: 'Coffee',
        staffNote: 'Again',
      },
      { type: 'AssessFee', id: 'f3', feeType: 'OTHER', amount: '70.05', owner: 'LAW', reason: 'Key' },
      {
        type: 'ReceivePayment',
        id: 'p1',
        amount: '22.23',
        method: 'CASH',
        by: clerk,
        metadata: { correlationId: 'visit-1', causationId: 'click-9' },
      },
      {
        type: 'ReceivePayment',
        id: 'p2',
        amount: '140.00',
        method: 'ONLINE',
        overpayment: 'credit',
        externalTransactionId: '20260101123456789012',
        reference: 'web',
      },
      {
        type: 'ReversePayment',
        id: 'r1',
        paymentId: 'p1',
        amount: '5.00',
        method: 'CHECK',
        comment: 'Bounced',
      },
      { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f2' }], reason: 'STAFF_ERROR', by: clerk },
      { type: 'ReverseWaiver', id: 'rw1', waiverId: 'w1' },
      { type: 'ApplyCredit', id: 'a1', creditId: 'p2#1', amount: '3.00' },
      { type: 'ReverseCreditApplication', id: 'ra1', applicationId: 'a1' },
      {
        type: 'RefundCredit',
        id: 'rf1',
        creditId: 'p2#1',
        amount: '10.00',
        method: 'CASH',
        reference: 'till 3',
      },
      { type: 'ReverseRefund', id: 'rrf1', refundId: 'rf1' },
      { type: 'DisputeFee', id: 'd1', feeId: 'f2', comment: 'I was there' },
      { type: 'ResolveDispute', id: 'd1-end', feeId: 'f2', outcome: 'feeStands' },
      { type: 'DisputeFee', id: 'd2', feeId: 'f2' },
      {
        type: 'ResolveDispute',
        id: 'd2-end',
        feeId: 'f2',
        outcome: 'patronUpheld',
        remedy: 'waive',
        reason: 'OTHER',
      },
      {
        type: 'IssueCredit',
        id: 'g1',
        amount: '4.00',
        cause: 'manual',
        reason: 'GOODWILL',
        owner: 'MAIN',
        item,
      },
      { type: 'CancelCredit', id: 'cg1', creditId: 'g1', amount: '1.50' },
      {
        type: 'ReversePayment',
        id: 'r2',
        paymentId: 'p2',
        shortfallFee: { feeId: 'short', feeType: 'OTHER', owner: 'MAIN' },
      },
    ],
  },
  forfeited: {
    policy: definePolicy({
      currency: 'EUR',
      overpayment: 'credit',
      forfeitAfterDays: 1,
      feeTypes: { COPIES: { label: 'Copies', vatPercent: 19 } },
    }),
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'COPIES', amount: '11.90', owner: 'MAIN' },
      { type: 'ReceivePayment', id: 'p1', amount: '20.00', method: 'CASH' },
      { type: 'CancelFee', id: 'x1', feeId: 'f1' },
      {
        type: 'CancelCredit',
        id: 'k1',
        creditId: 'x1#1',
        amount: '5.95',
        forfeit: true,
        at: '2026-04-02T09:00:00Z',
      },
      { type: 'CancelCredit', id: 'k2', creditId: 'p1#1', forfeit: true, at: '2026-04-02T09:00:00Z' },
      { type: 'ReversePayment', id: 'r1', paymentId: 'p1', amount: '8.10', at: '2026-04-03T09:00:00Z' },
    ],
  },
  'with-tax': {
    policy: definePolicy({
      currency: 'EUR',
      feeTypes: {
        COPIES: { label: 'Copies', vatPercent: 19 },
        REMINDER: { label: 'Reminder', vatPercent: 8.1 },
        LOST: { label: 'Lost item', lostItem: true, refundPercent: 50, vatPercent: 7 },
      },
      waiveReasons: { OTHER: 'Other', BADDEBT: { label: 'Debt given up', kind: 'writeOff' } },
      transfers: { expectsSettlement: true },
    }),
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'COPIES', amount: '11.90', owner: 'MAIN' },
      { type: 'AccrueFine', id: 'n1', feeId: 'f2', feeType: 'REMINDER', total: '1.00', owner: 'MAIN' },
      { type: 'AccrueFine', id: 'n2', feeId: 'f2', feeType: 'REMINDER', total: '2.35', ends: 'returned' },
      { type: 'AssessFee', id: 'f3', feeType: 'LOST', amount: '53.50', owner: 'MAIN' },
      { type: 'AssessFee', id: 'f4', feeType: 'COPIES', amount: '3.33', owner: 'MAIN' },
      {
        type: 'ReceivePayment',
        id: 'p1',
        amount: '5.00',
        method: 'CASH',
        allocations: [{ feeId: 'f1', amount: '5.00' }],
      },
      { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1', amount: '3.33' }], reason: 'BADDEBT' },
      { type: 'WaiveFees', id: 'w2', fees: [{ feeId: 'f3', amount: '10.00' }], reason: 'BADDEBT' },
      { type: 'ReverseWaiver', id: 'u1', waiverId: 'w1' },
      { type: 'TransferFees', id: 't1', fees: [{ feeId: 'f1' }, { feeId: 'f4' }], destination: 'BURSAR' },
      { type: 'SettleTransfer', id: 's1', transferId: 't1', amount: '2.00' },
      { type: 'WaiveFees', id: 'w3', fees: [{ feeId: 'f4', amount: '1.11' }], reason: 'BADDEBT' },
      { type: 'ReturnLostItem', id: 'back', feeIds: ['f3'] },
    ],
  },
  'lost-and-found': {
    policy: usd,
    commands: [
      {
        type: 'AssessFee',
        id: 'lost',
        feeType: 'LOSTITEMREPLACEMENTFEE',
        amount: '80.00',
        owner: 'MAIN',
        item,
        loanId: 'loan-2',
        incidentId: 'incident-2',
      },
      {
        type: 'AssessFee',
        id: 'process',
        feeType: 'LOSTITEMPROCESSFEE',
        amount: '15.00',
        owner: 'MAIN',
        loanId: 'loan-2',
        incidentId: 'incident-2',
      },
      { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'lost', amount: '12.34' }], reason: 'OTHER' },
      {
        type: 'TransferFees',
        id: 't1',
        fees: [{ feeId: 'lost', amount: '20.00' }],
        destination: 'BURSAR',
        externalReference: 'B-1',
      },
      { type: 'ReceivePayment', id: 'p1', amount: '30.00', method: 'CREDIT_CARD', feeIds: ['lost'] },
      { type: 'ReturnLostItem', id: 'back', loanId: 'loan-2', by: job },
      {
        type: 'RefundCredit',
        id: 'rf',
        creditId: 'back#3',
        amount: '5.00',
        method: 'CREDIT_CARD',
        externalTransactionId: 'ch_99',
      },
      { type: 'CancelFee', id: 'oops', feeId: 'process', amount: '15.00' },
    ],
  },
  'approved-by-another-user': {
    policy: definePolicy({
      currency: 'JPY',
      approvals: {
        WaiveFees: { above: '1000', roles: ['CHIEF'] },
        ResolveDispute: { above: '0', roles: ['CHIEF'] },
      },
    }),
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '4000', owner: 'MAIN', by: clerk },
      {
        type: 'WaiveFees',
        id: 'w1',
        fees: [{ feeId: 'f1', amount: '1500' }],
        reason: 'OTHER',
        by: clerk,
        approvedBy: { userId: 'head-1', roles: ['CHIEF'], upTo: '1500' },
      },
      { type: 'DisputeFee', id: 'd1', feeId: 'f1', by: clerk },
      {
        type: 'ResolveDispute',
        id: 'e1',
        feeId: 'f1',
        outcome: 'patronUpheld',
        remedy: 'waive',
        reason: 'OTHER',
        by: clerk,
        approvedBy: { userId: 'head-1', roles: ['CHIEF'], upTo: '2500' },
      },
      // No approval was needed: what is given is recorded, with an amount or without.
      {
        type: 'AssessFee',
        id: 'f2',
        feeType: 'OTHER',
        amount: '20',
        owner: 'MAIN',
        by: clerk,
        approvedBy: { userId: 'head-1' },
      },
    ],
  },
  'to-the-bursar': {
    policy: usd,
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '60.00', owner: 'MAIN' },
      { type: 'AssessFee', id: 'f2', feeType: 'OTHER', amount: '25.00', owner: 'MAIN' },
      { type: 'IssueCredit', id: 'i1', amount: '9.99', cause: 'imported', purpose: 'refundable' },
      { type: 'TransferFees', id: 'batch', eligible: { fees: {}, credits: {} }, destination: 'BURSAR' },
      { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f2', amount: '5.00' }], reason: 'OTHER' },
      {
        type: 'SettleTransfer',
        id: 's1',
        transferId: 'batch',
        amount: '61.00',
        externalReference: 'paid there',
      },
      {
        type: 'ReverseSettlement',
        id: 'rs1',
        settlementId: 's1',
        amount: '11.00',
        externalReference: 'bounced there',
      },
      { type: 'RecallTransfer', id: 'rc1', transferId: 'batch#1', amount: '22.00' },
      { type: 'CancelFee', id: 'c1', feeId: 'f2', amount: '20.00' },
      { type: 'CancelFee', id: 'c2', feeId: 'f1', amount: '2.00' },
    ],
  },
  'spent-before-it-was-reversed': {
    policy: definePolicy({
      currency: 'USD',
      overpayment: 'credit',
      transfers: { expectsSettlement: true },
    }),
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '10.00', owner: 'MAIN' },
      { type: 'AssessFee', id: 'f2', feeType: 'OTHER', amount: '8.00', owner: 'LAW' },
      { type: 'ReceivePayment', id: 'p1', amount: '15.00', method: 'CHECK', feeIds: ['f1'] },
      { type: 'RefundCredit', id: 'rf1', creditId: 'p1#1', amount: '4.00', method: 'CASH' },
      {
        type: 'ReversePayment',
        id: 'bounced',
        paymentId: 'p1',
        shortfallFee: { feeId: 'f3', feeType: 'OTHER', owner: 'MAIN' },
      },
      { type: 'TransferFees', id: 't1', fees: [{ feeId: 'f2' }], destination: 'BURSAR' },
      { type: 'SettleTransfer', id: 's1', transferId: 't1', amount: '11.00' },
      { type: 'RefundCredit', id: 'rf2', creditId: 's1#1', amount: '2.00', method: 'CASH' },
      {
        type: 'ReverseSettlement',
        id: 'rs1',
        settlementId: 's1',
        shortfallFee: { feeId: 'f4', feeType: 'OTHER', owner: 'LAW' },
      },
      { type: 'ReceivePayment', id: 'p2', amount: '20.00', method: 'CASH', by: clerk },
      {
        type: 'TransferFees',
        id: 't2',
        credits: [{ creditId: 'p2#1' }],
        destination: 'BURSAR',
        externalReference: 'B-2',
      },
    ],
  },
  'names-that-hurt': {
    policy: definePolicy({ currency: 'KWD', overpayment: 'credit' }),
    commands: [
      { type: 'AssessFee', id: '17', feeType: 'OTHER', amount: '1.250', owner: '__proto__' },
      { type: 'AssessFee', id: '__proto__', feeType: 'OTHER', amount: '0.001', owner: 'constructor' },
      { type: 'AssessFee', id: 'constructor', feeType: 'OTHER', amount: '999999999.999', owner: '🏛️' },
      { type: 'AssessFee', id: '2', feeType: 'OTHER', amount: '123456.789', owner: '\u0001\u2028' },
      { type: 'DisputeFee', id: 'hasOwnProperty', feeId: '__proto__' },
      { type: 'ReceivePayment', id: 'toString', amount: '999999999.999', method: 'CASH' },
    ],
  },
  yen: {
    policy: definePolicy({ currency: 'JPY' }),
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '1250', owner: 'MAIN' },
      { type: 'ReceivePayment', id: 'p1', amount: '1250', method: 'CASH' },
      { type: 'CancelFee', id: 'c1', feeId: 'f1' },
    ],
  },
  'online-in-parts': {
    policy: usd,
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5.00', owner: 'MAIN' },
      { type: 'AssessFee', id: 'f2', feeType: 'OTHER', amount: '5.00', owner: 'MAIN' },
      { type: 'AssessFee', id: 'f3', feeType: 'OTHER', amount: '60.00', owner: 'MAIN' },
      {
        ...{ type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'ONLINE', feeIds: ['f1'] },
        ...{ externalTransactionId: 'ch_1', externalTransactionTotal: '10.00' },
      },
      {
        ...{ type: 'ReceivePayment', id: 'p2', amount: '10.00', method: 'ONLINE' },
        ...{ externalTransactionId: 'ch_1', part: 'whole' },
      },
      {
        ...{ type: 'ReceivePayment', id: 'p3', amount: '4.00', method: 'ONLINE', feeIds: ['f3'] },
        ...{ externalTransactionId: 'ch_2' },
      },
      {
        ...{ type: 'ReceivePayment', id: 'p4', amount: '6.00', method: 'ONLINE' },
        ...{ externalTransactionId: 'ch_2', part: 'rest' },
      },
      { type: 'ReceivePayment', id: 'p5', amount: '100.00', method: 'ONLINE', overpayment: 'credit' },
      {
        ...{ type: 'RefundCredit', id: 'b1', creditId: 'p5#1', amount: '20.00', method: 'ONLINE' },
        ...{ externalTransactionId: 're_1', externalTransactionTotal: '25.00' },
      },
      {
        ...{ type: 'ReversePayment', id: 'r1', paymentId: 'p1', externalTransactionId: 're_1' },
      },
      {
        ...{ type: 'ReversePayment', id: 'r2', paymentId: 'p4', amount: '1.00' },
        ...{ externalTransactionId: 're_2', externalTransactionTotal: '1.00' },
      },
    ],
  },
  'a-growing-fine': {
    policy: definePolicy({ currency: 'USD', accrualLimits: { OVERDUEFINE: '12.00' } }),
    commands: [
      {
        type: 'AccrueFine',
        id: 'night-1',
        feeId: 'fine',
        feeType: 'OVERDUEFINE',
        total: '2.00',
        owner: 'MAIN',
        loanId: 'loan-3',
        item,
        by: job,
      },
      {
        type: 'AccrueFine',
        id: 'night-2',
        feeId: 'fine',
        feeType: 'OVERDUEFINE',
        total: '10.00',
        by: job,
        metadata: { correlationId: 'night-2' },
      },
      { type: 'ReceivePayment', id: 'p1', amount: '7.00', method: 'CASH', by: clerk },
      { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'fine', amount: '1.00' }], reason: 'OTHER' },
      {
        type: 'AccrueFine',
        id: 'storm',
        feeId: 'fine',
        feeType: 'OVERDUEFINE',
        total: '4.00',
        reason: 'closed',
        comment: 'We were closed',
        staffNote: 'Storm',
      },
      {
        type: 'AccrueFine',
        id: 'back',
        feeId: 'fine',
        feeType: 'OVERDUEFINE',
        total: '1',
        ends: 'returned',
      },
      { type: 'ReverseWaiver', id: 'rw1', waiverId: 'w1' },
      {
        type: 'AccrueFine',
        id: 'other',
        feeId: 'fine-2',
        feeType: 'OVERDUEFINE',
        total: '99',
        owner: 'LAW',
        ends: 'lost',
      },
    ],
  },
  'in-instalments': {
    policy: usd,
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'DAMAGEDITEMFINE', amount: '60.00', by: clerk, item },
      { type: 'AssessFee', id: 'f2', feeType: 'OVERDUEFINE', amount: '30.01', owner: 'LAW' },
      { type: 'AssessFee', id: 'f3', feeType: 'OVERDUEFINE', amount: '5.00', owner: 'LAW' },
      {
        type: 'AgreePaymentPlan',
        id: 'plan-1',
        feeIds: ['f1', 'f2'],
        instalments: [
          { dueOn: '2026-04-01', amount: '30.01' },
          { dueOn: '2026-05-01', amount: '30.00' },
          { dueOn: '2026-06-01', amount: '30.00' },
        ],
        comment: 'Agreed by phone',
        staffNote: 'Call 555-0100',
        by: clerk,
      },
      { type: 'ReceivePayment', id: 'p1', amount: '30.01', method: 'ONLINE', feeIds: ['f1', 'f2'] },
      { type: 'TransferFees', id: 't1', eligible: { fees: {} }, by: job },
      { type: 'EndPaymentPlan', id: 'end-1', planId: 'plan-1', cause: 'cancelled', by: clerk },
      {
        type: 'AgreePaymentPlan',
        id: 'plan-2',
        feeIds: ['f2'],
        instalments: [{ dueOn: '2026-12-31', amount: '30.01' }],
        metadata: { correlationId: 'visit-9' },
      },
      { type: 'ReceivePayment', id: 'p2', amount: '10.00', method: 'CASH', feeIds: ['f2'], by: clerk },
      {
        type: 'EndPaymentPlan',
        id: 'end-2',
        planId: 'plan-2',
        cause: 'defaulted',
        reason: 'moved away',
        comment: 'No answer to letters',
        staffNote: 'Letter of June',
      },
      {
        type: 'AgreePaymentPlan',
        id: 'plan-3',
        feeIds: ['f2'],
        instalments: [{ dueOn: '2027-01-31', amount: '20.01' }],
      },
    ],
  },
  'merged-accounts': {
    policy: usd,
    commands: [
      { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '4.00', owner: 'MAIN', item },
      { event: 'AccountJoined', data: { mergeId: 'merge-1', from: 'tw\u00edn' } },
      {
        event: 'AccountMerged',
        data: {
          mergeId: 'merge-2',
          into: 'kept',
          reason: 'registered twice',
          comment: 'Two cards',
          staffNote: 'Same birthday',
          by: clerk,
        },
        metadata: { commandId: 'merge-2', commandDigest: '0123456789abcdef' },
      },
      { type: 'ReceivePayment', id: 'p1', amount: '1.00', method: 'CASH', by: clerk },
      { event: 'AccountSeparated', data: { mergeId: 'merge-2', reason: 'two persons', by: clerk } },
      { type: 'AssessFee', id: 'f2', feeType: 'OVERDUEFINE', amount: '2.00', owner: 'MAIN' },
      { event: 'AccountMerged', data: { mergeId: 'merge-3', into: 'third' } },
    ],
  },
  'purged-account': {
    policy: usd,
    commands: [
      {
        event: 'AccountPurged',
        data: {
          purgeId: 'purge-2026',
          events: 12,
          afterDays: 3652,
          currency: 'USD',
          totals: [
            { month: '2014-02', account: ['cash', 'CASH'], side: 'debit', amount: '5.00', desk: 'FRONT' },
            { month: '2014-02', account: ['revenue', 'MAIN', 'OVERDUEFINE'], side: 'credit', amount: '5.00' },
            { month: '2014-03', account: ['transferred'], side: 'debit', amount: '1.50' },
            { month: '2014-03', account: ['receivable', 'MAIN'], side: 'credit', amount: '1.50' },
          ],
          reason: 'legal period over',
          by: job,
        },
      },
      { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '4.00', owner: 'MAIN', item },
      { type: 'ReceivePayment', id: 'p1', amount: '1.00', method: 'CASH', by: clerk },
    ],
  },
};

/** A golden log: its name, its events, and the account that they fold to. */
export type GoldenLog = {
  readonly name: string;
  readonly events: readonly AccountEvent[];
  readonly account: PatronAccount;
};

/** Plays all stories. The same release always returns the same logs. */
export function goldenLogs(): readonly GoldenLog[] {
  return Object.entries(stories).map(([name, { policy, commands }]) => {
    let account = emptyAccount();
    const events = commands.flatMap((command, minute) => {
      const at = `2026-03-02T${String(9 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00Z`;
      const added = eventsOf(name, command, at, account, policy);
      account = fold(added, account);
      return added;
    });
    return { name, events, account };
  });
}

function eventsOf(
  name: string,
  command: StoryCommand | StoryEvent,
  at: string,
  account: PatronAccount,
  policy: FeePolicy,
): readonly AccountEvent[] {
  if ('event' in command) {
    const { event: type, data, ...rest } = command;
    return [{ type, data: { ...data, at }, ...rest } as unknown as AccountEvent];
  }
  const decision = decide({ at, ...command } as Command, account, policy);
  if (!decision.accepted) throw new Error(`${name}: ${JSON.stringify({ command, ...decision.rejection })}`);
  return decision.events;
}
