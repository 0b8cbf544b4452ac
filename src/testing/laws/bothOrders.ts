import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import { unused } from '../../account/credit.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, remaining } from '../../account/fee.js';
import { findCredit, type PatronAccount } from '../../account/patronAccount.js';
import { standingParts } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { Story } from '../arbitraries/story.js';
import type { Subject } from './law.js';
import { statesOf } from './states.js';
import { undoingOf } from './undoingOf.js';

const at = '2026-04-02T12:00:00Z';

/**
 * Checks that the order of a return and an undoing does not matter. For each lost item that can be returned, undoes
 * everything possible on its fee: before the return, after it, and after the return's credits were paid out in cash.
 * The patron must owe the same in every order.
 */
export function costsTheSameInBothOrders(story: Story, subject: Subject): void {
  for (const { account, step, events } of statesOf(story)) {
    const { policy } = step;
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
    .filter((application) => application.creditId === creditId && standingParts(application).length > 0)
    .reduce(
      (account, { applicationId }, index) =>
        doing({ type: 'ReverseCreditApplication', id: `unused ${index}`, at, applicationId }, account) ??
        account,
      now,
    );
}
