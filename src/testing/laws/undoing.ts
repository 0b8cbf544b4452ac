import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { owed } from '../../account/fee.js';
import { balances, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { changesIn } from '../arbitraries/play.js';
import type { Step } from '../arbitraries/story.js';
import { costsTheSameInBothOrders } from './bothOrders.js';
import { inStories, type LawText, type Subject } from './law.js';
import { undoingOf } from './undoingOf.js';

/** Law 7. */
export const undoing: LawText = {
  number: 7,
  name: 'undoing',
  sentence:
    'Doing and at once undoing restores the exact balances and what is owed on every fee; what is undone costs the same before and after the return of a lost item.',
  clauses: [
    inStories('what a person did is undone to the last minor unit', ({ steps }, subject) => {
      for (const step of changesIn(steps).filter(({ command }) => undoable.has(command.type)))
        restores(step, byAPerson(step), subject);
    }),
    inStories('a payment and a transfer are undone in two parts as in one', ({ steps }, subject) => {
      for (const step of changesIn(steps)) restoresInTwoParts(step, subject);
    }),
    inStories('so is all that happened, undone backwards, last thing first', ({ steps }, subject) => {
      for (const step of changesIn(steps))
        if (undoable.has(step.command.type) || step.command.type === 'ReturnLostItem')
          restores(step, [...step.decision.events].reverse(), subject);
    }),
    inStories(
      'with terms of a percentage, a waiver, goodwill, a transfer or a payment that is undone costs the same before and after the return',
      costsTheSameInBothOrders,
    ),
  ],
};

/** Commands whose money movements can all be undone. */
const undoable: ReadonlySet<Command['type']> = new Set([
  ...(['AssessFee', 'ReceivePayment', 'WaiveFees', 'DisputeFee'] as const),
  ...(['TransferFees', 'SettleTransfer', 'IssueCredit', 'ApplyCredit', 'RefundCredit'] as const),
]);

/** Returns the events that a user undoes. Events that the account added to close rows may stay. */
function byAPerson({ command, decision }: Step): readonly AccountEvent[] {
  // Undoing a settlement also withdraws its surplus credit.
  return command.type === 'ApplyCredit' || command.type === 'SettleTransfer'
    ? decision.events.slice(0, 1)
    : decision.events.filter(({ type }) => type !== 'CreditApplied');
}

function restores(step: Step, events: readonly AccountEvent[], subject: Subject): void {
  const feeIds = step.before.fees.map(({ feeId }) => feeId);
  const after = undone(step, events, subject);
  assert.deepEqual(standing(after, feeIds), standing(step.before, feeIds), `undoing ${step.command.id}`);
}

/** Undoes a payment or a transfer in two parts: first the smallest amount, then what is left. */
function restoresInTwoParts(step: Step, subject: Subject): void {
  const [event, ...more] = step.decision.events;
  if (more.length > 0 || event === undefined || !undoneInParts(event)) return;
  const least = leastOf(event.data.amount);
  if (least === event.data.amount) return;
  const whole = undoingOf(event, 'in two, last') as Command;
  const part = { ...whole, id: 'in two, first', amount: least } as Command;
  const account = [part, whole].reduce((now, command) => {
    const decision = subject.decide(command, now, step.policy);
    assert.ok(decision.accepted, `${command.id} was refused: ${JSON.stringify(decision)}`);
    return subject.fold(decision.events, now);
  }, step.after);
  const feeIds = step.before.fees.map(({ feeId }) => feeId);
  const what = `undoing ${step.command.id} in two parts`;
  assert.deepEqual(standing(account, feeIds), standing(step.before, feeIds), what);
}

/** Returns the commands that undo part of an event's amount. */
function undoneInParts(
  event: AccountEvent,
): event is Extract<AccountEvent, { type: 'PaymentReceived' | 'FeeTransferred' | 'TransferSettled' }> {
  return ['PaymentReceived', 'FeeTransferred', 'TransferSettled'].includes(event.type);
}

/** Returns the smallest amount with the same number of decimals. */
function leastOf(amount: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
}

/** Undoes events one after the other, each by a command of its own that must be accepted. */
function undone({ after, policy }: Step, events: readonly AccountEvent[], subject: Subject): PatronAccount {
  return events.reduce((account, event, index) => {
    const command = undoingOf(event, `undoing ${index}`);
    if (command === undefined) return account;
    const decision = subject.decide(command, account, policy);
    assert.ok(decision.accepted, `undoing ${event.type} was refused: ${JSON.stringify(decision)}`);
    return subject.fold(decision.events, account);
  }, after);
}

/** Returns what must be restored: the balances, and what is owed on every earlier fee. */
function standing(account: PatronAccount, feeIds: readonly string[]) {
  const owedPerFee = feeIds.map((feeId) => {
    const fee = findFee(account, feeId);
    return [feeId, fee && owed(fee)];
  });
  return { ...balances(account), owedPerFee };
}
