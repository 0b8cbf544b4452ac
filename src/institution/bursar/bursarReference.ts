import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';

/** Names one transfer at an institution. */
export type BursarReferenceParts = {
  /** The patron whose account it is of. */
  readonly patronId: string;
  /** The transfer's id, unique in that account only. */
  readonly transferId: string;
};

const partsSchema = v.object({ patronId: nameField, transferId: nameField });

/**
 * The reference of a transfer, as an export writes it into its file and an import expects it back: the patron's id, an
 * `@` and the transfer's id. Unique within the institution, whatever the ids look like: all characters but letters,
 * digits and `-_.!~*()#` are percent-encoded, so that no file format and no spreadsheet takes it for anything else.
 *
 * @param parts - the patron and the transfer
 * @returns the reference
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for what are no ids
 *
 * @example
 * ```ts
 * import { bursarReference, parseBursarReference } from 'patron-fees/institution';
 *
 * bursarReference({ patronId: 'u17', transferId: 'export-9#1' }); //=> 'u17@export-9#1'
 * bursarReference({ patronId: '=1+1', transferId: 'a@b' }); //=> '%3D1%2B1@a%40b'
 * parseBursarReference('%3D1%2B1@a%40b'); //=> { patronId: '=1+1', transferId: 'a@b' }
 * ```
 */
export function bursarReference(parts: BursarReferenceParts): string {
  const { patronId, transferId } = checkedArgument(partsSchema, parts, 'parts');
  return `${encoded(patronId)}@${encoded(transferId)}`;
}

/**
 * Reads the reference of a transfer.
 *
 * @param reference - a string, or whatever there is in place of one
 * @returns the patron and the transfer, or `undefined` for what is no reference
 *
 * @example
 * ```ts
 * import { parseBursarReference } from 'patron-fees/institution';
 *
 * parseBursarReference('u17@export-9#1'); //=> { patronId: 'u17', transferId: 'export-9#1' }
 * parseBursarReference('u17'); //=> undefined
 * ```
 */
export function parseBursarReference(reference: string): BursarReferenceParts | undefined {
  if (typeof reference !== 'string') return undefined;
  const [patron = '', transfer = '', ...more] = reference.split('@');
  if (more.length > 0) return undefined;
  try {
    const parts = { patronId: decodeURIComponent(patron), transferId: decodeURIComponent(transfer) };
    return v.is(partsSchema, parts) ? parts : undefined;
  } catch {
    // A percent sign that encodes nothing.
    return undefined;
  }
}

/** A minus in front would make a formula of it, an apostrophe be taken for a spreadsheet's own. */
function encoded(id: string): string {
  return encodeURIComponent(id).replaceAll('%23', '#').replaceAll("'", '%27').replace(/^-/, '%2D');
}
