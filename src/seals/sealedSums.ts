import { unused } from '../account/credit.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { remaining } from '../account/fee.js';
import { type AccountState, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { entriesOn } from '../books/journal/journal.js';
import type { Posting } from '../books/journal/ledgerAccount.js';
import { isPosted, officePostings } from '../books/journal/officePostings.js';
import type { PostingOptions } from '../books/journal/postingsOf.js';
import { type RecordedEvent, type StreamKey, streamName } from '../history/eventStore.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, minorUnits } from '../money/money.js';
import type { OfficeEvent } from '../office/officeEvents.js';
import type { SealedSum } from '../office/seals/sealEvents.js';
import { compareBytes } from './sealFile.js';

/** What one event posts; each month that a purge has removed is an entry. */
type PostedEntry = {
  readonly version: number;
  readonly month?: string;
  readonly currency: string;
  readonly digits: number;
  readonly postings: readonly Posting[];
};

/** Returns whether the journal of a stream is summed: that of an account, a till, remittances or an online payment. */
export function isSummed(stream: StreamKey): boolean {
  return !('stream' in stream) || isPosted(stream);
}

/**
 * Folds the events of a stream, and yields what they post.
 *
 * @returns whether something of the account is open; false for a stream of the office
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY`
 */
export function* postedEntries(
  stream: StreamKey,
  events: readonly RecordedEvent<unknown>[],
  options: PostingOptions,
): Generator<PostedEntry, boolean> {
  if ('stream' in stream) {
    const facts = events.map(({ event }) => event as OfficeEvent);
    for (const [index, { postings }] of officePostings(stream, facts).entries()) {
      const { currency } = (facts[index] as Extract<OfficeEvent, { data: { currency: string } }>).data;
      yield { version: index + 1, currency, digits: digitsOf(currency), postings };
    }
    return false;
  }
  const account = emptyAccount() as AccountState;
  const facts = events.map(({ event }) => event as AccountEvent);
  for (const entry of entriesOn(account, facts, { ...options, stream: streamName(stream) })) {
    const { currency, minorDigits: digits } = entry;
    if (currency !== null) yield { ...entry, currency, digits };
  }
  return isOpen(account);
}

/** Returns whether something is owed, or a credit or a transfer is pending. */
function isOpen({ fees, credits }: PatronAccount): boolean {
  return (
    fees.some((fee) => remaining(fee) > 0 || fee.transferPending > 0) ||
    credits.some((credit) => unused(credit) > 0 || credit.transferPending > 0)
  );
}

/** Sums what was posted up to each of several cutoffs. */
export function sealedSums(cutoffs: number) {
  const ledgers = Array.from({ length: cutoffs }, () => new Map<string, Sum>());
  const add = (ledger: Map<string, Sum>, key: string, sum: Sum): void => {
    const before = ledger.get(key);
    ledger.set(key, before === undefined ? sum : { ...sum, amount: before.amount + sum.amount });
  };
  return {
    /** Adds what is posted between a cutoff and the one before. */
    add: (index: number, { currency, digits, postings }: PostedEntry): void => {
      for (const { account, amountMinor } of postings) {
        const codes = (account as readonly (string | undefined)[]).filter((code) => code !== undefined);
        const sum = { account: codes, currency, digits, amount: BigInt(amountMinor) };
        add(ledgers[index] as Map<string, Sum>, JSON.stringify([currency, ...codes]), sum);
      }
    },
    /** Adds balances. */
    addSums: (index: number, sums: readonly SealedSum[]): void => {
      for (const { account, currency, amount } of sums) {
        const sum = { account, currency, digits: digitsOf(currency), amount: minorUnits(amount) };
        add(ledgers[index] as Map<string, Sum>, JSON.stringify([currency, ...account]), sum);
      }
    },
    /** Returns the balances at each cutoff, sorted, without those that are zero. */
    result: (): readonly (readonly SealedSum[])[] => {
      const total = new Map<string, Sum>();
      return ledgers.map((ledger) => {
        for (const [key, sum] of ledger) add(total, key, sum);
        return [...total]
          .filter(([, { amount }]) => amount !== 0n)
          .sort(([a], [b]) => compareBytes(a, b))
          .map(([, { account, currency, digits, amount }]) => ({
            account,
            currency,
            amount: formatAmount(amount, digits),
          }));
      });
    },
  };
}

type Sum = {
  readonly account: readonly string[];
  readonly currency: string;
  readonly digits: number;
  readonly amount: bigint;
};
