/**
 * Splits an amount in proportion to weights. The shares always add up to the amount.
 *
 * Each share is rounded down; the units left over go to the largest remainders, ties in list order. Products are
 * exact (BigInt). If the amount is no larger than the sum of the weights, no share exceeds its weight.
 *
 * @param amount - integer minor units, 0 or more
 * @param weights - integers, 0 or more; at least one above 0 unless the amount is 0
 * @returns one share per weight, in the same order; their sum is the amount
 *
 * @example
 * ```ts
 * import { splitProportionally } from 'patron-fees';
 *
 * splitProportionally(100, [1, 1, 1]); //=> [34, 33, 33]
 * splitProportionally(2, [100, 100, 100]); //=> [1, 1, 0]
 * ```
 */
export function splitProportionally(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  if (sum === 0n) return weights.map(() => 0);
  const products = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const shares = products.map((product) => Number(product / sum));
  let left = shares.reduce((rest, share) => rest - share, amount);
  const byRemainder = products
    .map((product, index) => ({ index, remainder: product % sum }))
    .sort((a, b) => Number(b.remainder - a.remainder));
  for (const { index } of byRemainder) {
    if (left === 0) break;
    shares[index] = (shares[index] as number) + 1;
    left--;
  }
  return shares;
}

/**
 * Splits an amount into equal shares, none above its limit. Small limits are filled first, and the others share the
 * rest. The units left over go, one each, to the first limits in list order that are not reached yet.
 *
 * FOLIO's bulk payment intends this split, but its code fails on some valid amounts.
 *
 * @param amount - integer minor units, from 0 to the sum of the limits
 * @param limits - integer minor units, 0 or more
 * @returns one share per limit, in the same order; their sum is the amount
 *
 * @example
 * ```ts
 * import { splitEvenly } from 'patron-fees';
 *
 * splitEvenly(20000, [10000, 100, 15000]); //=> [9950, 100, 9950]
 * splitEvenly(1502, [500, 500, 502]); //=> [500, 500, 502]
 * ```
 */
export function splitEvenly(amount: number, limits: readonly number[]): number[] {
  const ascending = [...limits].sort((a, b) => a - b);
  let rest = amount;
  let level = ascending.at(-1) ?? 0;
  for (const [index, limit] of ascending.entries()) {
    const equalShare = Math.floor(rest / (ascending.length - index));
    if (limit > equalShare) {
      level = equalShare;
      break;
    }
    rest -= limit;
  }
  let left = limits.reduce((remaining, limit) => remaining - Math.min(limit, level), amount);
  return limits.map((limit) => {
    const extra = limit > level && left > 0 ? 1 : 0;
    left -= extra;
    return Math.min(limit, level) + extra;
  });
}

/**
 * Fills limits one after the other until the amount is used up.
 *
 * @param amount - integer minor units, from 0 to the sum of the limits
 * @param limits - integer minor units, 0 or more
 * @returns one share per limit, in the same order; their sum is the amount
 *
 * @example
 * ```ts
 * import { fillInOrder } from 'patron-fees';
 *
 * fillInOrder(250, [100, 100, 100]); //=> [100, 100, 50]
 * ```
 */
export function fillInOrder(amount: number, limits: readonly number[]): number[] {
  let rest = amount;
  return limits.map((limit) => {
    const share = Math.min(limit, rest);
    rest -= share;
    return share;
  });
}
