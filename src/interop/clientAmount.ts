import { amountFromNumber } from '../money/amountFromNumber.js';
import { formatAmount, parseLooseAmount } from '../money/money.js';

/**
 * Returns minor units as the number of whole currency units that JSON has: 29 is 0.29. No arithmetic is done with it, so
 * that it is written as the decimal that it is.
 */
export function jsonNumber(minor: number, digits: number): number {
  return Number(formatAmount(minor, digits));
}

/** Longer texts are refused without reading them. */
const AMOUNT_LENGTH_MAX = 30;

/**
 * Reads an amount as clients write it: a number, or its text with a decimal point and any number of zeros after it. A
 * result of binary arithmetic, such as 0.19999999999999998, is the minor unit that it is within a millionth of.
 *
 * @returns a decimal string; `undefined` if it is not a positive amount of the currency
 */
export function readAmount(value: unknown, digits: number): string | undefined {
  let minor = -1;
  if (typeof value === 'number') minor = amountFromNumber(value, digits) ?? -1;
  if (typeof value === 'string' && value.length <= AMOUNT_LENGTH_MAX)
    minor = amountOfText(withoutOuterZeros(value.trim()), digits);
  const text = minor > 0 ? formatAmount(minor, digits) : undefined;
  return text !== undefined && parseLooseAmount(text, digits) > 0 ? text : undefined;
}

/** Reads a decimal text; one with more decimals as a number that a program wrote that way. */
function amountOfText(text: string, digits: number): number {
  const exact = parseLooseAmount(text, digits);
  return exact < 0 && /^\d+\.\d+$/.test(text) ? (amountFromNumber(Number(text), digits) ?? -1) : exact;
}

/** Returns a number's text without meaningless zeros at its ends. */
function withoutOuterZeros(text: string): string {
  const [whole = '', fraction, ...more] = text.split('.');
  if (more.length > 0) return text;
  const start = whole.replace(/^0+(?=\d)/, '');
  if (fraction === undefined || fraction === '') return fraction === '' ? text : start;
  let end = fraction.length;
  while (end > 0 && fraction[end - 1] === '0') end -= 1;
  return end === 0 ? start : `${start}.${fraction.slice(0, end)}`;
}
