import { formatAmount, parseAmount } from '../../money/money.js';

/** How many there were, and what they add up to. */
export type CountedAmount = {
  /** How many. */
  readonly count: number;
  /** Their sum, a decimal string. */
  readonly amount: string;
};

/** Adds amounts up exactly, however many there are. */
export function amountTally(digits: number) {
  let count = 0;
  let sum = 0n;
  return {
    add(amount: string): void {
      count += 1;
      sum += BigInt(parseAmount(amount, digits));
    },
    sum: () => sum,
    report: (): CountedAmount => ({ count, amount: formatAmount(sum, digits) }),
  };
}
