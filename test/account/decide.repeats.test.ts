import { describe, expect, it } from 'vitest';
import { type Command, type CommandType, decide, emptyAccount, fold, type Repeats } from '../../src/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  assessLost,
  feeNow,
  pay,
  policy,
  refusalOf,
  repeating,
  transfer,
  waive,
} from '../support/account.js';

const empty = emptyAccount();

/** Every command once, in an executable order. */
const byType = {
  AssessFee: assess('AssessFee', '10'),
  AccrueFine: ask('AccrueFine', 'AccrueFine', {
    feeId: 'fine',
    feeType: 'OVERDUEFINE',
    total: '10',
    owner: 'MAIN',
    ends: 'returned',
  }),
  ReceivePayment: pay('ReceivePayment', '22', { overpayment: 'credit' }),
  RefundCredit: ask('RefundCredit', 'RefundCredit', { creditId: 'ReceivePayment#1', method: 'CASH' }),
  ReverseRefund: ask('ReverseRefund', 'ReverseRefund', { refundId: 'RefundCredit' }),
  ReversePayment: ask('ReversePayment', 'ReversePayment', { paymentId: 'ReceivePayment' }),
  WaiveFees: waive('WaiveFees', 'AssessFee', '1'),
  ReverseWaiver: ask('ReverseWaiver', 'ReverseWaiver', { waiverId: 'WaiveFees' }),
  DisputeFee: ask('DisputeFee', 'DisputeFee', { feeId: 'AssessFee' }),
  ResolveDispute: ask('ResolveDispute', 'ResolveDispute', { feeId: 'AssessFee', outcome: 'feeStands' }),
  TransferFees: transfer('TransferFees', 'AssessFee', '5'),
  SettleTransfer: ask('SettleTransfer', 'SettleTransfer', { transferId: 'TransferFees', amount: '2' }),
  ReverseSettlement: ask('ReverseSettlement', 'ReverseSettlement', { settlementId: 'SettleTransfer' }),
  RecallTransfer: ask('RecallTransfer', 'RecallTransfer', { transferId: 'TransferFees' }),
  IssueCredit: ask('IssueCredit', 'IssueCredit', { cause: 'imported', amount: '3' }),
  ApplyCredit: ask('ApplyCredit', 'ApplyCredit', { creditId: 'IssueCredit', amount: '1' }),
  ReverseCreditApplication: ask('ReverseCreditApplication', 'ReverseCreditApplication', {
    applicationId: 'ApplyCredit',
  }),
  CancelCredit: ask('CancelCredit', 'CancelCredit', { creditId: 'IssueCredit' }),
  CancelFee: ask('CancelFee', 'CancelFee', { feeId: 'AssessFee' }),
  ReturnLostItem: ask('ReturnLostItem', 'ReturnLostItem', { feeIds: ['lost'] }),
  AgreePaymentPlan: ask('AgreePaymentPlan', 'AgreePaymentPlan', {
    feeIds: ['fine'],
    instalments: [{ dueOn: '2026-04-01', amount: '10' }],
  }),
  EndPaymentPlan: ask('EndPaymentPlan', 'EndPaymentPlan', { planId: 'AgreePaymentPlan', cause: 'cancelled' }),
} satisfies Record<CommandType, Command>;
const everyCommand: readonly Command[] = Object.values(byType);

/** The row that the id of each command names. */
const kinds = {
  AssessFee: 'fee',
  AccrueFine: 'other',
  ReceivePayment: 'payment',
  RefundCredit: 'refund',
  ReverseRefund: 'other',
  ReversePayment: 'other',
  WaiveFees: 'waiver',
  ReverseWaiver: 'other',
  DisputeFee: 'dispute',
  ResolveDispute: 'command',
  TransferFees: 'transfer',
  SettleTransfer: 'settlement',
  ReverseSettlement: 'other',
  RecallTransfer: 'other',
  IssueCredit: 'credit',
  ApplyCredit: 'application',
  ReverseCreditApplication: 'other',
  CancelCredit: 'other',
  CancelFee: 'other',
  ReturnLostItem: 'other',
  AgreePaymentPlan: 'paymentPlan',
  EndPaymentPlan: 'command',
} satisfies Record<CommandType, Repeats['kind']>;

const lostAndPaid = accountAfter([assessLost('lost', '60'), pay('paid', '60')]);
const afterEverything = accountAfter(everyCommand, policy, lostAndPaid);

describe('every command is idempotent', () => {
  it.each(everyCommand)(
    '$type repeated under the same id is accepted without events, whatever has happened since',
    (command) => {
      expect(decide(command, afterEverything, policy)).toEqual(repeating(command.id, kinds[command.type]));
    },
  );

  it.each(everyCommand)(
    '$type is recognised as the same when time, person, comments or metadata differ',
    (command) => {
      const later = {
        ...command,
        at: '2027-01-01T00:00:00+01:00',
        by: { channel: 'online', userId: 'patron' },
        comment: 'again',
        staffNote: 'hm',
        metadata: { correlationId: 'retry' },
      } as const;
      expect(decide(later, afterEverything, policy)).toEqual(repeating(command.id, kinds[command.type]));
    },
  );

  it.each(everyCommand)(
    'refuses $type with other content under the same id, and shows no digest',
    (command) => {
      const refusal = refusalOf(decide({ ...command, reason: 'another' }, afterEverything, policy));
      expect(refusal).toEqual({ type: 'IdAlreadyUsed', id: command.id });
    },
  );

  it('ignores field order, undefined fields and the notation of amounts', () => {
    const account = accountAfter([assess('f1', '2.50')]);
    const { type, id, ...rest } = assess('f1', '2.5');
    const spelled = { ...rest, loanId: undefined, id, type } as unknown as Command;
    expect(decide(spelled, account, policy)).toEqual(repeating('f1', 'fee'));
  });

  it('a refused command can be executed later under the same id', () => {
    const account = accountAfter([assess('f1', '6')]);
    expect(decide(pay('p1', '7'), account, policy).accepted).toBe(false);
    const owedMore = accountAfter([assess('f2', '1'), pay('p1', '7')], policy, account);
    expect(feeNow(owedMore, 'f2').owed).toBe('0.00');
  });

  it('a fee without a recorded command is not a repeat', () => {
    const [event] = acceptedEvents(decide(assess('f1', '6'), empty, policy));
    const { metadata, ...bare } = event as NonNullable<typeof event>;
    expect(metadata?.commandId).toBe('f1');
    expect(refusalOf(decide(assess('f1', '6'), fold([bare] as never), policy))).toEqual({
      type: 'IdAlreadyUsed',
      id: 'f1',
    });
  });
});
