import type { PurgedTotal } from '../../account/events/purgeEvents.js';
import { journal } from '../../books/journal/journal.js';
import { addTo, type Ledger } from '../../books/journal/ledgerAccount.js';
import type { PostingOptions } from '../../books/journal/postingsOf.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { formatAmount } from '../../money/money.js';

/** Sums the journal of an account by month and ledger account. */
export function purgedTotals(
  recorded: readonly RecordedEvent[],
  dayOf: (at: string) => string,
  options: PostingOptions,
) {
  const [first] = recorded;
  const months = new Map<string, Ledger<number>>();
  let currency: string | null = null;
  let digits = 0;
  for (const entry of journal(
    recorded.map(({ event }) => event),
    options,
  )) {
    ({ currency, minorDigits: digits } = entry);
    const { recordedAt } = recorded[entry.version - (first as RecordedEvent).version] as RecordedEvent;
    const month = entry.month ?? dayOf(recordedAt).slice(0, -'-DD'.length);
    const ledger = months.get(month) ?? new Map();
    months.set(month, ledger);
    for (const { account, amountMinor } of entry.postings) addTo(ledger, account, amountMinor);
  }
  const list = [...months].flatMap(([month, ledger]) =>
    [...ledger.values()]
      .filter(({ amount }) => amount !== 0)
      .map(
        ({ account, amount }): PurgedTotal => ({
          month,
          account: (account as readonly (string | undefined)[]).filter((code) => code !== undefined),
          side: amount > 0 ? 'debit' : 'credit',
          amount: formatAmount(Math.abs(amount), digits),
        }),
      ),
  );
  return { currency, list };
}
