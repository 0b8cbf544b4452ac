import * as v from 'valibot';
import type { AccountEvent, EventOf } from '../../account/events/accountEvent.js';
import { applyOne, type FoldOptions } from '../../account/fold.js';
import { type AccountState, emptyAccount } from '../../account/patronAccount.js';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { digitsOf } from '../../money/currency.js';
import { parseAmount } from '../../money/money.js';
import type { LedgerAccount, Posting } from './ledgerAccount.js';
import { type PostingOptions, posted, postingFields } from './postingsOf.js';

/** An event with its postings. */
export type JournalEntry = {
  /** The event's position in its stream, counted from 1. */
  readonly version: number;
  /** The event. */
  readonly event: AccountEvent;
  /**
   * ISO 4217 code of all amounts of the account; null before its first amount, e.g. for a merge of an empty account.
   */
  readonly currency: string | null;
  /** The number of decimals of that currency; meaningless before the first amount. */
  readonly minorDigits: number;
  /**
   * The month of removed events, `YYYY-MM`: an account that was purged begins with an entry for each month, which has
   * the totals of what its removed events posted. Absent for every other entry.
   */
  readonly month?: string;
  /** The postings, which sum to zero. Empty if no money moves, e.g. for a dispute. */
  readonly postings: readonly Posting[];
};

/** The options of {@link journal}. */
export type AccountJournalOptions = FoldOptions & PostingOptions;

/**
 * Yields the journal of one account: one entry for each event, in the stream's order, while the events are folded.
 *
 * The sums of the postings match the account: `receivable` is the remaining amount of its fees, disputed ones included;
 * `credits` is the unused amount of its credits, as a negative balance; `transferred` is the pending amount at an
 * external system. `receivable` and `credits` together are the active and the disputed balance; `transferred` is the
 * transferred balance.
 *
 * @param events - the events, from the first of a stream
 * @param options - accrual or cash basis; the id of the stream, for error messages
 * @returns the entries, computed one by one during iteration
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if an event cannot follow the events before
 * it; `INVALID_ARGUMENT` if `events` is not a list
 *
 * @example
 * ```ts
 * import { journal } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at };
 * const waiver = { waiverId: 'w1', feeId: 'f1', amount: '10.00', currency: 'USD', at };
 * const entries = journal([{ type: 'FeeAssessed', data: fee }, { type: 'FeeWaived', data: waiver }]);
 * [...entries].map(({ postings }) => postings.map(({ account, amountMinor }) => [account[0], amountMinor]));
 * //=> [
 * //     [['receivable', 2500], ['revenue', -2500]],
 * //     [['waivers', 1000], ['receivable', -1000]],
 * //   ]
 * ```
 */
export function* journal(
  events: Iterable<AccountEvent>,
  options: AccountJournalOptions = {},
): Generator<JournalEntry, void, undefined> {
  yield* entriesOn(emptyAccount() as AccountState, events, options);
}

/**
 * Yields the entries of events that are folded onto an account. At each entry, the account is in its state after the
 * event.
 */
export function* entriesOn(
  state: AccountState,
  events: Iterable<AccountEvent>,
  options: AccountJournalOptions,
): Generator<JournalEntry, void, undefined> {
  if (typeof events?.[Symbol.iterator] !== 'function') {
    throw new PatronFeesError('INVALID_ARGUMENT', 'events: expected a list of events');
  }
  checkedArgument(v.object(postingFields), options, 'options');
  for (const event of events) {
    // Folded onto the account itself, a purge posts nothing: its events were posted one by one.
    const isFirst = state.eventCount === 0;
    applyOne(state, event, options.stream);
    if (event.type === 'AccountPurged' && isFirst) {
      yield* purgedEntries(event, state);
      continue;
    }
    const { eventCount: version, currency, minorDigits } = state;
    // Only merges can come before the event that sets the currency, and they move no money.
    const postings = currency === null ? [] : posted(event, state, options);
    yield { version, event, currency, minorDigits, postings };
  }
}

/** Yields an entry for each month of the events that a purge has removed. */
function* purgedEntries(
  event: EventOf<'AccountPurged'>,
  { eventCount: version }: AccountState,
): Generator<JournalEntry, void, undefined> {
  const { currency, totals } = event.data;
  const digits = digitsOf(currency);
  for (const month of [...new Set(totals.map((total) => total.month))].sort()) {
    const postings = totals
      .filter((total) => total.month === month)
      .map(({ account, side, amount, desk, vatPercent }) => {
        const minor = parseAmount(amount, digits);
        return {
          account: account as LedgerAccount,
          amountMinor: side === 'debit' ? minor : -minor,
          rowId: null,
          ...(desk !== undefined && { desk }),
          ...(vatPercent !== undefined && { vatPercent }),
        };
      });
    yield { version, event, currency, minorDigits: digits, month, postings };
  }
}
