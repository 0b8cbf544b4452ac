import type { RecordedActor } from '../../account/circumstances.js';
import { foldOffice } from '../foldOffice.js';

/** What every event of a row of a payout that belongs to no payment has. */
export type ProviderRowBase = {
  /** The id of the row. */
  readonly rowId: string;
  /** The payment method of its report. */
  readonly method: string;
  /** What the payout has of it, a decimal string with a sign: below 0 is a cost. */
  readonly amount: string;
  /** ISO 4217 code of the amount: that of the payout. */
  readonly currency: string;
  /** When it was read: ISO 8601 with a zone. */
  readonly at: string;
  /** Who read it. */
  readonly by: RecordedActor;
};

/**
 * A row of a payout that belongs to no payment was recorded: a cost of the provider, a correction, or a payout that
 * failed at the bank and comes again.
 */
export type ProviderRowRecorded = {
  /** The event's name. */
  readonly type: 'ProviderRowRecorded';
  /** The row. */
  readonly data: ProviderRowBase & {
    /** The provider's payout. */
    readonly payoutId: string;
    /** The day of the payout, `YYYY-MM-DD`. */
    readonly paidOn: string;
    /** The payout that failed at the bank and whose money this one has again; left out for every other row. */
    readonly failedPayout?: string;
    /** The payout that had the row before, which failed; left out for the first. */
    readonly instead?: string;
  };
};

/** A later report says which payment the row belongs to: that payment has it now, and this stream no longer does. */
export type ProviderRowReversed = {
  /** The event's name. */
  readonly type: 'ProviderRowReversed';
  /** The row. */
  readonly data: ProviderRowBase;
};

/** An event of a row of a payout that belongs to no payment. */
export type ProviderRowEvent = ProviderRowRecorded | ProviderRowReversed;

/** A row of a payout that belongs to no payment. */
export type ProviderRow = ProviderRowRecorded['data'] & {
  /** The payouts that had it before and failed. */
  readonly earlierPayouts: readonly string[];
  readonly isReversed: boolean;
  readonly eventCount: number;
};

/** Folds the events of a row of a payout that belongs to no payment; null without events. */
export function foldProviderRow(
  events: Iterable<ProviderRowEvent>,
  before: ProviderRow | null = null,
): ProviderRow | null {
  let state = before;
  foldOffice(events, before?.eventCount ?? 0, ({ type, data }, fail) => {
    const eventCount = (state?.eventCount ?? 0) + 1;
    if (type === 'ProviderRowRecorded') {
      if (state !== null && (state.isReversed || data.instead !== state.payoutId))
        fail(`the row ${state.rowId} is recorded already`);
      const earlierPayouts = state === null ? [] : [...state.earlierPayouts, state.payoutId];
      state = { ...data, earlierPayouts, isReversed: false, eventCount };
      return;
    }
    if (state === null || state.isReversed) return fail('no row is recorded');
    state = { ...state, isReversed: true, eventCount };
  });
  return state;
}
