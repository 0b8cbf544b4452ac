import type { JournalEntry } from './journal.js';

/** The days of the first and the last entry, `YYYY-MM-DD`. */
export type DaySpan = {
  /** The day of the earliest entry. */
  readonly firstDay: string;
  /** The day of the latest entry. */
  readonly lastDay: string;
};

/** Returns the shortest span that contains both. */
export function widened(span: DaySpan | null, other: DaySpan): DaySpan {
  if (span === null || (other.firstDay <= span.firstDay && other.lastDay >= span.lastDay)) return other;
  if (other.firstDay < span.firstDay) return { ...span, firstDay: other.firstDay };
  return other.lastDay > span.lastDay ? { ...span, lastDay: other.lastDay } : span;
}

/** An entry with the additional data of a text format. */
export type WrittenEntry = JournalEntry & {
  /** The patron. */
  readonly patronId: string;
  /** The day in the library's time zone, `YYYY-MM-DD`. */
  readonly day: string;
};

/** The balance of a ledger account at the end of a journal, in one currency. */
export type WrittenBalance = {
  /** The name of the ledger account. */
  readonly name: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The balance, a decimal string. */
  readonly amount: string;
};

/** The data for the end of a journal. */
export type WrittenEnd = DaySpan & {
  /** The balance of each account. */
  readonly balances: readonly WrittenBalance[];
  /** Whether the program that reads the journal should check the balances. */
  readonly assertBalances: boolean;
};

/** The text format of a plain text accounting program. */
export type LedgerText = {
  /** Writes the beginning of the file. `currency` is the currency of the books. */
  readonly beginning: (institution: string, currency: string) => string;
  /** Writes the text before the first entry in a currency. */
  readonly currency: (code: string, minorDigits: number) => string;
  /** Writes an entry with postings. `nameOf` returns the name of an account. */
  readonly entry: (
    entry: WrittenEntry,
    nameOf: (posting: JournalEntry['postings'][number]) => string,
  ) => string;
  /** Writes the end of the file, if there were entries. */
  readonly end: (end: WrittenEnd) => string;
};
