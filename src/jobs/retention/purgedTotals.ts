import type { PurgedTotal } from '../../account/events/accountEvent.js';
import { deskOf } from '../../books/journal/chart.js';
import { type JournalEntry, journal } from '../../books/journal/journal.js';
import type { Posting } from '../../books/journal/ledgerAccount.js';
import type { PostingOptions } from '../../books/journal/postingsOf.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { formatAmount } from '../../money/money.js';

/** Sums the journal of an account by month and ledger account, cash by desk, and what has tax by its rate. */
export function purgedTotals(
  recorded: readonly RecordedEvent[],
  dayOf: (at: string) => string,
  options: PostingOptions,
) {
  const [first] = recorded;
  const sums = new Map<string, { readonly total: Omit<PurgedTotal, 'side' | 'amount'>; minor: number }>();
  let currency: string | null = null;
  let digits = 0;
  for (const entry of journal(
    recorded.map(({ event }) => event),
    options,
  )) {
    ({ currency, minorDigits: digits } = entry);
    const { recordedAt } = recorded[entry.version - (first as RecordedEvent).version] as RecordedEvent;
    const month = entry.month ?? dayOf(recordedAt).slice(0, -'-DD'.length);
    for (const posting of entry.postings) {
      const total = { month, ...placeOf(posting, entry) };
      const key = JSON.stringify(total);
      const sum = sums.get(key) ?? { total, minor: 0 };
      sums.set(key, sum);
      sum.minor += posting.amountMinor;
    }
  }
  const list = [...sums.values()]
    .filter(({ minor }) => minor !== 0)
    .map(
      ({ total: { month, account, ...place }, minor }): PurgedTotal => ({
        month,
        account,
        side: minor > 0 ? 'debit' : 'credit',
        amount: formatAmount(Math.abs(minor), digits),
        ...place,
      }),
    );
  return { currency, list };
}

/** Returns the account of a posting, and what else a chart of accounts can ask for. */
function placeOf(
  posting: Posting,
  entry: JournalEntry,
): Pick<PurgedTotal, 'account' | 'desk' | 'vatPercent'> {
  const { account, vatPercent } = posting;
  const desk = account[0] === 'cash' ? deskOf(entry, posting) : undefined;
  return {
    account: (account as readonly (string | undefined)[]).filter((code) => code !== undefined),
    ...(desk !== undefined && { desk }),
    ...(vatPercent !== undefined && { vatPercent }),
  };
}
