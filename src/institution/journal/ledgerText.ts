import type { DaySpan } from './daySpan.js';
import type { JournalEntry } from './journal.js';

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

/** How a program for plain text accounting wants a journal to be written. */
export type LedgerText = {
  /** What comes first. */
  readonly beginning: (institution: string) => string;
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
