import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent, redactEvent } from '../../src/history/index.js';
import {
  type AccountEvent,
  type AccountEventType,
  balancesInMinorUnits,
  decide,
  definePolicy,
  emptyAccount,
  fold,
} from '../../src/index.js';
import { violations } from '../../src/testing/index.js';
import { goldenEvents } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';

const at = '2026-03-02T09:00:00Z';

describe('redactEvent', () => {
  it('erases encrypted texts, and keeps all other metadata', () => {
    const data = { disputeId: 'd1', feeId: 'f1', at };
    const redacted = (metadata: object) => redactEvent({ type: 'FeeDisputed', data, metadata });
    const without = { type: 'FeeDisputed', data };
    expect(Object.keys(redacted({ sealed: 'k.AAAA' }))).toEqual(['type', 'data']);
    expect(redacted({ commandId: 'd1', sealed: 'k.AAAA', causationId: 'm1' })).toEqual({
      ...without,
      metadata: { commandId: 'd1', causationId: 'm1' },
    });
    expect(redacted({ commandDigest: '0123456789abcdef.aaaaaaaaaaaaaaaa', sealed: 'k.AAAA' })).toEqual({
      ...without,
      metadata: { commandDigest: '0123456789abcdef.' },
    });
    const empty = { ...without, metadata: {} } as AccountEvent;
    expect(redactEvent(empty)).toBe(empty);
  });

  it('erases free text and the borrowed item, and nothing else', () => {
    const by = { channel: 'desk' as const, userId: 'lin' };
    const event: AccountEvent = {
      type: 'FeeAssessed',
      data: {
        feeId: 'f1',
        feeType: 'OTHER',
        amount: '2.50',
        currency: 'USD',
        owner: 'MAIN',
        at,
        by,
        reason: 'DAMAGED',
        comment: 'The dog did it',
        staffNote: 'Third time',
        loanId: 'l1',
        item: {
          id: 'i1',
          barcode: '39001',
          title: 'On dogs',
          callNumber: 'SF 426',
          library: 'MAIN',
          dueAt: at,
        },
      },
      metadata: { commandId: 'f1', commandDigest: '0123456789abcdef.aaaaaaaaaaaaaaaa' },
    };
    expect(redactEvent(event)).toEqual({
      type: 'FeeAssessed',
      data: {
        feeId: 'f1',
        feeType: 'OTHER',
        amount: '2.50',
        currency: 'USD',
        owner: 'MAIN',
        at,
        by,
        loanId: 'l1',
        item: { library: 'MAIN', dueAt: at },
      },
      metadata: { commandId: 'f1', commandDigest: '0123456789abcdef.' },
    });
    expect(event.data).toHaveProperty('comment');
  });

  it('returns the same event if there is nothing to erase', () => {
    const event: AccountEvent = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } };
    expect(redactEvent(event)).toBe(event);
    expect(redactEvent(redactEvent({ ...event, data: { ...event.data, comment: 'no' } }))).toEqual(event);
  });

  it('keeps a reason that is a code of the policy: of a waiver, and of a manual credit', () => {
    const figures = { amount: '2.50', currency: 'USD', at, reason: 'OTHER' };
    const ofFee = { ...figures, feeId: 'f1', creditId: 'c1' };
    const coded: readonly AccountEvent[] = [
      { type: 'FeeWaived', data: { ...figures, waiverId: 'w1', feeId: 'f1' } },
      { type: 'LostItemCreditIssued', data: { ...ofFee, cause: 'waived', purpose: 'setOff' } },
      { type: 'CreditIssued', data: { ...ofFee, cause: 'waived', purpose: 'external' } },
      { type: 'CreditIssued', data: { ...figures, creditId: 'c1', cause: 'manual', purpose: 'goodwill' } },
    ];
    for (const event of coded) expect(redactEvent(event)).toBe(event);
  });

  it('erases every other reason, which is free text', () => {
    const reason = 'Ada was in hospital';
    const figures = { amount: '2.50', currency: 'USD', at, reason };
    const ofFee = { ...figures, feeId: 'f1', creditId: 'c1' };
    const free: readonly AccountEvent[] = [
      { type: 'FeeAssessed', data: { ...figures, feeId: 'f1', feeType: 'OTHER', owner: 'MAIN' } },
      { type: 'PaymentReceived', data: { ...figures, paymentId: 'p1', method: 'CASH', allocations: [] } },
      { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at, reason } },
      {
        type: 'DisputeResolved',
        data: { disputeId: 'd1', feeId: 'f1', outcome: 'patronUpheld', at, reason },
      },
      { type: 'FeeCancelled', data: { ...figures, cancellationId: 'k1', feeId: 'f1' } },
      {
        type: 'PaymentReversed',
        data: { ...figures, reversalId: 'r1', paymentId: 'p1', method: 'CASH', allocations: [] },
      },
      { type: 'LostItemCreditIssued', data: { ...ofFee, cause: 'returned', purpose: 'setOff' } },
      { type: 'CreditIssued', data: { ...ofFee, cause: 'cancelled', purpose: 'refundable' } },
      {
        type: 'CreditIssued',
        data: { ...figures, creditId: 'c1', cause: 'imported', purpose: 'refundable' },
      },
    ];
    for (const event of free) expect(JSON.stringify(redactEvent(event)), event.type).not.toContain('Ada');
  });

  it('leaves no free text in the rows and views of an account', () => {
    const policy = definePolicy({ currency: 'USD' });
    const reason = 'Ada was in hospital';
    const common = { at, reason } as const;
    const by = { channel: 'desk', library: 'MAIN' } as const;
    const { events } = decide(
      [
        { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '9.00', ...common, by },
        { type: 'DisputeFee', id: 'd1', feeId: 'f1', ...common },
        { type: 'ResolveDispute', id: 'e1', feeId: 'f1', outcome: 'feeStands', ...common },
        { type: 'ReceivePayment', id: 'p1', method: 'CASH', amount: '2.00', ...common },
        { type: 'ReversePayment', id: 'r1', paymentId: 'p1', ...common },
        { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1', amount: '1.00' }], at, reason: 'OTHER' },
        { type: 'CancelFee', id: 'k1', feeId: 'f1', ...common },
      ],
      emptyAccount(),
      policy,
    );
    expect(events).not.toHaveLength(0);
    const account = fold(events.map(redactEvent));
    expect(JSON.stringify(account)).not.toContain('Ada');
    expect(account.fees[0]?.transactions.map((line) => line.reason)).toContain('OTHER');
  });

  it('changes no figure of any account, and returns valid events', () => {
    fc.assert(
      fc.property(moves(), anyPolicy, (story, policy) => {
        const events = eventsOf(runMoves(story, policy)).map((event) => ({
          ...event,
          data: { ...event.data, comment: 'secret', staffNote: 'secret' },
        })) as readonly AccountEvent[];
        const redacted = events.map(redactEvent);
        expect(JSON.stringify(redacted)).not.toContain('secret');
        expect(redacted.map((event) => parseEvent(event))).toEqual(redacted);
        const account = fold(redacted);
        expect(balancesInMinorUnits(account)).toEqual(balancesInMinorUnits(fold(events)));
        expect(violations(account)).toEqual([]);
      }),
      tried(200),
    );
  });

  it('keeps recognising repeated commands', () => {
    const policy = definePolicy({ currency: 'USD' });
    const item = { title: 'On dogs' };
    const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
    const command = { ...fee, item, comment: 'The dog did it' };
    const { events } = decide(command, emptyAccount(), policy);
    const account = fold(events.map(redactEvent));
    expect(decide(command, account, policy)).toMatchObject({
      accepted: true,
      events: [],
      repeats: { id: command.id },
    });
  });
});

/** The fields that a redaction keeps. */
const kept = [
  'accrual',
  'accruing',
  'allocations',
  'amount',
  'applicationId',
  'approvedBy',
  'at',
  'batchId',
  'by',
  'cancellationId',
  'cause',
  'creditId',
  'currency',
  'destination',
  'disputeId',
  'endId',
  'events',
  'afterDays',
  'expectsSettlement',
  'externalReference',
  'externalTransactionId',
  'externalTransactionTotal',
  'feeId',
  'feeIds',
  'feeType',
  'feesNamed',
  'forfeited',
  'from',
  'incidentId',
  'increaseId',
  'instalments',
  'into',
  'loanId',
  'lostItem',
  'mergeId',
  'method',
  'outcome',
  'overpayment',
  'owner',
  'part',
  'paymentId',
  'planId',
  'purgeId',
  'purpose',
  'recallId',
  'reference',
  'refundId',
  'refundPercent',
  'returnId',
  'reversalId',
  'setOff',
  'settlementId',
  'shortfall',
  'surplus',
  'total',
  'totals',
  'transferId',
  'unpaid',
  'vatPercent',
  'waiverId',
  'writeOff',
] as const;

/** The fields that a redaction erases, at least in part. */
const erased = ['comment', 'staffNote', 'reason', 'item'] as const;

type Data = AccountEvent['data'];
type Field = Data extends infer One ? (One extends Data ? keyof One : never) : never;
type Listed = (typeof kept)[number] | (typeof erased)[number];

/** Whether a reason is a code of the policy, which is kept: always, never, or if the cause makes it one. */
const reasonIsCode: { readonly [Type in AccountEventType]: 'always' | 'never' | 'by cause' } = {
  AccountJoined: 'never',
  AccountMerged: 'never',
  AccountPurged: 'never',
  AccountSeparated: 'never',
  AccrualEnded: 'never',
  CreditApplicationReversed: 'never',
  CreditApplied: 'never',
  CreditCancelled: 'never',
  CreditIssued: 'by cause',
  CreditRefunded: 'never',
  CreditTransferred: 'never',
  DisputeResolved: 'never',
  FeeAssessed: 'never',
  FeeCancelled: 'never',
  FeeDisputed: 'never',
  FeeIncreased: 'never',
  FeeTransferred: 'never',
  FeeWaived: 'always',
  LostItemCreditIssued: 'by cause',
  LostItemReturned: 'never',
  PaymentPlanAgreed: 'never',
  PaymentPlanEnded: 'never',
  PaymentReceived: 'never',
  PaymentReversed: 'never',
  RefundReversed: 'never',
  SettlementReversed: 'never',
  TransferRecalled: 'never',
  TransferSettled: 'never',
  WaiverReversed: 'never',
};

describe('redactEvent, field by field', () => {
  it('has a list with every field of every event: the compiler asks for new ones', () => {
    const missing: [Exclude<Field, Listed>] extends [never] ? string : Exclude<Field, Listed> =
      'add these fields to `kept` or `erased`';
    const unknown: [Exclude<Listed, Field>] extends [never] ? string : Exclude<Listed, Field> =
      'remove these fields, which no event has';
    expect([missing, unknown]).toHaveLength(2);
    expect(goldenEvents.flatMap(({ data }) => Object.keys(data))).toEqual(
      expect.arrayContaining([...erased]),
    );
  });

  it.each(goldenEvents.map((event) => [event.type, event] as const))(
    'keeps and erases: %s',
    (type, event) => {
      const data = { ...event.data, reason: 'why', comment: 'free', staffNote: 'free' };
      const redacted = redactEvent({ ...event, data } as AccountEvent).data;
      for (const name of kept) expect(redacted[name as never], name).toEqual(data[name as never]);
      expect(redacted).not.toHaveProperty('comment');
      expect(redacted).not.toHaveProperty('staffNote');
      const cause = 'cause' in data ? data.cause : '';
      const isCode = { always: true, never: false, 'by cause': cause === 'waived' || cause === 'manual' };
      expect('reason' in redacted).toBe(isCode[reasonIsCode[type]]);
      if ('item' in redacted) expect(redacted.item).not.toHaveProperty('title');
    },
  );
});
