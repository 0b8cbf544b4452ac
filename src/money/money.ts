import { Decimal } from './decimal.js';

/** The most digits of an amount in minor units: three orders of magnitude below the safe integers. */
export const AMOUNT_DIGITS_MAX = 12;

/** The smallest number of minor units with more digits than `AMOUNT_DIGITS_MAX`. */
export const MINOR_LIMIT = 1_000_000_000_000;

const DOT = 46;
const ZERO = 48;
const NINE = 57;

/**
 * Reads a canonical amount: digits with exactly the currency's decimals, no sign, no leading zeros.
 *
 * It loops over character codes, which is faster than a regular expression: a replay reads an amount in every event.
 *
 * @param text - the amount, e.g. `"12.50"`
 * @param digits - how many decimals the currency has
 * @returns integer minor units (0 or more), or -1 if the text is not canonical
 *
 * @example
 * ```ts
 * import { parseAmount } from 'patron-fees';
 *
 * parseAmount('12.50', 2); //=> 1250
 * parseAmount('12.5', 2); //=> -1
 * parseAmount('1250', 0); //=> 1250
 * ```
 */
export function parseAmount(text: string, digits: number): number {
  if (typeof text !== 'string') return -1;
  const length = text.length;
  const dot = digits === 0 ? length : length - digits - 1;
  if (dot < 1) return -1;
  if (digits > 0 && text.charCodeAt(dot) !== DOT) return -1;
  const first = text.charCodeAt(0);
  if (first === ZERO && dot > 1) return -1;
  let minor = 0;
  for (let index = 0; index < length; index++) {
    if (index === dot) continue;
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) return -1;
    minor = minor * 10 + (code - ZERO);
  }
  return minor < MINOR_LIMIT ? minor : -1;
}

/**
 * Formats minor units as a decimal string with exactly the currency's decimals.
 *
 * @param minor - integer minor units, as a bigint where sums exceed the safe integers; negative ones get a minus
 * sign
 * @param digits - how many decimals the currency has
 * @returns the amount, e.g. `"12.50"`
 *
 * @example
 * ```ts
 * import { formatAmount } from 'patron-fees';
 *
 * formatAmount(1250, 2); //=> '12.50'
 * formatAmount(-5, 3); //=> '-0.005'
 * formatAmount(1250, 0); //=> '1250'
 * ```
 */
export function formatAmount(minor: number | bigint, digits: number): string {
  if (minor < 0) return `-${formatAmount(-minor, digits)}`;
  const text = String(minor);
  if (digits === 0) return text;
  const padded = text.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

/**
 * Reads an amount as a person or another program may write it, e.g. with fewer decimals than the currency has.
 *
 * @param text - e.g. `"12.5"` or `"12"`
 * @param digits - how many decimals the currency has
 * @returns integer minor units, or -1 if the text is not a positive amount of this currency with at most twelve digits
 *
 * @example
 * ```ts
 * import { parseLooseAmount } from 'patron-fees';
 *
 * parseLooseAmount('12.5', 2); //=> 1250
 * parseLooseAmount('1.005', 2); //=> -1
 * parseLooseAmount('0', 2); //=> -1
 * ```
 */
export function parseLooseAmount(text: string, digits: number): number {
  if (typeof text !== 'string') return -1;
  // Most are canonical, and reading those takes a hundredth of the time.
  const canonical = parseAmount(text, digits);
  if (canonical > 0) return canonical;
  const match = /^(?:0|[1-9][0-9]{0,11})(?:\.([0-9]+))?$/.exec(text);
  if (match === null || (match[1] ?? '').length > digits) return -1;
  const minor = new Decimal(text).times(`1e${digits}`);
  return minor.gt('0') && minor.lt(String(MINOR_LIMIT)) ? Number(minor.toFixed()) : -1;
}

/** Returns the minor units of a canonical amount or sum, which may be negative and have any number of digits. */
export function minorUnits(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}
