import type { AccountEvent, AccountEventType } from '../../src/index.js';
import { type JournalEntry, journal } from '../../src/jobs/reports/index.js';

/**
 * Returns the postings of the last event of a history, one line each: account, amount in minor units, fee or credit.
 */
export function postingsAfter(...history: readonly AccountEvent[]): readonly string[] {
  return linesOf([...journal(history)].at(-1));
}

/** What the last event of a type posts in a history, in the same lines. */
export function postingsOf(type: AccountEventType, history: readonly AccountEvent[]): readonly string[] {
  return linesOf([...journal(history)].filter(({ event }) => event.type === type).at(-1));
}

function linesOf(entry: JournalEntry | undefined): readonly string[] {
  return (entry?.postings ?? []).map(({ account, amountMinor, rowId }) =>
    [account.join(':'), amountMinor, ...(rowId === null ? [] : [rowId])].join(' '),
  );
}
