import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  type Command,
  decide,
  emptyAccount,
  type FeePolicy,
  type FeePolicyInput,
  fold,
  type PatronAccount,
} from '../../../src/index.js';
import type { Step } from '../../../src/testing/arbitraries/story.js';
import { keepsPolicy, movesWhatIsAsked, recordsOnce } from '../../../src/testing/explore/ruleLaws.js';
import { smallPolicy } from '../../support/smallWorlds.js';

const at = '2026-03-02T09:00:00Z';
const desk = { channel: 'desk', userId: 'u1' };

function stepOf(command: object, before: PatronAccount, policy: FeePolicy): Step {
  const given = { id: `c${before.eventCount}`, at, ...command } as Command;
  const decision = decide(given, before, policy);
  return { command: given, policy, before, decision, after: fold(decision.events, before) };
}

/** The last step of a story, under a policy. */
function lastOf(commands: readonly object[], input: Partial<FeePolicyInput> = {}): Step {
  const policy = smallPolicy(input);
  let account = emptyAccount();
  let last: Step | undefined;
  for (const command of commands) {
    last = stepOf(command, account, policy);
    account = last.after;
  }
  return last as Step;
}

/** A step of which the events of a type have other data. */
function other(step: Step, type: AccountEvent['type'], data: object): Step {
  const events = step.decision.events.map((event) =>
    event.type === type ? ({ ...event, data: { ...event.data, ...data } } as AccountEvent) : event,
  );
  return { ...step, decision: { accepted: true, events } };
}

const charge = (feeType: string, id = 'f') => ({
  ...{ type: 'AssessFee', id, feeType, amount: '2', owner: 'MAIN', automatic: true },
});
const pay = { type: 'ReceivePayment', amount: '2', method: 'CASH' };
const waive = { type: 'WaiveFees', fees: [{ feeId: 'f', amount: '2' }], reason: 'OTHER' };
const report = { type: 'AccrueFine', feeId: 'f', feeType: 'FINE', owner: 'MAIN', total: '1' };
const send = { type: 'TransferFees', eligible: { fees: {} } };
const permissions = { WaiveFees: { CLERK: {} } };

const paid = lastOf([charge('OTHER'), pay]);
const sent = lastOf([charge('OTHER'), send]);
const waived = lastOf([charge('OTHER'), waive]);
const returned = lastOf([charge('LOST'), { type: 'ReturnLostItem', feeIds: ['f'] }]);
const ended = lastOf([{ ...report, ends: 'returned' }], { accrualLimits: { FINE: '1' } });
const byClerk = lastOf([charge('OTHER'), { ...waive, by: { ...desk, roles: ['CLERK'] } }], { permissions });

describe('the laws about the rules of a policy', () => {
  it.each([paid, sent, waived, returned, ended, byClerk])(
    'hold for valid decisions: $command.type',
    (step) => {
      expect(step.decision.accepted).toBe(true);
      movesWhatIsAsked(step);
      keepsPolicy(step);
      recordsOnce(step.after);
    },
  );

  it.each([
    ['another amount', other(paid, 'PaymentReceived', { amount: '1' }), 'ReceivePayment moves 1'],
    ['another amount of a fee', other(waived, 'FeeWaived', { amount: '1' }), 'WaiveFees moves 1'],
  ])('fail if a decision moves %s', (_, step, message) => {
    expect(() => movesWhatIsAsked(step)).toThrow(message);
  });

  const cash = { type: 'CreditIssued', data: { purpose: 'refundable' } } as AccountEvent;
  it.each<readonly [string, Step, string]>([
    [
      'a command is not permitted',
      { ...byClerk, command: { ...byClerk.command, by: { channel: 'desk', userId: 'u1', roles: ['PAGE'] } } },
      'WaiveFees is not permitted',
    ],
    [
      'a patron forgives fees',
      { ...byClerk, command: { ...byClerk.command, by: { channel: 'online', roles: ['CLERK'] } } },
      'WaiveFees is not permitted',
    ],
    [
      'a waiver becomes cash',
      { ...waived, decision: { accepted: true, events: [...waived.decision.events, cash] } },
      'a waiver becomes cash',
    ],
    ['a fine goes on', { ...ended, after: lastOf([report]).after }, 'f goes on growing'],
    [
      'a fine is above its limit',
      { ...ended, after: lastOf([{ ...report, total: '2', ends: 'returned' }]).after },
      'above its limit',
    ],
    [
      'a card number is stored',
      other({ ...paid, command: { ...paid.command, by: { channel: 'desk' } } }, 'PaymentReceived', {
        reference: '4111 1111 1111 1111',
      }),
      'payment card',
    ],
    [
      'a fee is no lost item',
      other(lastOf([charge('LOST')]), 'FeeAssessed', { lostItem: undefined }),
      'a lost item',
    ],
    ['the percentage is another', other(returned, 'LostItemReturned', { refundPercent: 100 }), 'the return'],
    ['the terms are others', other(returned, 'LostItemReturned', { unpaid: 'all' }), 'the return'],
    [
      'a small fee is sent',
      { ...sent, policy: smallPolicy({ transfers: { fees: { minimumAmount: '3' } } }) },
      'f is below the minimum',
    ],
    [
      'a disputed fee is paid',
      { ...paid, before: lastOf([charge('OTHER'), { type: 'DisputeFee', feeId: 'f' }]).after },
      'f is paid although it is disputed',
    ],
    [
      'more is taken than is owed',
      other(paid, 'PaymentReceived', { overpayment: { creditId: 'c', amount: '1' } }),
      'more is taken than is owed',
    ],
    [
      'the payment goes to another fee',
      other(lastOf([charge('OTHER'), charge('OTHER', 'g'), pay]), 'PaymentReceived', {
        allocations: [{ feeId: 'g', amount: '2' }],
      }),
      'the payment is spread otherwise',
    ],
  ])('fail if %s', (_, step, message) => {
    expect(() => keepsPolicy(step)).toThrow(message);
  });

  it.each([
    ['twice', {}],
    ['above its total', { externalTransactionTotal: 3 }],
  ])('fail if a transaction is recorded %s', (_, more) => {
    const told = lastOf([charge('OTHER'), { ...pay, externalTransactionId: 'ch_1' }]).after;
    const [payment] = told.payments;
    const twice = [payment, payment].map((one) => ({ ...one, ...more })) as PatronAccount['payments'];
    recordsOnce({ ...told, payments: twice.slice(0, 1) });
    expect(() => recordsOnce({ ...told, payments: twice })).toThrow('ch_1 is recorded twice');
  });
});
