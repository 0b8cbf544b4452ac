import * as v from 'valibot';
import { minorDigits } from '../money/currency.js';
import { type ActivityReportWords, englishReportWords } from './activityReportWords.js';
import { checkedArgument } from './checkedArgument.js';
import { instantOf } from './instant.js';
import { shownText } from './shownText.js';

/** For whom an activity report is written out. */
export type ActivityReportOptions = {
  /** The locale for amounts and dates, a BCP 47 tag. There is no default: a server's own locale says nothing. */
  readonly locale: string;
  /** The time zone for dates, an IANA name, e.g. `Europe/Vienna`. */
  readonly timeZone: string;
  /** Words in another language, with their `language`; English where left out. */
  readonly words?: Partial<ActivityReportWords>;
};

/** How the parts of a report are written. */
export type ActivityReportFormat = {
  /** The words. */
  readonly words: ActivityReportWords;
  /** Writes an amount. */
  readonly amount: (amount: string) => string;
  /** Writes an instant; text that is none is shown as any other text. */
  readonly moment: (at: string) => string;
};

/** Tells whether the runtime has the locale's data: without, `Intl` would silently take the machine's own locale. */
function isKnownLocale(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const optionsSchema = v.object({
  locale: v.pipe(v.string('a locale'), v.check(isKnownLocale, 'a locale that this runtime knows')),
  timeZone: v.pipe(v.string('a time zone'), v.check(isTimeZone, 'a time zone that this runtime knows')),
  words: v.optional(v.looseObject({}), {}),
});

/**
 * Prepares everything that depends on the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or a time zone that the runtime does not know
 */
export function activityReportFormat(currency: string, options: ActivityReportOptions): ActivityReportFormat {
  const { locale, timeZone, words } = checkedArgument(optionsSchema, options, 'options');
  const digits = minorDigits(currency) as number;
  const numbers = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const dates = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  return {
    words: { ...englishReportWords, ...words },
    // As text and not as a number: `format` takes decimal strings exactly, which its type does not say before ES2023.
    amount: (amount) => numbers.format(amount as unknown as number),
    moment: (at) => {
      const instant = instantOf(at);
      return Number.isNaN(instant) ? shownText(at) : dates.format(instant);
    },
  };
}
