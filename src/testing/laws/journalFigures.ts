import type { AccountEvent } from '../../account/events.js';

/** A posting as far as the law looks at it. */
export type PostingFigures = {
  /** The ledger account; the first word tells what it is: `receivable`, `credits`, `transferred`, or anything else. */
  readonly account: readonly (string | undefined)[];
  /** In integer minor units; a debit is positive, a credit negative. */
  readonly amountMinor: number;
  /** The fee or the credit that the line is about; null for none. */
  readonly rowId: string | null;
};

/** An entry as far as the law looks at it: what one event posts. */
export type EntryFigures = {
  /** The postings; none where no money moves. */
  readonly postings: readonly PostingFigures[];
};

/** Makes the journal of one account: an entry for each event, in order. */
export type JournalOf = (events: readonly AccountEvent[]) => Iterable<EntryFigures>;
