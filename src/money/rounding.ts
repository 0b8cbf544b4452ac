import { decimalOf, roundedQuotient } from './decimal.js';

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
  const { units, scale } = decimalOf(percent);
  return Number(roundedQuotient(BigInt(minor) * units, 100n * scale));
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
  const { units, scale } = decimalOf(percent);
  return Number(roundedQuotient(BigInt(minor) * units, 100n * scale + units));
}
