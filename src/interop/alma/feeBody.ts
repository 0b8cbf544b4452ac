import { isPlainObject } from '../../input/plainObject.js';
import { readAmount } from '../clientAmount.js';
import { jsonFields } from '../requestBody.js';
import { type AlmaError, almaError } from './almaErrors.js';
import { readFeeXml } from './almaXml.js';

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
export async function readFeeBody(
  text: string,
  contentType: string,
  digits: number,
): Promise<PostedFee | AlmaError> {
  const isJson =
    contentType.includes('json') || (!contentType.includes('xml') && text.trimStart().startsWith('{'));
  const fields = isJson ? jsonFields(text) : await readFeeXml(text);
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

/** Returns the value of a field, which may be a code with a description. */
function codeOf(field: unknown): unknown {
  return isPlainObject(field) && Object.hasOwn(field, 'value') ? field.value : field;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
