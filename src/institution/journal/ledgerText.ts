import type { JournalEntry } from './journal.js';

/** The days of the first and the last entry, `YYYY-MM-DD`. */
export type DaySpan = {
  /** The day of the earliest entry. */
  readonly firstDay: string;
  /** The day of the latest entry. */
  readonly lastDay: string;
};

/** The shortest span that contains both. */
export function widened(span: DaySpan | null, other: DaySpan): DaySpan {
  if (span === null || (other.firstDay <= span.firstDay && other.lastDay >= span.lastDay)) return other;
  if (other.firstDay < span.firstDay) return { ...span, firstDay: other.firstDay };
  return other.lastDay > span.lastDay ? { ...span, lastDay: other.lastDay } : span;
}

/** An entry with what a text format says besides its postings. */
export type WrittenEntry = JournalEntry & {
  /** The patron. */
  readonly patronId: string;
  /** The day in the library's time zone, `YYYY-MM-DD`. */
  readonly day: string;
};

/** What stands on a ledger account at the end of a journal, in one currency. */
export type WrittenBalance = {
  /** The name of the ledger account. */
  readonly name: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The balance, a decimal string. */
  readonly amount: string;
};

/** The end of a journal. */
export type WrittenEnd = DaySpan & {
  /** What stands on each account. */
  readonly balances: readonly WrittenBalance[];
  /** Whether the program that reads the journal is to check the balances. */
  readonly assertBalances: boolean;
};

/** A format of a program for plain text accounting. */
export type LedgerText = {
  /** The beginning of the file. `currency` is the one that the books are in. */
  readonly beginning: (institution: string, currency: string) => string;
  /** What comes before the first entry in a currency. */
  readonly currency: (code: string, minorDigits: number) => string;
  /** An entry that posts something. `nameOf` gives the name of an account. */
  readonly entry: (
    entry: WrittenEntry,
    nameOf: (posting: JournalEntry['postings'][number]) => string,
  ) => string;
  /** What comes last, where there were entries. */
  readonly end: (end: WrittenEnd) => string;
};
