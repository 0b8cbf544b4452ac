import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { wholeNumber } from '../../input/wholeNumber.js';

/** The seal that the files of a closed month name. */
export type SealMark = {
  /** The number of the seal. */
  readonly number: number;
  /** Its total: the SHA-256 of its file. */
  readonly total: string;
};

/** The schema of {@link SealMark}. Any other field of a seal is ignored. */
export const sealMarkField = v.object({ number: wholeNumber(1), total: nameField });

/** Returns how a file names a seal. */
export function sealMarkText({ number, total }: SealMark): string {
  return `${number} ${total}`;
}
