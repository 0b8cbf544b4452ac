import { MINOR_LIMIT } from './money.js';

/** How a file of another system writes amounts: the decimal mark. Digits may be grouped by the other mark. */
export type DecimalMark = '.' | ',';

const forms: Readonly<Record<'plain' | DecimalMark, RegExp>> = {
  plain: /^([+-]?)(\d+)(?:\.(\d*))?$/,
  '.': /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/,
  ',': /^([+-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d*))?$/,
};

/**
 * Reads an amount as a file of another system writes it: with a sign, as zero, with zeros at the end, with grouped
 * digits.
 *
 * @param text - e.g. `"-1.234,50"`
 * @param digits - how many decimals the currency has
 * @param mark - the decimal mark; if left out, a point, and digits are not grouped
 * @returns minor units, or undefined if the text is no such amount, or has more decimals or digits than an amount may
 * have
 */
export function parseReportedAmount(text: string, digits: number, mark?: DecimalMark): number | undefined {
  const match = forms[mark ?? 'plain'].exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', decimals = ''] = match;
  if (/[1-9]/.test(decimals.slice(digits))) return undefined;
  const minor = Number(whole.replace(/[.,]/g, '') + decimals.slice(0, digits).padEnd(digits, '0'));
  if (minor >= MINOR_LIMIT) return undefined;
  return sign === '-' && minor > 0 ? -minor : minor;
}
