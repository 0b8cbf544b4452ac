import { type BankAccount, idOfRecord } from '../../office/bank/bankAccount.js';
import type { BankEntry } from './bankEntry.js';

/**
 * Knows the days of which statements have entries that are confirmed or booked, so that an entry without a reference of the bank, which is
 * identified by its place in a statement, is not taken for another one when two statements have it.
 */
export function statementDays({ records, reversed }: BankAccount) {
  const idsByDay = new Map<string, string[]>();
  const seen = new Set<string>();
  const add = (day: string, entryId: string) => idsByDay.set(day, [...(idsByDay.get(day) ?? []), entryId]);
  for (const record of records.values()) {
    if ('entryId' in record.data && !reversed.has(idOfRecord(record)))
      add(record.data.bookedOn, record.data.entryId);
  }
  return {
    /** The entries of this run that confirm something or are booked. */
    seen: seen as ReadonlySet<string>,
    /** Remembers an entry of this run that confirms something or is booked. */
    remember({ bookedOn, entryId }: BankEntry): void {
      seen.add(entryId);
      add(bookedOn, entryId);
    },
    /** Returns whether an entry that only its place identifies is of a day on which another statement had one. */
    coveredBefore({ statement, bookedOn }: BankEntry): boolean {
      if (statement === undefined) return false;
      return (idsByDay.get(bookedOn) ?? []).some((entryId) => !entryId.startsWith(`${statement}/`));
    },
  };
}
