import { describe, expect, it } from 'vitest';
import { subjectOf, undoingsOf, undoneBy } from '../../../src/office/receipts/receiptSubject.js';
import { ask, assess, assessLost, at, pay, policyWith, waive } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';

const policy = policyWith({ overpayment: 'credit' });

const eventsOf = (...commands: Parameters<typeof accountWith>[0]) =>
  accountWith(commands, policy).map(({ event }) => event);

const events = eventsOf(
  assess('f1', '4.00'),
  assessLost('f2', '20.00'),
  ask('WaiveFees', 'w', { fees: [{ feeId: 'f1' }, { feeId: 'f2', amount: '1.00' }], reason: 'OTHER' }),
  ask('ReverseWaiver', 'w1', { waiverId: 'w' }),
  ask('ReverseWaiver', 'w2', { waiverId: 'w#1' }),
  pay('p1', '30.00'),
  ask('ReturnLostItem', 'back', { feeIds: ['f2'] }),
  ask('RefundCredit', 'r1', { creditId: 'p1#1', amount: '2.00', method: 'CASH' }),
  ask('ReverseRefund', 'r2', { refundId: 'r1' }),
  assess('f3', '3.00'),
  ask('ApplyCredit', 'u', { creditId: 'p1#1' }),
  ask('ReverseCreditApplication', 'u2', { applicationId: 'u' }),
  ask('CancelFee', 'x', { feeId: 'f1' }),
  ask('CancelCredit', 'c', { creditId: 'x#1', amount: '1.50' }),
  ask('IssueCredit', 'g', { amount: '1.00', reason: 'OTHER', cause: 'manual' }),
  ask('CancelCredit', 'g2', { creditId: 'g' }),
  ask('ReversePayment', 'p2', { paymentId: 'p1', amount: '1.00' }),
);

describe('what a receipt can be issued for', () => {
  it('is a kind and a subject for each event that moves money, except charges and goodwill', () => {
    const subjects = events.map((event) => {
      const subject = subjectOf(event);
      return subject && `${subject.kind} ${subject.subjectId}`;
    });
    expect(subjects.filter((subject) => subject !== undefined)).toEqual([
      'waiver w',
      'waiver w',
      'reversal w1',
      'reversal w2',
      'payment p1',
      'return back',
      'refund r1',
      'reversal r2',
      'application u',
      'reversal u2',
      'cancellation x',
      'cancellation x',
      'reversal c',
      'reversal g2',
      'reversal p2',
    ]);
  });
});

describe('what undid the subject of a receipt', () => {
  it.each([
    ['payment', 'p1', [['p2', '1.00']]],
    [
      'waiver',
      'w',
      [
        ['w1', '4.00'],
        ['w2', '1.00'],
      ],
    ],
    ['refund', 'r1', [['r2', '2.00']]],
    ['application', 'u', [['u2', '3.00']]],
    ['cancellation', 'x', [['c', '1.50']]],
    ['return', 'back', []],
    ['reversal', 'p2', []],
  ] as const)('of the kind %s: %s', (kind, subjectId, expected) => {
    const undoings = undoingsOf(events, kind, subjectId, 2);
    expect(undoings.map(({ id, amount }) => [id, amount])).toEqual(expected);
    expect(undoings.every((undoing) => undoing.at === at)).toBe(true);
  });
});

describe('what a reversal undid', () => {
  it.each([
    ['p2', 'payment', 'p1'],
    ['w1', 'waiver', 'w'],
    ['w2', 'waiver', 'w'],
    ['r2', 'refund', 'r1'],
    ['u2', 'application', 'u'],
    ['c', 'cancellation', 'x'],
  ])('%s: %s %s', (reversalId, kind, subjectId) => {
    expect(undoneBy(events, reversalId, 2)).toEqual({ kind, subjectId });
  });

  it('is undefined for a goodwill credit, which has no receipt, and for an event that is not a reversal', () => {
    expect(undoneBy(events, 'g2', 2)).toBeUndefined();
    expect(undoneBy(events, 'p1', 2)).toBeUndefined();
  });
});

it('a forfeited credit has a kind of its own, which undoes nothing', () => {
  const rules = policyWith({ overpayment: 'credit', forfeitAfterDays: 1 });
  const later = '2026-03-09T09:00:00Z';
  const commands = [
    assess('f1', '4.00'),
    pay('p1', '4.00'),
    ask('CancelFee', 'x', { feeId: 'f1' }),
    ask('CancelCredit', 'k', { creditId: 'x#1', forfeit: true, at: later }),
  ];
  const forfeited = accountWith(commands, rules).map(({ event }) => event);
  expect(forfeited.map((event) => subjectOf(event)?.kind)).toEqual([
    undefined,
    'payment',
    'cancellation',
    'cancellation',
    'forfeiture',
  ]);
  expect(undoingsOf(forfeited, 'cancellation', 'x', 2)).toEqual([]);
  expect(undoneBy(forfeited, 'k', 2)).toBeUndefined();
});

it('finds a waiver without metadata by its own id', () => {
  const { metadata: _, ...bare } = eventsOf(assess('f1', '4.00'), waive('w', 'f1'))[1] as (typeof events)[0];
  expect(subjectOf(bare as (typeof events)[0])).toMatchObject({ subjectId: 'w' });
});
