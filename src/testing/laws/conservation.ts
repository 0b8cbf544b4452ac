import assert from 'node:assert/strict';
import { unused } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { feeStatus, owed, remaining } from '../../account/fee.js';
import { violations } from '../../account/invariants.js';
import {
  balancesInMinorUnits,
  creditStatus,
  findFee,
  type PatronAccount,
} from '../../account/patronAccount.js';
import type { Transaction } from '../../account/transaction.js';
import { percentOf } from '../../money/rounding.js';
import { effectOnCredit, effectOnFee } from '../../views/transactionKinds.js';
import type { Story } from '../arbitraries/story.js';
import { figuresOf, inBigInts } from './figures.js';
import { inStories, type LawText, type State, statesOf } from './law.js';
import {
  balancesOf,
  minorUnits,
  type ReferenceCredit,
  type ReferenceFee,
  type ReferenceModel,
  total,
} from './referenceModel.js';

/** Law 1. */
export const conservation: LawText = {
  number: 1,
  name: 'conservation',
  sentence:
    'No minor unit comes from nowhere or gets lost: per fee, credit, payment and account, in every state.',
  clauses: [
    inStories('every figure of every fee and credit is what the events add up to', (story) => {
      for (const { account, model } of statesOf(story)) {
        const { fees, credits } = model;
        assert.deepEqual(figuresOf(account), { fees, credits });
      }
    }),
    inStories(
      'what remains is within the original amount, what is reserved within what remains, what is reversed within what was transferred, and nothing is below zero',
      (story) => {
        for (const { model } of statesOf(story)) assert.deepEqual(outOfBounds(model), []);
      },
    ),
    inStories('what remains of a fee or a credit is what its transactions come to', (story) => {
      for (const { account } of statesOf(story)) {
        for (const fee of account.fees)
          assert.equal(sumOfLines(fee.transactions, effectOnFee), remaining(fee), fee.feeId);
        for (const credit of account.credits)
          assert.equal(sumOfLines(credit.transactions, effectOnCredit), unused(credit), credit.creditId);
      }
    }),
    inStories('the balances are the sums of the rows, and of the rows in each status', (story) => {
      for (const { account, model } of statesOf(story)) {
        const actual = inBigInts(balancesInMinorUnits(account));
        assert.deepEqual(actual, balancesOf(model));
        assert.deepEqual(
          { active: inStatus(account, 'active'), disputed: inStatus(account, 'disputed') },
          { active: actual.active, disputed: actual.disputed },
        );
      }
    }),
    inStories('every fee and credit has the status that its figures say', checkStatuses),
    inStories('what closes by itself is closed at the end of every decision', checkClosing),
    inStories(
      'every payment is the sum of its allocations and its overpayment, and no more of it is ever reversed',
      ({ events }) => checkPayments(events),
    ),
    inStories('violations(account) finds none', ({ steps }) => {
      for (const { after } of steps) assert.deepEqual(violations(after), []);
    }),
  ],
};

function sumOfLines(lines: readonly Transaction[], effects: typeof effectOnFee): number {
  return lines.reduce((sum, { kind, amount }) => sum + effects[kind] * amount, 0);
}

/** Returns the rows with an impossible figure. */
function outOfBounds({ fees, credits }: ReferenceModel): readonly unknown[] {
  const negative = (row: object) =>
    Object.values(row).some((figure) => typeof figure === 'bigint' && figure < 0n);
  return [
    ...fees.filter(
      (fee) =>
        negative(fee) ||
        negative(fee.settledByCredit) ||
        fee.remaining > fee.original ||
        fee.reserved > fee.remaining ||
        fee.transferReversed > fee.transferred ||
        fee.transferPending > fee.transferred,
    ),
    ...credits.filter((credit) => negative(credit) || credit.transferPending > credit.transferred),
  ];
}

function inStatus(account: PatronAccount, status: string): bigint {
  const fees = account.fees.filter((fee) => feeStatus(fee) === status);
  const credits = account.credits.filter((credit) => creditStatus(account, credit) === status);
  return (
    total(fees.map((fee) => BigInt(remaining(fee)))) - total(credits.map((credit) => BigInt(unused(credit))))
  );
}

function checkPayments(events: readonly AccountEvent[]): void {
  const received = new Map<string, bigint>();
  const reversed = new Map<string, bigint>();
  for (const { type, data } of events) {
    if (type === 'PaymentReceived') {
      const { paymentId, amount, allocations, overpayment } = data;
      assert.equal(sumOf([...allocations, overpayment]), minorUnits(amount), `parts of ${paymentId}`);
      received.set(paymentId, minorUnits(amount));
    }
    if (type === 'PaymentReversed') {
      const { paymentId, amount, allocations, overpayment, shortfall } = data;
      const cancelled = overpayment?.cancelled === undefined ? undefined : { amount: overpayment.cancelled };
      const parts = [...allocations, overpayment, cancelled, shortfall];
      assert.equal(sumOf(parts), minorUnits(amount), `parts of the reversal of ${paymentId}`);
      reversed.set(paymentId, (reversed.get(paymentId) ?? 0n) + minorUnits(amount));
      const left = (received.get(paymentId) ?? 0n) - (reversed.get(paymentId) ?? 0n);
      assert.ok(left >= 0n, `${-left} more of ${paymentId} were reversed than came in`);
    }
  }
}

function sumOf(parts: readonly ({ readonly amount: string } | undefined)[]): bigint {
  return total(parts.map((part) => (part === undefined ? 0n : minorUnits(part.amount))));
}

/** Checks the status of every row against its events. */
export function checkStatuses(story: Story): void {
  for (const { account, model } of statesOf(story)) {
    const disputed = new Set(model.fees.filter((fee) => fee.disputed).map(({ feeId }) => feeId));
    assert.deepEqual(
      account.fees.map((fee) => feeStatus(fee)),
      model.fees.map((fee) => statusOf(fee, fee.disputed)),
    );
    assert.deepEqual(
      account.credits.map((credit) => creditStatus(account, credit)),
      model.credits.map((credit) =>
        statusOf(credit, credit.purpose === 'setOff' && disputed.has(credit.feeId ?? '')),
      ),
    );
  }
}

type Row = { readonly remaining: bigint; readonly transferPending: bigint };

function statusOf({ remaining, transferPending }: Row, inDispute: boolean): string {
  if (remaining > 0n) return inDispute ? 'disputed' : 'active';
  return transferPending > 0n ? 'transferred' : 'closed';
}

/** Checks every decision against three of the closing rules. */
export function checkClosing(story: Story): void {
  for (const state of statesOf(story))
    for (const fee of state.model.fees) {
      checkReservedApplied(fee, state);
      checkOwnCreditsUsed(fee, state);
      checkReturnCredited(fee, state);
    }
}

/**
 * Checks that set-off credits are applied when anything but a waiver brought what is owed to 0, so that fee and credits
 * close.
 */
function checkReservedApplied(fee: ReferenceFee, { step }: State): void {
  const { type } = step.command;
  if (type === 'WaiveFees' || type === 'ResolveDispute') return;
  const before = findFee(step.before, fee.feeId);
  if (before !== undefined && owed(before) > 0 && fee.remaining === fee.reserved)
    assert.equal(fee.reserved, 0n, `${type} left set-off credits of ${fee.feeId} open`);
}

/** Checks that a fee that gave back more than came in is not owed while it has unused credits of its own. */
function checkOwnCreditsUsed(fee: ReferenceFee, { model, events }: State): void {
  const { feeId } = fee;
  const excess = fee.givenBack - fee.paid - fee.settledByCredit.refundable;
  if (excess <= 0n || fee.remaining === fee.reserved) return;
  const unused = model.credits.filter(
    (credit) =>
      (credit.feeId === feeId || shortfallsOf(feeId, events).includes(credit.creditId)) &&
      credit.purpose === 'refundable' &&
      credit.remaining > 0n,
  );
  assert.deepEqual(unused, [], `${feeId} gave back ${excess} too much`);
}

/** Returns the overpayment and surplus credits whose shortfall was charged to a fee. */
function shortfallsOf(feeId: string, events: readonly AccountEvent[]): readonly string[] {
  return events.flatMap(({ type, data }) =>
    (type === 'PaymentReversed' || type === 'SettlementReversed') && data.shortfall?.feeId === feeId
      ? [data.shortfall.creditId]
      : [],
  );
}

/** Checks that with percentage terms a returned fee costs no more than the rest, even if something was undone since. */
function checkReturnCredited(fee: ReferenceFee, { model, events }: State): void {
  const terms = events.find(({ type, data }) => type === 'LostItemReturned' && data.feeId === fee.feeId);
  if (terms?.type !== 'LostItemReturned' || terms.data.unpaid !== 'percent') return;
  const own = model.credits.filter((credit) => credit.feeId === fee.feeId);
  const sum = (which: (credit: ReferenceCredit) => boolean, of: (credit: ReferenceCredit) => bigint) =>
    total(own.filter(which).map(of));
  const netOfCancelled = ({ amount, cancelled }: ReferenceCredit) => amount - cancelled;
  const rightful = fee.original - fee.cancelled - sum(({ cause }) => cause === 'cancelled', netOfCancelled);
  const shortfall = fee.givenBack - sum(({ purpose }) => purpose === 'refundable', netOfCancelled);
  const had =
    fee.waived +
    sum(({ cause }) => cause === 'waived', netOfCancelled) +
    sum(
      ({ cause }) => cause === 'returned',
      ({ amount }) => amount,
    ) +
    shortfall;
  const cost =
    fee.remaining -
    fee.reserved +
    (fee.paid + fee.settledByCredit.refundable - fee.givenBack) +
    (fee.transferred - fee.transferReversed);
  const missing = BigInt(percentOf(Number(rightful), terms.data.refundPercent)) - had;
  assert.ok(
    missing <= 0n || cost <= 0n,
    `${missing} of the return of ${fee.feeId} is missing, it costs ${cost}`,
  );
}
