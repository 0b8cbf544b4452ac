import * as v from 'valibot';
import { instantOf, isDate } from '../input/instant.js';
import { minorDigits } from '../money/currency.js';
import { shownText } from './shownText.js';

/** The locale and time zone of a reader. They have no default, because the server's own are unrelated to the reader's. */
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

/** Returns the formatting functions for a checked locale and time zone. */
export function readerFormat(currency: string, { locale, timeZone }: ReaderPlace): ReaderFormat {
  const digits = minorDigits(currency) as number;
  const numbers = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  const dates = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  return {
    // `format` accepts decimal strings and keeps them exact; its type says so only from ES2023 on.
    amount: (amount) => numbers.format(amount as unknown as number),
    moment: (at) => {
      const instant = instantOf(at);
      return Number.isNaN(instant) ? shownText(at) : dates.format(instant);
    },
    day: (date) => (isDate(date) ? days.format(Date.parse(`${date}T00:00:00Z`)) : shownText(date)),
  };
}
