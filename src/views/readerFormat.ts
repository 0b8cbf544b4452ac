import * as v from 'valibot';
import { instantOf } from '../input/instant.js';
import { minorDigits } from '../money/currency.js';
import { shownText } from './shownText.js';

/** Where a reader is. There is no default: a server's own place says nothing. */
export type ReaderPlace = {
  /** The locale for amounts and dates, a BCP 47 tag. */
  readonly locale: string;
  /** The time zone for dates, an IANA name, e.g. `Europe/Vienna`. */
  readonly timeZone: string;
};

/** How what depends on the reader's place is written. */
export type ReaderFormat = {
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

/** A locale. */
export const localeField = v.pipe(
  v.string('a locale'),
  v.check(isKnownLocale, 'a locale that this runtime knows'),
);

/** Prepares what depends on the reader's place, which has been checked. */
export function readerFormat(currency: string, { locale, timeZone }: ReaderPlace): ReaderFormat {
  const digits = minorDigits(currency) as number;
  const numbers = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const dates = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  return {
    // As text and not as a number: `format` takes decimal strings exactly, which its type does not say before ES2023.
    amount: (amount) => numbers.format(amount as unknown as number),
    moment: (at) => {
      const instant = instantOf(at);
      return Number.isNaN(instant) ? shownText(at) : dates.format(instant);
    },
  };
}
