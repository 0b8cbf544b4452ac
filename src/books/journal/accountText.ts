import { PatronFeesError } from '../../errors.js';
import { type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import type { LedgerNames } from './chart.js';
import { journal } from './journal.js';
import { addTo, type Ledger } from './ledgerAccount.js';
import { type DaySpan, type LedgerText, type WrittenEntry, widened } from './ledgerText.js';
import type { PostingOptions } from './postingsOf.js';

/** The part of an exported journal for one stream: of a patron account, or of the office. */
export type AccountText = {
  /** Writes its entries, whose first one has a number in the file. */
  readonly textFrom: (number: number) => string;
  /** The number of entries of the period. */
  readonly entries: number;
  /** The currency of the stream; null without entries. */
  readonly currency: string | null;
  /** The number of decimals of the currency. */
  readonly minorDigits: number;
  /** The balances at the beginning of the period, by name. */
  readonly opening: Ledger<number>;
  /** The balances at the end of the period, by name. */
  readonly ledger: Ledger<number>;
  /** The sums of each month of the period, `YYYY-MM`, by name; only in a summary. */
  readonly months: ReadonlyMap<string, Ledger<number>>;
  /** The days of the earliest and the latest entry of the period; null without entries. */
  readonly days: DaySpan | null;
};

/** The period of a journal, and which of its entries are written. */
export type JournalPeriod = {
  /** The time that an entry is posted at. */
  readonly postedBy: 'recordedAt' | 'at';
  /** Returns the day of an instant. */
  readonly dayOf: (at: string) => string;
  /** The first day; undefined from the beginning. */
  readonly from: string | undefined;
  /** The last day; undefined to the end. */
  readonly through: string | undefined;
  /** Whether only the sums of each month are written. */
  readonly isSummary: boolean;
  /** Accrual or cash basis, and how lost items are posted. */
  readonly postings?: PostingOptions;
};

/** The first and last year that every program accepts. */
const YEAR_MIN = '1000';
const YEAR_MAX = '9998';

/** An entry of a stream, with the names of its accounts and its time of recording. */
export type StreamEntry = Omit<WrittenEntry, 'owner' | 'day' | 'happened' | 'number'>;

/**
 * Returns a function that writes accounts in a format. It throws `CORRUPT_HISTORY` for events that do not fold, and
 * `INVALID_EVENT` for an event on a day that some programs do not accept.
 */
export function accountWriter(
  format: LedgerText,
  names: LedgerNames,
  period: JournalPeriod,
): (stream: StreamId, events: readonly RecordedEvent[]) => AccountText {
  return (stream, events) => {
    // Above 1 after a purge.
    const first = events[0]?.version ?? 1;
    function* entries(): Generator<StreamEntry> {
      const facts = events.map(({ event }) => event);
      for (const entry of journal(facts, { ...period.postings, stream: streamName(stream) })) {
        const { currency } = entry;
        if (currency === null) continue;
        const { recordedAt } = events[entry.version - first] as RecordedEvent;
        yield { ...entry, currency, postings: names(entry), recordedAt };
      }
    }
    return streamText(format, period, ['patron', stream.patronId], entries());
  };
}

/** Writes the entries of a stream in a format. */
export function streamText(
  format: LedgerText,
  { postedBy, dayOf, from, through, isSummary }: JournalPeriod,
  owner: WrittenEntry['owner'],
  stream: Iterable<StreamEntry>,
): AccountText {
  const [opening, ledger]: [Ledger<number>, Ledger<number>] = [new Map(), new Map()];
  const months = new Map<string, Ledger<number>>();
  const written: Omit<WrittenEntry, 'number'>[] = [];
  let [entries, days]: [number, DaySpan | null] = [0, null];
  let [currency, minorDigits]: [string | null, number] = [null, 0];
  for (const entry of stream) {
    const { event, postings, recordedAt } = entry;
    if (postings.length === 0) continue;
    const posted = postedBy === 'at' ? event.data.at : recordedAt;
    const ofMonth = entry.month === undefined ? undefined : lastDayOf(entry.month);
    const day = ofMonth ?? acceptedDay(entry, posted, dayOf(posted));
    if (through !== undefined && day > through) continue;
    ({ currency, minorDigits } = entry);
    const isBefore = from !== undefined && day < from;
    const sums = isBefore ? opening : isSummary ? ledgerIn(months, day.slice(0, -'-DD'.length)) : null;
    for (const { account, name, amountMinor } of postings) {
      addTo(ledger, account, amountMinor, name);
      if (sums !== null) addTo(sums, account, amountMinor, name);
    }
    if (isBefore) continue;
    entries += 1;
    days = widened(days, { firstDay: day, lastDay: day });
    if (isSummary) continue;
    written.push({ ...entry, owner, day, happened: ofMonth ?? dayOf(event.data.at) });
  }
  const textFrom = (number: number) =>
    written.map((entry, index) => format.entry({ ...entry, number: number + index })).join('');
  return { textFrom, entries, currency, minorDigits, opening, ledger, months, days };
}

/** Returns the last day of a month. */
export function lastDayOf(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return `${month}-${String(days).padStart(2, '0')}`;
}

function ledgerIn(months: Map<string, Ledger<number>>, month: string): Ledger<number> {
  const known = months.get(month);
  if (known !== undefined) return known;
  const ledger: Ledger<number> = new Map();
  months.set(month, ledger);
  return ledger;
}

/** Checks the day of an entry. Its year must have four digits, which every program accepts. */
function acceptedDay(
  { version, event }: Pick<WrittenEntry, 'version' | 'event'>,
  posted: string,
  day: string,
): string {
  const year = day.slice(0, -'-MM-DD'.length);
  if (year.length === YEAR_MIN.length && year >= YEAR_MIN && year <= YEAR_MAX) return day;
  throw new PatronFeesError(
    'INVALID_EVENT',
    `event ${version} (${event.type}): at: expected a year from ${YEAR_MIN} to ${YEAR_MAX}, found ${posted}`,
  );
}
