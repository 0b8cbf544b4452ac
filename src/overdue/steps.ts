import { parseLooseAmount } from '../money/money.js';
import type { FineStep } from './fineRule.js';

/** The amount of each period in a range of numbers, in minor units. */
export type Step = { readonly from: number; readonly to: number; readonly each: bigint };

/** Parses an amount of a checked rule to minor units. */
export function minorOf(amount: string, digits: number): bigint {
  return BigInt(Math.max(0, parseLooseAmount(amount, digits)));
}

/** Returns the steps of a checked rule. */
export function readSteps(steps: readonly FineStep[], digits: number): Step[] {
  return steps.map(({ from, to = Number.POSITIVE_INFINITY, amount }) => ({
    from,
    to,
    each: minorOf(amount, digits),
  }));
}

/** Returns the parts of the steps after the first number, up to and including the second. */
export function stepsBetween(steps: readonly Step[], after: number, last: number): Step[] {
  return steps
    .map(({ from, to, each }) => ({ from: Math.max(from, after + 1), to: Math.min(to, last), each }))
    .filter(({ from, to }) => from <= to);
}

/** Returns the sum of the periods. */
export function costOf(steps: readonly Step[]): bigint {
  return steps.reduce((sum, { from, to, each }) => sum + each * BigInt(to - from + 1), 0n);
}

/** Returns the number of the next period with an amount above zero. */
export function nextCostly(steps: readonly Step[], after: number): number | undefined {
  const step = steps.find(({ to, each }) => each > 0n && to > after);
  return step && Math.max(step.from, after + 1);
}
