import * as v from 'valibot';
import type { EventStore } from '../../history/eventStore.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { AccountFinding } from '../accountFinding.js';
import { checkedJobOptions, type JobOptions } from '../job.js';
import { type FindingOptions, onFindingField } from '../tallies.js';
import { writeTextFile } from '../textFile.js';
import type { JournalForm } from './journalForm.js';
import { journalText } from './journalText.js';
import type { JournalTotals } from './journalTotals.js';

/** The file of a journal, and how the job runs. */
export type JournalExportOptions = JobOptions &
  FindingOptions<AccountFinding> & {
    /** The path of the file; one of the same name is replaced. */
    readonly file: string;
  };

/**
 * Writes the journal of all accounts of an institution into a file, as {@link journalText} does. The file is there whole
 * or not at all; a job that was stopped begins anew.
 *
 * @param store - where the accounts are
 * @param policy - the institution's policy, for the currency that the books are in
 * @param form - the institution, the format, the time zone of the days
 * @param options - the file; findings, progress, how to stop it, how many accounts at a time
 * @returns the totals of the journal, to compare with what the program says
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the options;
 * `INVALID_POLICY` for a policy with faults; the signal's reason once it is aborted; whatever the store or the disk throws
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
  const { file } = checkedJobOptions(options, { file: fileField, onFinding: onFindingField });
  const { file: _, ...rest } = options;
  const text = journalText(store, policy, form, rest);
  // Set once the generator has returned them; whatever stops it rejects the writing.
  let totals: JournalTotals | undefined;
  async function* pieces(): AsyncGenerator<string> {
    totals = yield* text;
  }
  await writeTextFile(file, pieces());
  return totals as unknown as JournalTotals;
}
