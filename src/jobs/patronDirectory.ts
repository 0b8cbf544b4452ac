import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { oneByOneField } from '../input/iterable.js';

/** Data of a patron from the library system that is not in the account. */
export type DirectoryPatron = {
  /** The institution, in a directory of several; the job's institution if left out. */
  readonly institution?: string;
  /** The patron's id at the institution. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group: string;
  /** Whether a loan of the patron is overdue now. */
  readonly hasOverdueLoans: boolean;
};

/**
 * Patrons one by one: a list, the rows of a query, the lines of a file. If a patron is repeated, the first entry
 * counts.
 */
export type PatronDirectory = AsyncIterable<DirectoryPatron> | Iterable<DirectoryPatron>;

/** The schema of a directory, without its entries. */
export const directoryField = oneByOneField<PatronDirectory>('patrons one after the other');

const expected = { group: 'a user group', hasOverdueLoans: 'true or false' };

/** The schemas of the fields of a directory's entry. Unknown fields are ignored. */
export const directoryPatronFields = {
  institution: v.optional(nameField),
  patronId: nameField,
  group: v.string(expected.group),
  hasOverdueLoans: v.boolean(expected.hasOverdueLoans),
};
