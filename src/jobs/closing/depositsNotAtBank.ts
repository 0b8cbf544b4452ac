import { daysBetween } from '../../job/localDay.js';
import type { BankAccount } from '../../office/bank/bankAccount.js';
import type { TillSession } from '../../office/till/till.js';
import {
  depositsOf,
  type ExpectedItem,
  leftOf,
  type Settled,
  safeDepositsOf,
  settledAt,
  settledWith,
} from '../bank/expectedItems.js';

/** Which deposits the bank should have by now. */
export type ExpectedDeposits = {
  /** Returns the local day of an instant. */
  readonly dayOf: (at: string) => string;
  /** The first day; undefined if the bank's first confirmed entry decides. */
  readonly from: string | undefined;
  /** The last day of the month. */
  readonly through: string;
  /** The number of days that the bank may take. */
  readonly withinDays: number;
};

/**
 * Collects the deposits of tills and from the safe, or what is left of them, that no account at a bank has confirmed and
 * nobody has ended. There are none as long as no
 * entry of a bank was confirmed, and only those that are at most `withinDays` older than the first such entry: a library that
 * begins to compare its statements is not told of the years before.
 */
export function depositsNotAtBank({ dayOf, from, through, withinDays }: ExpectedDeposits) {
  const deposits: ExpectedItem[] = [];
  let settled: Settled = new Map();
  let firstEntry: string | undefined;
  let isWhole = true;
  const add = (items: readonly ExpectedItem[]) =>
    deposits.push(...items.filter(({ day }) => daysBetween(day, through) > withinDays));
  return {
    /** Adds what left a till. */
    addTill: (till: string, sessions: readonly TillSession[]) => {
      add(depositsOf(till, { sessions }, dayOf));
    },
    /** Adds an account at a bank; null for one that cannot be read: then nothing is known to be missing. */
    addBank(account: BankAccount | null): void {
      if (account === null) {
        isWhole = false;
        return;
      }
      ({ settled } = settledWith(settled, account));
      // The ids of deposits from the safe are those of the account.
      const own = settledAt(account);
      add(safeDepositsOf(account, dayOf).flatMap((one) => leftOf(one, own) ?? []));
      for (const { data } of account.records.values())
        if ('bookedOn' in data && (firstEntry === undefined || data.bookedOn < firstEntry))
          firstEntry = data.bookedOn;
    },
    /** Returns what is missing, the oldest first. */
    missing: (): readonly ExpectedItem[] => {
      if (firstEntry === undefined || !isWhole) return [];
      const first = firstEntry;
      const isExpected = (day: string) =>
        from === undefined ? daysBetween(day, first) <= withinDays : day >= from;
      return deposits
        .filter(({ day }) => isExpected(day))
        .flatMap((one) => leftOf(one, settled) ?? [])
        .sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
    },
  };
}
