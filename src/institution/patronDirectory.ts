import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';

/** What a job needs to know of a patron that no account tells. The library system knows it. */
export type DirectoryPatron = {
  /** The institution, for a directory of several; the job's own if left out. */
  readonly institution?: string;
  /** The patron's id at the institution. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group: string;
  /** Whether a loan of the patron is overdue now. */
  readonly hasOverdueLoans: boolean;
};

/** Patrons one after the other: a list, the rows of a query, the lines of a file. Of a patron who is named twice the first entry counts. */
export type PatronDirectory = AsyncIterable<DirectoryPatron> | Iterable<DirectoryPatron>;

/** The schema of a directory, without its entries. */
export const directoryField = v.custom<PatronDirectory>(
  (input) =>
    typeof input === 'object' &&
    input !== null &&
    (Symbol.asyncIterator in input || Symbol.iterator in input),
  'patrons one after the other',
);

const expected = { group: 'a user group', hasOverdueLoans: 'true or false' };

/** The schemas of the fields of an entry of a directory. What else the entry has is left alone. */
export const directoryPatronFields = {
  institution: v.optional(nameField),
  patronId: nameField,
  group: v.string(expected.group),
  hasOverdueLoans: v.boolean(expected.hasOverdueLoans),
};
