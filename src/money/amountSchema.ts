import * as v from 'valibot';
import { expects } from '../input/faultCodes.js';
import { AMOUNT_DIGITS_MAX, formatAmount, parseLooseAmount } from './money.js';

/** A schema that accepts an amount as a person may write it and returns its canonical form. */
export type AmountSchema = v.GenericSchema<string, string>;

/** Describes an amount of a currency with `digits` decimals, for messages. */
export function expectedAmount(digits: number): string {
  const example = formatAmount(5 * 10 ** digits, digits);
  return expects('amount', { example, decimals: digits, digits: AMOUNT_DIGITS_MAX });
}

/**
 * Returns the schema of a currency's amounts. It accepts fewer decimals than the currency has and returns all of them.
 *
 * @param digits - how many decimals the currency has
 * @returns a schema that refuses what {@link parseLooseAmount} refuses
 */
export function amountSchema(digits: number): AmountSchema {
  const expected = expectedAmount(digits);
  return v.pipe(
    v.string(expected),
    v.check((text) => parseLooseAmount(text, digits) !== -1, expected),
    v.transform((text) => formatAmount(parseLooseAmount(text, digits), digits)),
  );
}

/** Zero as a person may write it, with or without decimals. */
const zeroPattern = /^0(?:\.(0+))?$/;

/**
 * Returns the schema of a currency's amounts, zero included.
 *
 * @param digits - how many decimals the currency has
 * @returns a schema that accepts zero and all that {@link amountSchema} accepts
 */
export function amountOrZeroSchema(digits: number): AmountSchema {
  const expected = `0, or ${expectedAmount(digits)}`;
  const isZero = (text: string) => {
    const match = zeroPattern.exec(text);
    return match !== null && (match[1] ?? '').length <= digits;
  };
  const zero = v.pipe(
    v.string(expected),
    v.check(isZero, expected),
    v.transform(() => formatAmount(0, digits)),
  );
  return v.union([zero, amountSchema(digits)], expected);
}
