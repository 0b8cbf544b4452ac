import type { EventStore, StreamId } from '../../history/eventStore.js';
import { unreadable } from '../accountFinding.js';
import { everyAccount } from '../everyAccount.js';
import { type JobOptions, runJob } from '../job.js';
import { localDay } from '../localDay.js';
import { accountWriter } from './accountText.js';
import { beancountText } from './beancountText.js';
import { hledgerText } from './hledgerText.js';
import { checkedJournalForm, type JournalForm, type JournalFormat } from './journalForm.js';
import { type JournalTotals, openTotals } from './journalTotals.js';
import type { LedgerText } from './ledgerText.js';

const formats: Readonly<Record<JournalFormat, LedgerText>> = {
  hledger: hledgerText,
  beancount: beancountText,
};

/**
 * Writes the journal of all accounts of an institution for a program of plain text accounting, piece by piece.
 *
 * The entries stand account by account, and within an account in the order of its stream; each has the day on which it
 * happened. So memory stays flat, however many there are; the programs sort by day themselves.
 *
 * An account that cannot be read is a finding in the totals, and none of its entries are written.
 *
 * @param store - where the accounts are
 * @param form - whose books, in which format, days of which time zone
 * @param options - progress, end on demand, how many accounts at a time
 * @returns the pieces of the text; the generator's return value are the totals
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form; the signal's reason once it is
 * aborted; whatever the store throws
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { journalText } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T23:30:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'dverma' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const form = { institution: 'north', format: 'hledger', timeZone: 'Europe/Vienna', assertBalances: false } as const;
 * const pieces = [];
 * for await (const piece of journalText(store, form)) pieces.push(piece);
 * pieces.join('').split('\n').slice(5, 10);
 * //=> [
 * //     '',
 * //     '2026-03-03 dverma | FeeAssessed',
 * //     '    ; patron:dverma, version:1, event:FeeAssessed',
 * //     '    Assets:Receivable:MAIN  2.50 USD  ; row:f1',
 * //     '    Income:Revenue:MAIN:OTHER  -2.50 USD  ; row:f1',
 * //   ]
 * ```
 */
export async function* journalText(
  store: EventStore,
  form: JournalForm,
  options: JobOptions = {},
): AsyncGenerator<string, JournalTotals, undefined> {
  const { institution, timeZone, format, assertBalances } = checkedJournalForm(form);
  const text = formats[format];
  const write = accountWriter(text, localDay(timeZone));
  const work = async (stream: StreamId) => {
    try {
      return write(stream, (await store.read(stream)).events);
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  const totals = openTotals();
  yield text.beginning(institution);
  for await (const account of runJob(everyAccount(store, institution), work, options)) {
    const newCurrency = totals.take(account);
    if (newCurrency !== null) yield text.currency(newCurrency.code, newCurrency.minorDigits);
    if ('text' in account) yield account.text;
  }
  const { days, ...told } = totals.told();
  if (days !== null) yield text.end({ ...days, balances: told.balances, assertBalances });
  return told;
}
