import type { AccountEvent } from '../../account/events.js';
import { applyOne, type FoldOptions } from '../../account/fold.js';
import { type AccountState, emptyAccount } from '../../account/patronAccount.js';
import { PatronFeesError } from '../../errors.js';
import type { Posting } from './posting.js';
import { posted } from './postingsOf.js';

/** An event as an accountant sees it. */
export type JournalEntry = {
  /** The event's place in its stream; the first one has 1. */
  readonly version: number;
  /** The event. */
  readonly event: AccountEvent;
  /** ISO 4217 code of all amounts of the account. */
  readonly currency: string;
  /** How many decimals that currency has. */
  readonly minorDigits: number;
  /** What it posts; sums to zero. Empty where no money moves: a dispute, for one. */
  readonly postings: readonly Posting[];
};

/**
 * The journal of one account: one entry for each event, in the stream's order, made while the events are folded.
 *
 * Added up, the postings are the account: `receivable` is what remains of its fees, disputed ones included; `credits`
 * what is unused of its credits, as a negative balance; `transferred` what is pending with an external system. The two
 * first together are the active and the disputed balance, and the third is the transferred balance.
 *
 * @param events - what happened, from the first event of a stream
 * @param options - the name of the stream, for error messages
 * @returns the entries, each made when it is asked for
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` when an event cannot follow the events before it;
 * `INVALID_ARGUMENT` for what is no list
 *
 * @example
 * ```ts
 * import { journal } from 'patron-fees/institution';
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
  options: FoldOptions = {},
): Generator<JournalEntry, void, undefined> {
  yield* entriesOn(emptyAccount() as AccountState, events, options);
}

/** The entries of events that are folded onto an account, which each entry leaves as it is after the event. */
export function* entriesOn(
  state: AccountState,
  events: Iterable<AccountEvent>,
  options: FoldOptions,
): Generator<JournalEntry, void, undefined> {
  if (typeof events?.[Symbol.iterator] !== 'function') {
    throw new PatronFeesError('INVALID_ARGUMENT', 'events: expected a list of events');
  }
  for (const event of events) {
    applyOne(state, event, options.stream);
    // The first event sets the currency: nothing can be disputed or returned before something was charged.
    const { eventCount: version, currency, minorDigits } = state;
    yield { version, event, currency: currency as string, minorDigits, postings: posted(event, state) };
  }
}
