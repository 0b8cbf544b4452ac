import type { AccountEvent } from '../../account/events/accountEvent.js';

/** The fields of a posting that the law reads. */
export type PostingFigures = {
  /** The ledger account. Its first word is its kind: `receivable`, `credits`, `transferred`, or anything else. */
  readonly account: readonly (string | undefined)[];
  /** The amount in integer minor units; a debit is positive, a credit negative. */
  readonly amountMinor: number;
  /** The fee or the credit that the posting is about; null if there is none. */
  readonly rowId: string | null;
};

/** The fields of an entry that the law reads. An entry has the postings of one event. */
export type EntryFigures = {
  /** The postings; empty if no money moves. */
  readonly postings: readonly PostingFigures[];
};

/** Returns the journal of one account: an entry for each event, in order. */
export type JournalOf = (events: readonly AccountEvent[]) => Iterable<EntryFigures>;
