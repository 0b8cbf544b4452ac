import { parseLooseAmount } from '../money/money.js';
import type { FineStep } from './fineRule.js';

/** What the periods with these numbers cost, each, in minor units. */
export type Step = { readonly from: number; readonly to: number; readonly each: bigint };

/** An amount of a checked rule in minor units. */
export function minorOf(amount: string, digits: number): bigint {
  return BigInt(Math.max(0, parseLooseAmount(amount, digits)));
}

/** The steps of a checked rule. */
export function readSteps(steps: readonly FineStep[], digits: number): Step[] {
  return steps.map(({ from, to = Number.POSITIVE_INFINITY, amount }) => ({
    from,
    to,
    each: minorOf(amount, digits),
  }));
}

/** The parts of the steps between two periods: after the first number, up to the second. */
export function stepsBetween(steps: readonly Step[], after: number, last: number): Step[] {
  return steps
    .map(({ from, to, each }) => ({ from: Math.max(from, after + 1), to: Math.min(to, last), each }))
    .filter(({ from, to }) => from <= to);
}

/** What periods cost together. */
export function costOf(steps: readonly Step[]): bigint {
  return steps.reduce((sum, { from, to, each }) => sum + each * BigInt(to - from + 1), 0n);
}

/** The number of the next period that costs something. */
export function nextCostly(steps: readonly Step[], after: number): number | undefined {
  const step = steps.find(({ to, each }) => each > 0n && to > after);
  return step && Math.max(step.from, after + 1);
}
