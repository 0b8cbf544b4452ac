import { PatronFeesError } from '../../errors.js';
import { type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import { journal } from './journal.js';
import { addTo, type Ledger, ledgerKey } from './ledger.js';
import { ledgerAccountName } from './ledgerAccount.js';
import { type DaySpan, type LedgerText, type WrittenEntry, widened } from './ledgerText.js';
import type { Posting } from './posting.js';

/** The part of an exported journal that is about one patron account. */
export type AccountText = {
  /** Its entries, written. */
  readonly text: string;
  /** How many there are. */
  readonly entries: number;
  /** The currency of the account; null where it has no entries. */
  readonly currency: string | null;
  /** How many decimals it has. */
  readonly minorDigits: number;
  /** What they add up to. */
  readonly ledger: Ledger<number>;
  /** The days of the earliest and the latest entry; null where there are none. */
  readonly days: DaySpan | null;
};

/** Days that every program takes. */
const YEAR_MIN = '1000';
const YEAR_MAX = '9998';

/**
 * Makes what writes accounts in a format. That throws `CORRUPT_HISTORY` for events that do not fold, and `INVALID_EVENT`
 * for one on a day that not every program takes.
 */
export function accountWriter(
  format: LedgerText,
  dayOf: (at: string) => string,
): (stream: StreamId, events: readonly RecordedEvent[]) => AccountText {
  /** Each name is made once: there are few of them, and millions of postings. */
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

/** The day of an entry, which must have four digits for its year in every program. */
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
