import { expect, it } from 'vitest';
import { costOf, minorOf, nextCostly, readSteps, stepsBetween } from '../../src/overdue/steps.js';

const steps = readSteps(
  [
    { from: 1, to: 2, amount: '0.10' },
    { from: 4, to: 5, amount: '0.00' },
    { from: 6, amount: '0.50' },
  ],
  2,
);

it('periods cost the amount of their step, and nothing between steps', () => {
  expect([0, 1, 2, 3, 5, 6, 8].map((last) => costOf(stepsBetween(steps, 0, last)))).toEqual([
    0n,
    10n,
    20n,
    20n,
    20n,
    70n,
    170n,
  ]);
  expect(stepsBetween(steps, 1, 6)).toEqual([
    { from: 2, to: 2, each: 10n },
    { from: 4, to: 5, each: 0n },
    { from: 6, to: 6, each: 50n },
  ]);
});

it('the next period that costs something is found without visiting each period', () => {
  expect([0, 1, 2, 5, 1_000_000].map((after) => nextCostly(steps, after))).toEqual([1, 2, 6, 6, 1_000_001]);
  expect(nextCostly(readSteps([{ from: 1, to: 2, amount: '1' }], 2), 2)).toBeUndefined();
  expect(minorOf('0.00', 2)).toBe(0n);
});
