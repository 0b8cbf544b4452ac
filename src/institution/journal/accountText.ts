import { PatronFeesError } from '../../errors.js';
import { type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import { journal } from './journal.js';
import { addTo, type Ledger, ledgerAccountName, ledgerKey, type Posting } from './ledgerAccount.js';
import { type DaySpan, type LedgerText, type WrittenEntry, widened } from './ledgerText.js';

/** The part of an exported journal for one patron account. */
export type AccountText = {
  /** The text of its entries. */
  readonly text: string;
  /** The number of entries. */
  readonly entries: number;
  /** The currency of the account; null without entries. */
  readonly currency: string | null;
  /** The number of decimals of the currency. */
  readonly minorDigits: number;
  /** The balances of the ledger accounts. */
  readonly ledger: Ledger<number>;
  /** The days of the earliest and the latest entry; null without entries. */
  readonly days: DaySpan | null;
};

/** The first and last year that every program accepts. */
const YEAR_MIN = '1000';
const YEAR_MAX = '9998';

/**
 * Returns a function that writes accounts in a format. It throws `CORRUPT_HISTORY` for events that do not fold, and
 * `INVALID_EVENT` for an event on a day that some programs do not accept.
 */
export function accountWriter(
  format: LedgerText,
  dayOf: (at: string) => string,
): (stream: StreamId, events: readonly RecordedEvent[]) => AccountText {
  /** Names are cached: they are few, and there may be millions of postings. */
  const names = new Map<string, string>();
  const nameOf = ({ account }: Posting): string => {
    const key = ledgerKey(account);
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = ledgerAccountName(account);
    names.set(key, name);
    return name;
  };
  return (stream, events) => {
    const ledger: Ledger<number> = new Map();
    const texts: string[] = [];
    let days: DaySpan | null = null;
    let [currency, minorDigits]: [string | null, number] = [null, 0];
    const facts = events.map(({ event }) => event);
    for (const entry of journal(facts, { stream: streamName(stream) })) {
      if (entry.postings.length === 0) continue;
      const written = { ...entry, patronId: stream.patronId, day: dayIn(entry, dayOf) };
      const { day } = written;
      texts.push(format.entry(written, nameOf));
      for (const { account, amountMinor } of entry.postings) addTo(ledger, account, amountMinor);
      days = widened(days, { firstDay: day, lastDay: day });
      ({ currency, minorDigits } = entry);
    }
    return { text: texts.join(''), entries: texts.length, currency, minorDigits, ledger, days };
  };
}

/** Returns the day of an entry. Its year must have four digits, which every program accepts. */
function dayIn(
  { version, event }: Pick<WrittenEntry, 'version' | 'event'>,
  dayOf: (at: string) => string,
): string {
  const { at } = event.data;
  const day = dayOf(at);
  const year = day.slice(0, -'-MM-DD'.length);
  if (year.length === YEAR_MIN.length && year >= YEAR_MIN && year <= YEAR_MAX) return day;
  throw new PatronFeesError(
    'INVALID_EVENT',
    `event ${version} (${event.type}): at: expected a year from ${YEAR_MIN} to ${YEAR_MAX}, found ${at}`,
  );
}
