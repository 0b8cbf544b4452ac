import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  balances,
  type Command,
  decide,
  type FeePolicy,
  findFee,
  fold,
  owed,
  type PatronAccount,
} from '../../src/index.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyPolicy, moves, play, type Step } from '../support/stories.js';

const at = '2026-04-01T12:00:00Z';

/** The command that undoes what an event did; none for what cannot be undone and for what undoes. */
function undoingOf(event: AccountEvent, id: string): Command | undefined {
  switch (event.type) {
    case 'FeeAssessed':
      return { type: 'CancelFee', id, at, feeId: event.data.feeId };
    case 'PaymentReceived':
      return { type: 'ReversePayment', id, at, paymentId: event.data.paymentId };
    case 'FeeWaived':
      return { type: 'ReverseWaiver', id, at, waiverId: event.data.waiverId };
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return event.data.cause === 'waived'
        ? { type: 'ReverseWaiver', id, at, waiverId: event.data.creditId }
        : { type: 'CancelCredit', id, at, creditId: event.data.creditId };
    case 'FeeTransferred':
    case 'CreditTransferred':
      return { type: 'RecallTransfer', id, at, transferId: event.data.transferId };
    case 'FeeDisputed':
      return { type: 'ResolveDispute', id, at, feeId: event.data.feeId, outcome: 'withdrawn' };
    case 'CreditApplied':
      return { type: 'ReverseCreditApplication', id, at, applicationId: event.data.applicationId };
    case 'CreditRefunded':
      return { type: 'ReverseRefund', id, at, refundId: event.data.refundId };
    default:
      return undefined;
  }
}

/** Undoes events one after the other, each by a command of its own that must be accepted. */
function undone(events: readonly AccountEvent[], account: PatronAccount, policy: FeePolicy): PatronAccount {
  return events.reduce((current, event, index) => {
    const undoing = undoingOf(event, `undoing ${index}`);
    if (undoing === undefined) return current;
    const decision = decide(undoing, current, policy);
    expect(decision).toMatchObject({ accepted: true });
    return fold(decision.events, current);
  }, account);
}

/** What must be the same again: the balances, and what is owed on every fee there was. */
function standing(account: PatronAccount, feeIds: readonly string[]) {
  const owedPerFee = feeIds.map((feeId) => {
    const fee = findFee(account, feeId);
    return [feeId, fee && owed(fee)];
  });
  return { ...balances(account), owedPerFee };
}

function expectRestored({ before }: Step, after: PatronAccount): void {
  const feeIds = before.fees.map(({ feeId }) => feeId);
  expect(standing(after, feeIds)).toEqual(standing(before, feeIds));
}

/** Commands of which everything that moves money can be undone. */
const undoable: ReadonlySet<Command['type']> = new Set([
  'AssessFee',
  'ReceivePayment',
  'WaiveFees',
  'DisputeFee',
  'TransferFees',
  'IssueCredit',
  'ApplyCredit',
  'RefundCredit',
]);

function stepsOf(steps: readonly Step[], types: ReadonlySet<Command['type']>): readonly Step[] {
  return steps.filter(({ command, decision }) => types.has(command.type) && decision.events.length > 0);
}

/** What a person undoes; what the account did by itself to close rows may stay as it is. */
function byAPerson({ command, decision }: Step): readonly AccountEvent[] {
  return command.type === 'ApplyCredit'
    ? decision.events.slice(0, 1)
    : decision.events.filter(({ type }) => type !== 'CreditApplied');
}

describe('law 7: doing and at once undoing', () => {
  it(
    'restores the balances and what is owed per fee, to the cent',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const step of stepsOf(play(story, policy), undoable))
            expectRestored(step, undone(byAPerson(step), step.after, step.policy));
        }),
        seeded('law 7'),
      );
    },
    PATIENCE,
  );

  it(
    'restores them too where all is undone backwards, last thing first',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          const types = new Set([...undoable, 'ReturnLostItem'] as const);
          for (const step of stepsOf(play(story, policy), types))
            expectRestored(step, undone([...step.decision.events].reverse(), step.after, step.policy));
        }),
        seeded('law 7, backwards'),
      );
    },
    PATIENCE,
  );
});
