import { Decimal } from './decimal.js';

/** big.js's name for "half up". */
const HALF_UP = 1;

/**
 * Returns a percentage of an amount, computed exactly and rounded once, half up, to a whole minor unit.
 *
 * @param minor - integer minor units, 0 or more
 * @param percent - 0 to 100; decimals are fine
 * @returns integer minor units
 *
 * @example
 * ```ts
 * import { percentOf } from 'patron-fees';
 *
 * percentOf(1005, 50); //=> 503
 * percentOf(999, 33.3); //=> 333
 * ```
 */
export function percentOf(minor: number, percent: number): number {
  const exact = new Decimal(String(minor)).times(String(percent)).times('0.01');
  return Number(exact.round(0, HALF_UP).toFixed());
}

/**
 * Returns the tax that a gross amount includes, computed exactly and rounded once, half up, to a whole minor unit.
 *
 * @param minor - the gross amount in integer minor units, 0 or more
 * @param percent - the rate, above 0 to 100; decimals are fine
 * @returns integer minor units
 *
 * @example
 * ```ts
 * import { taxIncluded } from 'patron-fees';
 *
 * taxIncluded(1190, 19); //=> 190
 * taxIncluded(1000, 19); //=> 160
 * ```
 */
export function taxIncluded(minor: number, percent: number): number {
  // Twice the tax plus a half, rounded down, in whole numbers: a quotient with endless decimals is never rounded twice.
  const [whole, decimals = ''] = new Decimal(String(percent)).toFixed().split('.') as [string, string?];
  const rate = BigInt(whole + decimals);
  const gross = 100n * 10n ** BigInt(decimals.length) + rate;
  return Number((2n * BigInt(minor) * rate + gross) / (2n * gross));
}
