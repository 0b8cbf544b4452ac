import { Decimal } from './decimal.js';

/** How far from a whole minor unit the traces of binary arithmetic may lead, in minor units. */
const TRACE_MAX = '0.000001';

/** The same in proportion to the amount, for amounts so large that neighbouring numbers lie further apart. */
const TRACE_PROPORTION = '0.000000000000004';

/** big.js's name for "half up". */
const HALF_UP = 1;

/**
 * Reads an amount that another system wrote as a JavaScript number, e.g. in JSON.
 *
 * Takes the shortest decimal that stands for the number, so `22.23` is exactly 22.23. A sum or difference that was
 * computed in binary (25 - 22.23 is 2.7699999999999996 there) still names one amount: a number less than a millionth of
 * a minor unit away from a whole one is that one. Anything further away really has more decimals and is refused.
 *
 * @param value - the number, of either sign
 * @param digits - how many decimals the currency has
 * @returns integer minor units, or `undefined` when the number is no amount of this currency within the safe integers
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
  const trace = exact.minus(whole).abs();
  if (trace.gte(TRACE_MAX) && trace.gt(exact.abs().times(TRACE_PROPORTION))) return undefined;
  const minor = Number(whole.toFixed());
  return Number.isSafeInteger(minor) ? minor : undefined;
}
