import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';

/** Formats in which a journal can be written. */
export const journalFormats = ['hledger', 'beancount'] as const;

/** A format in which a journal can be written. */
export type JournalFormat = (typeof journalFormats)[number];

/** What is exported, and how. */
export type JournalForm = {
  /** Whose books these are: an institution has books of its own. */
  readonly institution: string;
  /** The program that will read them. */
  readonly format: JournalFormat;
  /** The library's time zone, an IANA name: an entry has the day on which, there, something happened. */
  readonly timeZone: string;
  /**
   * Whether the file ends with the balance of every account, which the program then checks; true if left out. Choose
   * false to read it together with entries of other origin.
   */
  readonly assertBalances?: boolean;
};

const formSchema = v.strictObject({
  institution: nameField,
  format: v.picklist(journalFormats, `one of ${journalFormats.join(', ')}`),
  timeZone: timeZoneField,
  assertBalances: v.optional(v.boolean('true or false'), true),
});

/** A form that has been checked, with what it left out. */
export type CheckedJournalForm = v.InferOutput<typeof formSchema>;

/**
 * Holds a form to its schema.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedJournalForm(form: JournalForm): CheckedJournalForm {
  return checkedArgument(formSchema, form, 'form');
}
