import { decimalOf, roundedQuotient } from './decimal.js';

/** A distance from a whole minor unit counts as an error of binary arithmetic below one part in this many. */
const PARTS = 1_000_000n;

/** And below one part in this many of the amount, as neighbouring large numbers are further apart. */
const PARTS_OF_AMOUNT = 250_000_000_000_000n;

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
  const { units, scale } = decimalOf(Math.abs(value));
  const exact = units * 10n ** BigInt(digits);
  const whole = roundedQuotient(exact, scale);
  const distance = exact - whole * scale;
  const error = distance < 0n ? -distance : distance;
  if (error * PARTS >= scale && error * PARTS_OF_AMOUNT > exact) return undefined;
  const minor = Number(value < 0 ? -whole : whole);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
