import { AMOUNT_DIGITS_MAX } from '../../money/money.js';
import type { DecimalMark } from '../../money/reportedAmount.js';

/** How to round an amount with more decimals than the currency has. */
export type Rounding = 'halfUp' | 'halfEven';

/** An amount in minor units. */
export type RowAmount = {
  /** Integer minor units, with a sign. */
  readonly minor: number;
  /** Whether it was rounded by more than an error of binary arithmetic. */
  readonly isRounded: boolean;
};

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Amounts with either decimal mark. Digits are grouped by the other mark, spaces or apostrophes. */
const groupedAmounts: { readonly [mark in DecimalMark]: RegExp } = {
  '.': /^([+-]?)([1-9]\d{0,2}([,'’ \u00a0\u202f])\d{3}(?:\3\d{3})*|\d*)(?:\.(\d+))?$/,
  ',': /^([+-]?)([1-9]\d{0,2}([.'’ \u00a0\u202f])\d{3}(?:\3\d{3})*|\d*)(?:,(\d+))?$/,
};

/** The longest text of an amount. */
const LENGTH_MAX = 60;

/** The decimals beyond the minor unit that show an error of binary arithmetic: all zeros or all nines. */
const ERROR_DIGITS = /^(?:0{6}|9{6})/;

/**
 * Reads an amount: a decimal number, or a text with one, with any number of decimals, rounded once to minor units.
 *
 * @param digits - the decimals of the currency
 * @returns undefined for anything else, or more than twelve digits
 */
export function rowAmount(value: unknown, digits: number, rounding: Rounding): RowAmount | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const text = String(value).trim();
  const match = text.length > LENGTH_MAX ? null : decimal.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '') return undefined;
  // The number is `all` with this many decimals.
  const decimals = fraction.length - Number(exponent);
  const all = whole + fraction;
  const shift = decimals - digits;
  if (Math.abs(shift) > LENGTH_MAX) return /[1-9]/.test(all) ? undefined : { minor: 0, isRounded: false };
  if (shift <= 0) return inLimits(BigInt(all) * 10n ** BigInt(-shift), sign, false);
  const padded = all.padStart(shift + 1, '0');
  const beyond = padded.slice(-shift);
  const floor = BigInt(padded.slice(0, -shift));
  const isRounded = /[1-9]/.test(beyond) && !ERROR_DIGITS.test(beyond.padEnd(6, '0'));
  return inLimits(floor + (roundsUp(floor, beyond, rounding) ? 1n : 0n), sign, isRounded);
}

/**
 * Returns a function that reads amounts.
 *
 * @param digits - the decimals of the currency
 * @param mark - the decimal mark of texts; if left out, a point, and digits are not grouped
 */
export function rowAmounts(digits: number, mark: DecimalMark | undefined) {
  return (value: unknown, rounding: Rounding): RowAmount | undefined => {
    if (mark === undefined || typeof value !== 'string') return rowAmount(value, digits, rounding);
    const match = value.length > LENGTH_MAX ? null : groupedAmounts[mark].exec(value.trim());
    if (match === null) return undefined;
    const [, sign = '', whole = '', , decimals = ''] = match;
    return rowAmount(`${sign}${whole.replaceAll(/\D/g, '')}.${decimals}`, digits, rounding);
  };
}

function roundsUp(floor: bigint, beyond: string, rounding: Rounding): boolean {
  const isHalf = /^50*$/.test(beyond);
  if (isHalf && rounding === 'halfEven') return floor % 2n === 1n;
  return beyond >= '5';
}

function inLimits(minor: bigint, sign: string, isRounded: boolean): RowAmount | undefined {
  if (minor >= 10n ** BigInt(AMOUNT_DIGITS_MAX)) return undefined;
  const value = Number(minor);
  return { minor: sign === '-' && value > 0 ? -value : value, isRounded };
}
