import type { AssessFee } from '../../account/commands/feeCommands.js';
import { isPlainObject } from '../../input/plainObject.js';
import { amountFromNumber } from '../../money/amountFromNumber.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import { type AlmaError, almaError } from './almaErrors.js';
import { readFeeXml } from './almaXml.js';
import { repeatedKey } from './repeatedKey.js';

/** A fee as a client posts it. Absent fields are undefined. */
export type PostedFee = {
  /** The fee type's code. */
  readonly type: string | undefined;
  /** The amount, a decimal string; `undefined` if missing, `null` if it is not a positive amount of the currency. */
  readonly amount: string | null | undefined;
  /** The code of the owning library. */
  readonly owner: string | undefined;
  /** A comment that the patron may see. */
  readonly comment: string | undefined;
  /** The item's barcode. */
  readonly barcode: string | undefined;
  /** The item's title. */
  readonly title: string | undefined;
};

/**
 * Reads the body of a request that creates a fee: JSON or XML. Other fields are ignored, as in Alma: clients
 * post the whole object, with a status, a balance and an empty list of transactions.
 *
 * @param contentType - the body's type; guessed from its first character if it names neither
 * @param digits - how many decimals the currency has
 */
export function readFeeBody(text: string, contentType: string, digits: number): PostedFee | AlmaError {
  const isJson =
    contentType.includes('json') || (!contentType.includes('xml') && text.trimStart().startsWith('{'));
  const fields = isJson ? jsonFields(text) : readFeeXml(text);
  if ('fault' in fields) return almaError('401666', `The body has ${fields.fault}.`);
  const textOf = (name: string) => {
    const value = codeOf(fields.get(name));
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const amount = codeOf(fields.get('original_amount'));
  return {
    type: textOf('type'),
    amount: isMissing(amount) ? undefined : (readAmount(amount, digits) ?? null),
    owner: textOf('owner'),
    comment: textOf('comment'),
    barcode: textOf('barcode'),
    title: textOf('title'),
  };
}

function jsonFields(text: string): ReadonlyMap<string, unknown> | { readonly fault: string } {
  try {
    const body: unknown = JSON.parse(text);
    const twice = repeatedKey(text);
    if (twice !== undefined) return { fault: `the field ${twice.slice(0, 40)} twice` };
    if (isPlainObject(body)) return new Map(Object.entries(body));
  } catch {
    return { fault: 'no valid JSON' };
  }
  return { fault: 'no object' };
}

/** Returns the value of a field, which may be a code with a description. */
function codeOf(field: unknown): unknown {
  return isPlainObject(field) && Object.hasOwn(field, 'value') ? field.value : field;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Longer texts are refused without reading them. */
const AMOUNT_LENGTH_MAX = 30;

/**
 * Reads an amount as clients write it: a number, or its text with a decimal point and any number of zeros after it. A
 * result of binary arithmetic, such as 0.19999999999999998, is the minor unit that it is within a millionth of.
 *
 * @returns a decimal string; `undefined` if it is not a positive amount of the currency
 */
export function readAmount(value: unknown, digits: number): AssessFee['amount'] | undefined {
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
