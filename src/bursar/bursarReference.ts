import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { checkedArgument } from '../input/checkedArgument.js';

/** Identifies one transfer at an institution. */
export type BursarReferenceParts = {
  /** The patron whose account has the transfer. */
  readonly patronId: string;
  /** The transfer's id, unique only within the account. */
  readonly transferId: string;
};

const partsSchema = v.object({ patronId: nameField, transferId: nameField });

/**
 * Returns the reference of a transfer, which an export writes into its file and an import expects back: the patron's
 * id, `@` and the transfer's id. It is unique within the institution. All characters except letters, digits and
 * `-_.!~*()#` are percent-encoded, so that file formats and spreadsheets leave it unchanged.
 *
 * @param parts - the patron and the transfer
 * @returns the reference
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid ids
 *
 * @example
 * ```ts
 * import { bursarReference, parseBursarReference } from 'patron-fees/bursar';
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
 * Parses the reference of a transfer.
 *
 * @param reference - the reference; any other value is allowed
 * @returns the patron and the transfer, or `undefined` for an invalid reference
 *
 * @example
 * ```ts
 * import { parseBursarReference } from 'patron-fees/bursar';
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
    // An invalid percent-encoding.
    return undefined;
  }
}

/** Encodes an id. A leading minus would make it a formula; a leading apostrophe would look like a spreadsheet's own. */
function encoded(id: string): string {
  return encodeURIComponent(id).replaceAll('%23', '#').replaceAll("'", '%27').replace(/^-/, '%2D');
}
