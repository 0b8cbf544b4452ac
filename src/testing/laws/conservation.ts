import assert from 'node:assert/strict';
import { unused } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { feeStatus, remaining } from '../../account/fee.js';
import { violations } from '../../account/invariants.js';
import { balances, creditStatus, type PatronAccount } from '../../account/patronAccount.js';
import type { Transaction } from '../../account/transaction.js';
import { effectOnCredit, effectOnFee } from '../../views/transactionKinds.js';
import { type Books, balancesOf, minorUnits, total } from './books.js';
import { holdClosing } from './closing.js';
import { figuresOf, inBooks } from './figures.js';
import { inStories, type LawText } from './law.js';
import { statesOf } from './states.js';
import { holdStatuses } from './statuses.js';

/** Law 1. */
export const conservation: LawText = {
  number: 1,
  name: 'conservation',
  sentence:
    'No minor unit comes from nowhere or gets lost: per fee, credit, payment and account, in every state.',
  clauses: [
    inStories('every figure of every fee and credit is what the events add up to', (story) => {
      for (const { account, books } of statesOf(story)) {
        const { fees, credits } = books;
        assert.deepEqual(figuresOf(account), { fees, credits });
      }
    }),
    inStories(
      'what remains is within the original amount, what is reserved within what remains, what is reversed within what was transferred, and nothing is below zero',
      (story) => {
        for (const { books } of statesOf(story)) assert.deepEqual(outOfBounds(books), []);
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
    inStories('the balances are the sums of the rows, also of the rows in each status', (story) => {
      for (const { account, books } of statesOf(story)) {
        const actual = inBooks(balances(account));
        assert.deepEqual(actual, balancesOf(books));
        assert.deepEqual(
          { active: inStatus(account, 'active'), disputed: inStatus(account, 'disputed') },
          { active: actual.active, disputed: actual.disputed },
        );
      }
    }),
    inStories('every fee and credit has the status that its figures say', holdStatuses),
    inStories('what closes by itself is closed at the end of every decision', holdClosing),
    inStories(
      'every payment is the sum of its allocations and its overpayment, and no more of it is ever reversed',
      ({ events }) => holdPayments(events),
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
function outOfBounds({ fees, credits }: Books): readonly unknown[] {
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

function holdPayments(events: readonly AccountEvent[]): void {
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
