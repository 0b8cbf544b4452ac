import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';

/** The formats of an exported journal. */
export const journalFormats = ['hledger', 'beancount'] as const;

/** A format of an exported journal. */
export type JournalFormat = (typeof journalFormats)[number];

/** The institution, format and time zone of a journal export. */
export type JournalForm = {
  /** The institution of the accounts; each institution has its own books. */
  readonly institution: string;
  /** The program that will read the file. */
  readonly format: JournalFormat;
  /** The library's time zone, an IANA name. The date of an entry is the day of the event in this zone. */
  readonly timeZone: string;
  /**
   * Whether the file ends with the balance of every account, for the program to check; true if left out. Choose false
   * to read the file together with other entries.
   */
  readonly assertBalances?: boolean;
};

const formSchema = v.strictObject({
  institution: nameField,
  format: v.picklist(journalFormats, `one of ${journalFormats.join(', ')}`),
  timeZone: timeZoneField,
  assertBalances: v.optional(v.boolean('true or false'), true),
});

/** A checked form, with defaults. */
export type CheckedJournalForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedJournalForm(form: JournalForm): CheckedJournalForm {
  return checkedArgument(formSchema, form, 'form');
}
