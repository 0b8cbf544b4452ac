import * as v from 'valibot';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultText, MISSING } from '../input/faults.js';
import { instantOf, isDate } from '../input/instant.js';
import { shown } from '../input/shown.js';
import { timeZoneField } from '../input/timeZone.js';
import { digitsOf } from '../money/currency.js';
import { shownText } from './shownText.js';

/**
 * The locale and time zone of a reader. They have no default, because the server's own are unrelated to the reader's.
 */
export type ReaderPlace = {
  /** The locale for amounts and dates, a BCP 47 tag. */
  readonly locale: string;
  /** The time zone for dates, an IANA name, e.g. `Europe/Vienna`. */
  readonly timeZone: string;
};

/** Functions that format values for the reader's locale and time zone. */
export type ReaderFormat = {
  /** Formats an amount. */
  readonly amount: (amount: string) => string;
  /** Formats an instant; returns any other text made safe to show. */
  readonly moment: (at: string) => string;
  /** Formats a local date `YYYY-MM-DD`, which belongs to no time zone. */
  readonly day: (date: string) => string;
};

/** The language of a table of words. */
export type WordsLanguage = {
  /** The language, a BCP 47 tag. */
  readonly language: string;
};

/**
 * Returns the words for a reader: the English ones, some of them possibly replaced, or those of another language, which
 * must be complete.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the words are not in the language of
 * the locale, or if words of another language are missing: a text must not mix languages
 */
export function wordsFor<Words extends WordsLanguage>(
  english: Words,
  given: Partial<Words>,
  locale: string,
): Words {
  const { language } = { ...english, ...given };
  const expected = new Intl.Locale(locale).language;
  const faults =
    String(language).replace(/-.*/s, '').toLowerCase() === expected
      ? missingWords(expected === english.language ? {} : english, given, 'options.words')
      : [
          {
            path: 'options.words.language',
            expected: `${expected}, the language of the locale ${locale}`,
            found: shown(language),
          },
        ];
  if (faults.length > 0) {
    const list = faults.map((fault) => faultText(fault));
    throw new PatronFeesError('INVALID_ARGUMENT', list.join('; '), { faults });
  }
  return { ...english, ...given };
}

/** Returns a fault for each word that is in the English table and missing in another one. */
function missingWords(english: object, given: object, path: string): readonly Fault[] {
  const words: Readonly<Record<string, unknown>> = { ...given };
  return Object.entries(english).flatMap(([name, word]) => {
    const own = words[name];
    if (typeof word === 'object' && typeof own === 'object' && own !== null)
      return missingWords(word, own, `${path}.${name}`);
    if (typeof own === typeof word && own !== null) return [];
    const found = own === undefined ? MISSING : shown(own);
    return [{ path: `${path}.${name}`, expected: 'a text', found }];
  });
}

/** Returns whether the runtime has the locale's data; without, `Intl` would silently use the machine's locale. */
function isKnownLocale(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

/** The schema of a locale. */
export const localeField = v.pipe(
  v.string('a locale'),
  v.check(isKnownLocale, 'a locale that this runtime knows'),
);

/**
 * The schemas of the options of everything that is written for a reader: the place, and words that are checked by
 * {@link wordsFor}.
 */
export const readerFields = {
  locale: localeField,
  timeZone: timeZoneField,
  words: v.optional(v.looseObject({}), {}),
};

/** The schema of the options of what is sent to a patron: the reader, who sends it, and the patron's name. */
export const letterOptions = v.object({
  ...readerFields,
  issuer: v.optional(v.array(v.string()), []),
  patron: v.exactOptional(v.string()),
});

/** Returns the formatting functions for a checked locale and time zone. */
export function readerFormat(currency: string, { locale, timeZone }: ReaderPlace): ReaderFormat {
  const digits = digitsOf(currency);
  const numbers = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const symbol = numbers.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? '';
  // From right to left, the sign of "US$" would move to its other side.
  const isTurned = /[a-z]/i.test(symbol) && /[\u061C\u200F]/.test(numbers.format(0));
  const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  const dates = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  return {
    // `format` accepts decimal strings and keeps them exact; its type says so only from ES2023 on.
    amount: (amount) => {
      const text = numbers.format(amount as unknown as number);
      return isTurned ? text.replace(symbol, `\u2066${symbol}\u2069`) : text;
    },
    moment: (at) => {
      const instant = instantOf(at);
      return Number.isNaN(instant) ? shownText(at) : dates.format(instant);
    },
    day: (date) => (isDate(date) ? days.format(Date.parse(`${date}T00:00:00Z`)) : shownText(date)),
  };
}
