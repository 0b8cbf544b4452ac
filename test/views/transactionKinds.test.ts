import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unused } from '../../src/account/credit.js';
import { remaining } from '../../src/account/fee.js';
import { fold } from '../../src/account/fold.js';
import type { Transaction, TransactionKind } from '../../src/account/transaction.js';
import {
  type Effect,
  effectOnCredit,
  effectOnFee,
  transactionLabels,
} from '../../src/views/transactionKinds.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';

/** What remains after each transaction. */
function stepsOf(
  transactions: readonly Transaction[],
  effects: Readonly<Record<TransactionKind, Effect>>,
): number[] {
  let left = 0;
  return transactions.map(({ kind, amount }) => {
    left += effects[kind] * amount;
    return left;
  });
}

describe('effectOnFee and effectOnCredit', () => {
  it('add up to what remains of a fee, and are never below zero or above its amount in between', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const fee of fold(events).fees) {
          const steps = stepsOf(fee.transactions, effectOnFee);
          expect(steps.at(-1)).toBe(remaining(fee));
          expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...steps)).toBe(fee.original);
        }
      }),
      tried(1_000),
    );
  });

  it('add up to what is unused of a credit, and are never below zero or above its amount in between', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const credit of fold(events).credits) {
          const steps = stepsOf(credit.transactions, effectOnCredit);
          expect(steps.at(-1)).toBe(unused(credit));
          expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...steps)).toBe(credit.amount);
        }
      }),
      tried(1_000),
    );
  });
});

it('every kind of transaction has its own label', () => {
  expect(Object.keys(transactionLabels)).toEqual(Object.keys(effectOnFee));
  const words = Object.values(transactionLabels);
  expect(words.every((label) => /^[A-Z][a-z ]+$/.test(label))).toBe(true);
  expect(new Set(words).size).toBe(words.length);
});
