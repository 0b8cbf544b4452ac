import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { timeZoneField } from '../input/timeZone.js';
import { type ActivityReportWords, englishReportWords } from './activityReportWords.js';
import { localeField, type ReaderFormat, type ReaderPlace, readerFormat } from './readerFormat.js';

/** For whom an activity report is written out. */
export type ActivityReportOptions = ReaderPlace & {
  /** Words in another language, with their `language`; English where left out. */
  readonly words?: Partial<ActivityReportWords>;
};

/** How the parts of a report are written. */
export type ActivityReportFormat = ReaderFormat & {
  /** The words. */
  readonly words: ActivityReportWords;
};

const optionsSchema = v.object({
  locale: localeField,
  timeZone: timeZoneField,
  words: v.optional(v.looseObject({}), {}),
});

/**
 * Prepares everything that depends on the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or a time zone that the runtime does not know
 */
export function activityReportFormat(currency: string, options: ActivityReportOptions): ActivityReportFormat {
  const { words, ...place } = checkedArgument(optionsSchema, options, 'options');
  return { words: { ...englishReportWords, ...words }, ...readerFormat(currency, place) };
}
