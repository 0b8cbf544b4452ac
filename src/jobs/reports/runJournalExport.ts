import * as v from 'valibot';
import type { JournalTotals } from '../../books/journal/journalTotals.js';
import type { EventStore } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import type { OfficeJobOptions } from '../../job/job.js';
import type { JobStores } from '../../job/jobStores.js';
import { withEveryFault } from '../../job/openJob.js';
import { writeTextFile } from '../../job/textFile.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type JournalForm, journalText } from './journalText.js';

/** The file of a journal, and how the job runs. */
export type JournalExportOptions = OfficeJobOptions & {
  /** The path of the file; an existing file is replaced. */
  readonly file: string;
};

/**
 * Writes the journal of all accounts of an institution into a file, as {@link journalText} does. The file is written
 * completely or not at all; a stopped job starts again from the beginning.
 *
 * @param stores - the store with the accounts, and that of the office if there is one
 * @param policy - the institution's policy, for the currency of the books
 * @param form - the institution, the format, the time zone of the days
 * @param options - the file; callbacks for findings and progress; signal; concurrency
 * @returns the totals of the journal, to compare with the program's figures
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store or the file system
 *
 * @columns Of the CSV file: `date` of the posting, YYYY-MM-DD; `document`, the patron and the event's position;
 * `account`; `debit` or `credit`, an amount in whole currency units, such as 12.50, never below 0; `currency`, an ISO
 * 4217 code; `text`, the type of the event; `patron`; `row`, the fee or credit; `eventDate`, the day it happened;
 * `command`, its id; `transaction`, a payment provider's id; `reference`, of a cheque, a bursar or a remittance;
 * `vatPercent`; `vat`, an amount; `entry`, a number without gaps; `user`, who caused it; `recordedAt`, a time with a
 * zone; in the file of a sealed month `seal`, its number and total
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { runJournalExport } from 'patron-fees/reports';
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
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: JournalForm,
  options: JournalExportOptions,
): Promise<JournalTotals> {
  const { file, ...rest } = options ?? {};
  const fields = v.object({ file: v.pipe(v.string('a path'), v.nonEmpty('a path')) });
  const [text] = withEveryFault(
    [],
    () => journalText(stores, policy, form, rest),
    () => checkedArgument(fields, options, 'options'),
  );
  return writeTextFile(file, text);
}
