import { minorUnits } from '../../money/money.js';
import { foldTill } from '../../office/till/till.js';
import type { TillClosed, TillEvent, TillOpened } from '../../office/till/tillEvents.js';
import { credit, debit, type Posting } from './ledgerAccount.js';

/** The postings of an event of a till, with the desk of its session. */
export type TillPostings = {
  /** The postings, which sum to zero. Empty for a float of zero. */
  readonly postings: readonly Posting[];
  /** The desk at which the till was opened. */
  readonly desk: string | undefined;
};

/**
 * Returns the postings of the events of a till. With the payments of its sessions, the drawer of each method is empty
 * after a count: what was expected there has become the deposit, has gone back to the safe, or was missing.
 *
 * @param events - all events of the till, in the stream's order
 * @returns the postings of each event
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideTill, emptyTill } from 'patron-fees/office';
 * import { tillPostings } from 'patron-fees/reports';
 *
 * const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
 * const open = { type: 'OpenTill', id: 'CIRC/1', float: '50', at: '2026-03-02T09:00:00-05:00', by } as const;
 * const { events } = decideTill(open, emptyTill, definePolicy({ currency: 'USD' }));
 * tillPostings(events)[0]?.postings.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['cash,CASH', 5000], ['safe', -5000]]
 * ```
 */
export function tillPostings(events: readonly TillEvent[]): readonly TillPostings[] {
  foldTill(events);
  let session: TillOpened['data'] | undefined;
  return [...events].map((event) => {
    if (event.type === 'TillDifferenceAccepted') return { postings: [], desk: event.data.by.desk };
    if (event.type === 'TillOpened') session = event.data;
    const { floatMethod, by } = session as TillOpened['data'];
    return { postings: posted(event, floatMethod), desk: by.desk };
  });
}

function posted(event: TillEvent, floatMethod: string): readonly Posting[] {
  switch (event.type) {
    case 'TillOpened':
      return fromSafe(floatMethod, event.data.float, 1);
    case 'TillMoneyMoved':
      return fromSafe(floatMethod, event.data.amount, event.data.direction === 'in' ? 1 : -1);
    case 'TillClosed':
      return counted(event.data);
    case 'TillDifferenceAccepted':
      return [];
  }
}

/** Posts money from the safe into the drawer (sign 1), or back (sign -1). */
function fromSafe(method: string, amount: string, sign: 1 | -1): readonly Posting[] {
  const minor = sign * Number(minorUnits(amount));
  return minor === 0 ? [] : [debit(['cash', method], minor, null), credit(['safe'], minor, null)];
}

/** Posts a count: the expected money leaves the drawer. What is not deposited returns to the safe. */
function counted({ counts }: TillClosed['data']): readonly Posting[] {
  const kept = counts.reduce((sum, count) => sum + minorUnits(count.counted) - minorUnits(count.deposit), 0n);
  const postings = counts.flatMap(({ method, expected, difference, deposit }) => [
    credit(['cash', method], Number(minorUnits(expected)), null),
    credit(['overShort', method], Number(minorUnits(difference)), null),
    debit(['deposited', method], Number(minorUnits(deposit)), null),
  ]);
  return [...postings, debit(['safe'], Number(kept), null)].filter(({ amountMinor }) => amountMinor !== 0);
}
