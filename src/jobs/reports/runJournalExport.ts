import * as v from 'valibot';
import type { JournalTotals } from '../../books/journal/journalTotals.js';
import type { EventStore } from '../../history/eventStore.js';
import { checkedJobOptions } from '../../job/job.js';
import { onFindingField } from '../../job/tallies.js';
import { writeTextFile } from '../../job/textFile.js';
import { officeField } from '../../office/officeEvents.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type JournalForm, type JournalOptions, journalText } from './journalText.js';

/** The file of a journal, and how the job runs. */
export type JournalExportOptions = JournalOptions & {
  /** The path of the file; an existing file is replaced. */
  readonly file: string;
};

/**
 * Writes the journal of all accounts of an institution into a file, as {@link journalText} does. The file is written
 * completely or not at all; a stopped job starts again from the beginning.
 *
 * @param store - the store with the accounts
 * @param policy - the institution's policy, for the currency of the books
 * @param form - the institution, the format, the time zone of the days
 * @param options - the file; the store of tills; callbacks for findings and progress; signal; concurrency
 * @returns the totals of the journal, to compare with the program's figures
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options; `INVALID_POLICY` for an invalid policy; the signal's reason once it is aborted; any error of the store or
 * the file system
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { runJournalExport } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'dverma' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const file = join(mkdtempSync(join(tmpdir(), 'books-')), 'fees.beancount');
 * const form = { institution: 'north', format: 'beancount', timeZone: 'Europe/Vienna' } as const;
 * const { entries, balances } = await runJournalExport(store, policy, form, { file });
 * entries; //=> 1
 * balances.map(({ name, amount }) => [name, amount]);
 * //=> [['Assets:Receivable:MAIN', '2.50'], ['Income:Revenue:MAIN:OTHER', '-2.50']]
 * ```
 */
export async function runJournalExport(
  store: EventStore,
  policy: FeePolicy,
  form: JournalForm,
  options: JournalExportOptions,
): Promise<JournalTotals> {
  const fileField = v.pipe(v.string('a path'), v.nonEmpty('a path'));
  const { file } = checkedJobOptions(options, {
    file: fileField,
    onFinding: onFindingField,
    office: officeField,
  });
  const { file: _, ...rest } = options;
  const text = journalText(store, policy, form, rest);
  // Set when the generator returns them. Any error of the generator rejects the writing.
  let totals: JournalTotals | undefined;
  async function* pieces(): AsyncGenerator<string> {
    totals = yield* text;
  }
  await writeTextFile(file, pieces());
  return totals as unknown as JournalTotals;
}
