import { Decimal } from './decimal.js';

/** The largest distance from a whole minor unit that counts as an error of binary arithmetic, in minor units. */
const ERROR_MAX = '0.000001';

/** That distance in proportion to the amount, for amounts so large that neighbouring numbers are further apart. */
const ERROR_PROPORTION = '0.000000000000004';

/** big.js's name for "half up". */
const HALF_UP = 1;

/**
 * Reads an amount that another system wrote as a JavaScript number, e.g. in JSON.
 *
 * Uses the shortest decimal that represents the number, so `22.23` is exactly 22.23. A number less than a millionth of
 * a minor unit away from a whole one is rounded to it, because sums and differences computed in binary are inexact
 * (25 - 22.23 is 2.7699999999999996). A number further away has too many decimals and is refused.
 *
 * @param value - the number; it may be negative
 * @param digits - how many decimals the currency has
 * @returns integer minor units, or `undefined` if the number has too many decimals or exceeds the safe integers
 *
 * @example
 * ```ts
 * import { amountFromNumber } from 'patron-fees/alma';
 *
 * amountFromNumber(22.23, 2); //=> 2223
 * amountFromNumber(25 - 22.23, 2); //=> 277
 * amountFromNumber(-50, 2); //=> -5000
 * amountFromNumber(2.775, 2); //=> undefined
 * ```
 */
export function amountFromNumber(value: number, digits: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const exact = new Decimal(String(value)).times(`1e${digits}`);
  const whole = exact.round(0, HALF_UP);
  const error = exact.minus(whole).abs();
  if (error.gte(ERROR_MAX) && error.gt(exact.abs().times(ERROR_PROPORTION))) return undefined;
  const minor = Number(whole.toFixed());
  return Number.isSafeInteger(minor) ? minor : undefined;
}
