import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { CsvOptions } from '../../job/csv.js';

/** The seal that the files of a closed month name. */
export type SealMark = {
  /** The number of the seal. */
  readonly number: number;
  /** Its total: the SHA-256 of its file. */
  readonly total: string;
};

/** The schema of {@link SealMark}. Any other field of a seal is ignored. */
export const sealMarkField = v.object({ number: wholeNumber(1), total: nameField });

/** The format of a CSV file of a closed month. */
export type SealedCsvOptions = CsvOptions & {
  /**
   * The seal of the month.
   *
   * @defaultValue no seal is named, and there is no such column
   */
  readonly seal?: SealMark;
};

/** Returns the last columns of a CSV file: the currency, and the seal if there is one. Every line has the same. */
export function lastColumns(
  currency: string,
  seal: SealMark | undefined,
): readonly { readonly name: string; readonly cellOf: () => string }[] {
  const mark = { name: 'seal', cellOf: () => sealMarkText(seal as SealMark) };
  return [{ name: 'currency', cellOf: () => currency }, ...(seal === undefined ? [] : [mark])];
}

/** Returns how a file names a seal. */
export function sealMarkText({ number, total }: SealMark): string {
  return `${number} ${total}`;
}
