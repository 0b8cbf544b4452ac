import * as v from 'valibot';
import type { Moment } from '../../history/asOf.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';
import { localeField, type ReaderFormat, type ReaderPlace, readerFormat } from '../../views/readerFormat.js';
import type { StatementLine } from './statementLine.js';
import { englishStatementWords, type StatementWords } from './statementWords.js';

/** The reader's locale, time zone and words for a written statement. */
export type StatementOptions = ReaderPlace & {
  /** Words in another language, with their `language`; English words if left out. */
  readonly words?: Partial<StatementWords>;
};

/** The formats of the parts of a statement. */
export type StatementFormat = ReaderFormat & {
  /** The words. */
  readonly words: StatementWords;
  /** Formats the beginning or end of a period. */
  readonly bound: (moment: Moment | null, otherwise: string) => string;
  /** Returns the texts that describe a line, to be shown in sequence. */
  readonly what: (line: StatementLine) => readonly string[];
};

const optionsSchema = v.object({
  locale: localeField,
  timeZone: timeZoneField,
  words: v.optional(v.looseObject({}), {}),
});

/**
 * Prepares the formats for the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support
 */
export function statementFormat(currency: string, options: StatementOptions): StatementFormat {
  const { words: given, ...place } = checkedArgument(optionsSchema, options, 'options');
  const words: StatementWords = { ...englishStatementWords, ...given };
  const format = readerFormat(currency, place);
  return {
    ...format,
    words,
    bound: (moment, otherwise) => {
      if (moment === null) return otherwise;
      return 'version' in moment ? `${words.entry} ${moment.version}` : format.moment(moment.recordedAt);
    },
    what: ({ kind, fees, methodLabel, destinationLabel, reasonLabel }) => [
      words.kinds[kind],
      ...fees.map(({ feeTypeLabel, title }) => (title ? `${feeTypeLabel}: ${title}` : feeTypeLabel)),
      ...[methodLabel, destinationLabel, reasonLabel].filter((text) => text !== null),
    ],
  };
}
