import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import { unused } from '../../account/credit.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, remaining } from '../../account/fee.js';
import { findCredit, type PatronAccount } from '../../account/patronAccount.js';
import { unreversedParts } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { changesIn } from '../arbitraries/runMoves.js';
import type { Step, Story } from '../arbitraries/story.js';
import { inStories, type LawText, type Subject, statesOf } from './law.js';
import { checkRestored } from './restored.js';

/** Law 7. */
export const undoing: LawText = {
  number: 7,
  name: 'undoing',
  sentence:
    'Doing and at once undoing restores the exact balances and what is owed on every fee, but for external credit that had taken back more than was open there: a recall uses it up, so less is owed here and as much less is credited there. What is undone costs the same before and after the return of a lost item.',
  clauses: [
    inStories('what a person did is undone to the last minor unit', ({ steps }, subject) => {
      for (const step of changesIn(steps)) restoresStep(step, subject);
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

/** What decides and folds. */
type Deciding = Pick<Subject, 'decide' | 'fold'>;

/** Commands whose money movements can all be undone. */
const undoable: ReadonlySet<Command['type']> = new Set([
  'AssessFee',
  'ReceivePayment',
  'WaiveFees',
  'DisputeFee',
  'TransferFees',
  'SettleTransfer',
  'IssueCredit',
  'ApplyCredit',
  'RefundCredit',
]);

/** Returns the events that a user undoes. Events that the account added to close rows may stay. */
function eventsToUndo({ command, decision }: Step): readonly AccountEvent[] {
  // Undoing a settlement also withdraws its surplus credit.
  return command.type === 'ApplyCredit' || command.type === 'SettleTransfer'
    ? decision.events.slice(0, 1)
    : decision.events.filter(({ type }) => type !== 'CreditApplied');
}

/** Fails unless undoing what a person did in a step restores what was owed before it. */
export function restoresStep(step: Step, subject: Deciding): void {
  if (step.decision.events.length > 0 && undoable.has(step.command.type))
    restores(step, eventsToUndo(step), subject);
}

function restores(step: Step, events: readonly AccountEvent[], subject: Deciding): void {
  const after = undone(step, events, subject);
  if (after !== undefined) checkRestored(after, step.before, `undoing ${step.command.id}`);
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
    const decision = subject.decide(command, now, withoutPermissions(step.policy));
    assert.ok(decision.accepted, `${command.id} was refused: ${JSON.stringify(decision)}`);
    return subject.fold(decision.events, now);
  }, step.after);
  checkRestored(account, step.before, `undoing ${step.command.id} in two parts`);
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

const known = new WeakMap<FeePolicy, FeePolicy>();

/** Returns the policy without permissions. The law is about what is undone, not about who may do so. */
export function withoutPermissions(policy: FeePolicy): FeePolicy {
  const { permissions, ...rules } = policy;
  if (permissions === undefined) return policy;
  const open = known.get(policy) ?? definePolicy(rules);
  known.set(policy, open);
  return open;
}

/**
 * Undoes events one after the other, each by a command of its own that must be accepted. Returns undefined if a closing
 * rule would at once do again what is undone: that is refused.
 */
function undone(
  { after, policy }: Step,
  events: readonly AccountEvent[],
  subject: Deciding,
): PatronAccount | undefined {
  return events.reduce<PatronAccount | undefined>((account, event, index) => {
    const command = undoingOf(event, `undoing ${index}`);
    if (command === undefined || account === undefined) return account;
    const decision = subject.decide(command, account, withoutPermissions(policy));
    // A closing rule would do at once what is undone.
    if (!decision.accepted && decision.rejection.type === 'AppliedAgain') return undefined;
    assert.ok(decision.accepted, `undoing ${event.type} was refused: ${JSON.stringify(decision)}`);
    return subject.fold(decision.events, account);
  }, after);
}

const at = '2026-04-02T12:00:00Z';

/**
 * Checks that the order of a return and an undoing does not matter. For each lost item that can be returned, undoes
 * everything possible on its fee: before the return, after it, and after the return's credits were paid out in cash.
 * The patron must owe the same in every order.
 */
export function costsTheSameInBothOrders(story: Story, subject: Subject): void {
  for (const { account, step, events } of statesOf(story)) {
    const policy = withoutPermissions(step.policy);
    if (policy.unpaidOnReturn !== 'percent') continue;
    for (const fee of account.fees.filter((row) => row.lostItem && !row.returned))
      for (const undo of undoings(fee, events, account)) compareOrders(fee, undo, account, policy, subject);
  }
}

/** Returns the commands that undo events on a fee that affect what its return gives back. */
function undoings(fee: Fee, events: readonly AccountEvent[], account: PatronAccount): readonly Command[] {
  return events.flatMap((event, index) => {
    const { type, data } = event;
    const isAbout =
      'allocations' in data ? data.allocations.some(isOf(fee)) : 'feeId' in data && isOf(fee)(data);
    const counts =
      type === 'PaymentReceived' ||
      type === 'FeeWaived' ||
      type === 'FeeTransferred' ||
      ((type === 'LostItemCreditIssued' || type === 'CreditIssued') && data.cause === 'waived') ||
      (type === 'CreditApplied' && findCredit(account, data.creditId)?.purpose === 'goodwill');
    return isAbout && counts ? (undoingOf(event, `undoing ${index}`) ?? []) : [];
  });
}

function isOf({ feeId }: Fee): (part: { readonly feeId?: string }) => boolean {
  return (part) => part.feeId === feeId;
}

function compareOrders(
  { feeId }: Fee,
  undo: Command,
  account: PatronAccount,
  policy: FeePolicy,
  subject: Subject,
): void {
  const doing = (command: Command, now: PatronAccount) =>
    after(subject.decide(command, now, policy), now, subject);
  const returning: Command = { type: 'ReturnLostItem', id: 'the return', at, feeIds: [feeId] };
  const undone = doing(undo, account);
  const returned = doing(returning, account);
  if (undone === undefined || returned === undefined) return;
  const undoneFirst = doing(returning, undone);
  assert.ok(undoneFirst, 'the item cannot come back after something was undone');
  const expected = costOf(undoneFirst);
  const paidOut = payOut(account, returned, policy, doing);
  for (const [title, now, cash] of [
    ['after the return', returned, 0],
    ['after what it gave back was paid out', paidOut.account, paidOut.cash],
  ] as const) {
    const undoneLast = doing(undo, now) ?? doing(undo, withoutApplications(undo, now, doing));
    assert.ok(undoneLast, `${JSON.stringify(undo)} was refused ${title}`);
    const cost = costOf(undoneLast);
    assert.deepEqual({ ...cost, here: cost.here - cash }, expected, `${JSON.stringify(undo)} ${title}`);
  }
}

type Doing = (command: Command, now: PatronAccount) => PatronAccount | undefined;

function after(decision: Decision, now: PatronAccount, subject: Subject): PatronAccount | undefined {
  return decision.accepted ? subject.fold(decision.events, now) : undefined;
}

/** Returns what the patron owes: what remains here less open credits, and what remains in external systems. */
function costOf({ fees, credits }: PatronAccount) {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return {
    here: sum(fees.map(remaining)) - sum(credits.map(unused)),
    outside:
      sum(fees.map(({ transferred }) => transferred)) - sum(credits.map(({ transferred }) => transferred)),
  };
}

/** Pays out the return's credits in cash. */
function payOut(before: PatronAccount, returned: PatronAccount, policy: FeePolicy, doing: Doing) {
  const method = Object.keys(policy.paymentMethods)[0] as string;
  let account = returned;
  let cash = 0;
  for (const { creditId, purpose } of returned.credits.slice(before.credits.length)) {
    const left = unused(findCredit(account, creditId) as never);
    if (purpose !== 'refundable' || left === 0) continue;
    const amount = formatAmount(left, account.minorDigits);
    account = doing(
      { type: 'RefundCredit', id: `cash ${creditId}`.slice(0, 190), at, creditId, amount, method },
      account,
    ) as PatronAccount;
    cash += left;
  }
  return { account, cash };
}

/** If the return used up a waiver's credit, undoes that use first. */
function withoutApplications(undo: Command, now: PatronAccount, doing: Doing): PatronAccount {
  const creditId = undo.type === 'ReverseWaiver' ? undo.waiverId : undefined;
  return now.applications
    .filter((application) => application.creditId === creditId && unreversedParts(application).length > 0)
    .reduce(
      (account, { applicationId }, index) =>
        doing({ type: 'ReverseCreditApplication', id: `unused ${index}`, at, applicationId }, account) ??
        account,
      now,
    );
}

const undoneAt = '2026-04-01T12:00:00Z';

/** Returns the command that undoes an event; undefined for events that cannot be undone or that undo something. */
export function undoingOf(event: AccountEvent, id: string): Command | undefined {
  switch (event.type) {
    case 'FeeAssessed':
      return { type: 'CancelFee', id, at: undoneAt, feeId: event.data.feeId };
    case 'PaymentReceived':
      return { type: 'ReversePayment', id, at: undoneAt, paymentId: event.data.paymentId };
    case 'FeeWaived':
      return { type: 'ReverseWaiver', id, at: undoneAt, waiverId: event.data.waiverId };
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return event.data.cause === 'waived'
        ? { type: 'ReverseWaiver', id, at: undoneAt, waiverId: event.data.creditId }
        : { type: 'CancelCredit', id, at: undoneAt, creditId: event.data.creditId };
    case 'FeeTransferred':
    case 'CreditTransferred':
      return { type: 'RecallTransfer', id, at: undoneAt, transferId: event.data.transferId };
    case 'TransferSettled':
      return { type: 'ReverseSettlement', id, at: undoneAt, settlementId: event.data.settlementId };
    case 'FeeDisputed':
      return { type: 'ResolveDispute', id, at: undoneAt, feeId: event.data.feeId, outcome: 'withdrawn' };
    case 'CreditApplied':
      return { type: 'ReverseCreditApplication', id, at: undoneAt, applicationId: event.data.applicationId };
    case 'CreditRefunded':
      return { type: 'ReverseRefund', id, at: undoneAt, refundId: event.data.refundId };
    default:
      return undefined;
  }
}
