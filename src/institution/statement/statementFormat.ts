import * as v from 'valibot';
import type { Moment } from '../../history/asOf.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';
import { localeField, type ReaderFormat, type ReaderPlace, readerFormat } from '../../views/readerFormat.js';
import type { StatementLine } from './statementLine.js';
import { englishStatementWords, type StatementWords } from './statementWords.js';

/** For whom a statement is written out. */
export type StatementOptions = ReaderPlace & {
  /** Words in another language, with their `language`; English where left out. */
  readonly words?: Partial<StatementWords>;
};

/** How the parts of a statement are written. */
export type StatementFormat = ReaderFormat & {
  /** The words. */
  readonly words: StatementWords;
  /** Writes where a period begins or ends. */
  readonly bound: (moment: Moment | null, otherwise: string) => string;
  /** The texts that say what happened, to be shown one after the other. */
  readonly what: (line: StatementLine) => readonly string[];
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
