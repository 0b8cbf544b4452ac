import type { EventStore } from '../../history/eventStore.js';
import type { JobOptions } from '../job.js';
import { writeTextFile } from '../textFile.js';
import type { JournalForm } from './journalForm.js';
import { journalText } from './journalText.js';
import type { JournalTotals } from './journalTotals.js';

/**
 * Writes the journal of all accounts of an institution into a file, as {@link journalText} does. The file is there whole
 * or not at all; a job that was stopped begins anew.
 *
 * @param store - where the accounts are
 * @param path - the file
 * @param form - whose books, in which format, days of which time zone
 * @param options - progress, end on demand, how many accounts at a time
 * @returns what the journal comes to, to compare with what the program says
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form; the signal's reason once it is
 * aborted; whatever the store or the disk has against it
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { exportJournal } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'dverma' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'books-')), 'fees.beancount');
 * const form = { institution: 'north', format: 'beancount', timeZone: 'Europe/Vienna' } as const;
 * const { entries, balances } = await exportJournal(store, path, form);
 * entries; //=> 1
 * balances.map(({ name, amount }) => [name, amount]);
 * //=> [['Assets:Receivable:MAIN', '2.50'], ['Income:Revenue:MAIN:OTHER', '-2.50']]
 * ```
 */
export async function exportJournal(
  store: EventStore,
  path: string,
  form: JournalForm,
  options: JobOptions = {},
): Promise<JournalTotals> {
  const text = journalText(store, form, options);
  // Until the generator has returned them there are none; whatever stops it rejects the writing.
  let totals: JournalTotals | undefined;
  async function* pieces(): AsyncGenerator<string> {
    totals = yield* text;
  }
  await writeTextFile(path, pieces());
  return totals as unknown as JournalTotals;
}
