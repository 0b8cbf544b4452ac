import * as v from 'valibot';
import { accountNames, type ChartRule, chartField, ledgerNames } from '../../books/journal/chart.js';
import { isIncomeOrExpense, type JournalTotals, journalTally } from '../../books/journal/journalTotals.js';
import {
  accountWriter,
  beancountText,
  csvJournalText,
  hledgerText,
  type LedgerText,
  lastDayOf,
  officeWriter,
  widened,
} from '../../books/journal/ledgerText.js';
import { isPosted } from '../../books/journal/officePostings.js';
import { type PostingOptions, postingFields } from '../../books/journal/postingsOf.js';
import type { EventStore, StreamKey } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { DAY_MS, dateField } from '../../input/instant.js';
import { timeZoneField } from '../../input/timeZone.js';
import { unreadable } from '../../job/accountFinding.js';
import { everyAccount, type OfficeJobOptions } from '../../job/job.js';
import { type ReportForm, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { endOfDay, hadEvents, localDay } from '../../job/localDay.js';
import { openJob, withEveryFault } from '../../job/openJob.js';
import { earlierOf, endsAfterBeginning } from '../../job/period.js';
import { writeTextFile } from '../../job/textFile.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { type SealMark, sealMarkField, sealMarkText } from '../../office/seals/sealMark.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

const formats: Readonly<Record<JournalFormat, (seal: string | undefined) => LedgerText>> = {
  hledger: () => hledgerText,
  beancount: () => beancountText,
  csv: csvJournalText,
};

/**
 * Writes the journal of all accounts of an institution for a plain text accounting program, piece by piece.
 *
 * Entries are written account by account, and within an account in the order of its stream, each with its posting date.
 * The programs sort by day themselves, so memory does not grow with the number of accounts.
 *
 * If entries are posted by the time of recording, a period that is over never changes: the same form always gives the
 * same bytes. Export it once the store's clock is past its end and no append is in progress.
 *
 * An account that cannot be read is a finding in the totals, and none of its entries are written.
 *
 * @param stores - the store with the accounts; with that of the office, floats, drops, deposits, over and short, money
 * that external systems handed over, and service fees and payouts of online payments are posted too, after the accounts
 * @param policy - the institution's policy, for the currency of the books; entries in other currencies are written too
 * @param form - the institution, the format, the time zone of the days
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the pieces of the text; the generator's return value is the totals
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { journalText } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T23:30:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'dverma' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const form = { institution: 'north', format: 'hledger', timeZone: 'Europe/Vienna', assertBalances: false } as const;
 * const policy = definePolicy({ currency: 'USD' });
 * const pieces = [];
 * for await (const piece of journalText(store, policy, form)) pieces.push(piece);
 * pieces.join('').split('\n').slice(5, 10);
 * //=> [
 * //     '',
 * //     '2026-03-03 dverma | FeeAssessed',
 * //     '    ; patron:dverma, version:1, document:dverma/1, happened:2026-03-03, event:FeeAssessed',
 * //     '    Assets:Receivable:MAIN  2.50 USD  ; row:f1',
 * //     '    Income:Revenue:MAIN:OTHER  -2.50 USD  ; row:f1',
 * //   ]
 * ```
 */
export function journalText(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: JournalForm,
  options: OfficeJobOptions = {},
): AsyncGenerator<string, JournalTotals, undefined> {
  const job = openJob(stores, policy, options, {
    form: () => checkedJournalForm(form),
    anyCurrency: true,
  });
  const { store, office, currency } = job;
  const { institution, timeZone, format, assertBalances, postedBy, from, through, entries, chart } = job.form;
  const postings = { basis: job.form.basis, lostItems: job.form.lostItems };
  const seal = job.form.seal && sealMarkText(job.form.seal);
  const text = formats[format](seal);
  const period = {
    postedBy,
    dayOf: localDay(timeZone),
    from,
    through,
    isSummary: entries === 'monthly',
    postings,
  };
  const nameOf = accountNames(chart);
  const write = accountWriter(text, ledgerNames(chart), period);
  const writeOffice = officeWriter(text, nameOf, period);
  const isOver = (instant: string) => through !== undefined && period.dayOf(instant) > through;
  let accounts = 0;
  const work = async (stream: StreamKey) => {
    const isOffice = 'stream' in stream;
    try {
      if (isOffice) return writeOffice(stream, (await (office as OfficeStore).read(stream)).events);
      const { events } = await store.read(stream);
      if (!hadEvents(events, postedBy, isOver)) return null;
      const part = write(stream, events);
      accounts += 1;
      return part;
    } catch (error) {
      if (!isOffice) accounts += 1;
      return unreadable(stream, error);
    }
  };
  async function* tasks(): AsyncGenerator<StreamKey> {
    yield* job.accounts();
    if (office === undefined) return;
    for await (const stream of everyAccount(office, institution, options.shard)) {
      if (isPosted(stream)) yield stream;
    }
  }
  const tally = journalTally(nameOf);
  const isContinued = job.form.opening === 'none';
  async function* pieces(): AsyncGenerator<string> {
    let written = 0;
    yield text.beginning(institution, currency);
    if (seal !== undefined && format !== 'csv') yield `; Seal ${seal}\n`;
    for await (const part of job.each(tasks(), work)) {
      const newCurrency = tally.add(part);
      if (newCurrency !== null) yield text.currency(newCurrency.code, newCurrency.minorDigits);
      yield part.textFrom(written + 1);
      written += part.entries;
    }
    const { days: found, months, ...totals } = tally.result();
    let days = found;
    const opening = totals.opening.filter(({ amount }) => /[1-9]/.test(amount));
    if (from !== undefined && totals.balances.length > 0) {
      days = widened(days, { firstDay: from, lastDay: from });
      if (opening.length > 0 && !isContinued) {
        // Dated before the period, so that opening balances do not count as its changes.
        const day = dayBefore(from);
        days = widened(days, { firstDay: day, lastDay: day });
        yield text.sums({ day, document: `opening/${from}`, text: 'Opening balances', sums: opening });
      }
    }
    for (const { month, sums } of months) {
      const last = lastDayOf(month);
      const day = through === undefined || last <= through ? last : through;
      days = widened(days, { firstDay: day, lastDay: day });
      yield text.sums({ day, document: `summary/${month}`, text: `Summary of ${month}`, sums });
    }
    if (days === null) return;
    const retained = nameOf(['retainedEarnings'], undefined);
    const known = new Set(isContinued ? totals.opening.map(({ name }) => name) : []);
    yield text.end({
      ...days,
      opened: new Set(totals.balances.map(({ name }) => name).filter((name) => !known.has(name))),
      // If it is read after other files, the sums of income and expense begin with the first of them.
      balances: isContinued
        ? totals.balances.filter(
            ({ name, account }) => name !== retained && !isIncomeOrExpense(name, account),
          )
        : totals.balances,
      assertBalances,
    });
  }
  return job.listing(pieces, () => {
    const { days, months, ...totals } = tally.result();
    return { accounts, ...totals };
  });
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

/** The formats of an exported journal. */
export const journalFormats = ['hledger', 'beancount', 'csv'] as const;

/**
 * A format of an exported journal.
 *
 * - `hledger`: the text format of hledger and Ledger.
 * - `beancount`: the text format of Beancount.
 * - `csv`: one line for each posting, for other programs.
 */
export type JournalFormat = (typeof journalFormats)[number];

/** The institution, format and time zone of a journal export. */
export type JournalForm = PostingOptions &
  ReportForm & {
    /** The institution of the accounts; each institution has its own books. */
    readonly institution: string;
    /** The program that will read the file: hledger, beancount, or an accounting system that imports CSV. */
    readonly format: JournalFormat;
    /** The library's time zone, an IANA name. The dates of an entry are days in this zone. */
    readonly timeZone: string;
    /**
     * Whether the file ends with the balance of every account, for the program to check; true if left out. Choose false
     * to read the file together with other entries.
     */
    readonly assertBalances?: boolean;
    /**
     * The posting date of an entry: the day it was recorded, or the day it happened. Only with `recordedAt` does a
     * period never change once it is over.
     *
     * @defaultValue `'recordedAt'`
     */
    readonly postedBy?: 'recordedAt' | 'at';
    /**
     * The first day of the period, `YYYY-MM-DD`. What was posted before is summed up as opening balances of the day
     * before, with income and expense as retained earnings.
     *
     * @defaultValue from the first entry
     */
    readonly from?: string;
    /**
     * The last day of the period, `YYYY-MM-DD`, inclusive.
     *
     * @defaultValue through the last entry
     */
    readonly through?: string;
    /**
     * Whether the file begins with the opening balances of the period. Choose `none` for a file that is read after
     * those of the periods before.
     *
     * @defaultValue `'balances'`
     */
    readonly opening?: 'balances' | 'none';
    /**
     * What is written: each entry, or one entry a month with the sum of each account.
     *
     * @defaultValue `'each'`
     */
    readonly entries?: 'each' | 'monthly';
    /**
     * The accounts of the institution's books. The first rule that fits names the account.
     *
     * @defaultValue the names of {@link ledgerAccountName}
     */
    readonly chart?: readonly ChartRule[];
    /**
     * The seal of the month: the text names it in a comment at the beginning, CSV in a last column of every line.
     *
     * @defaultValue no seal is named
     */
    readonly seal?: SealMark;
  };

function formSchema(format: unknown) {
  return v.pipe(
    v.strictObject({
      ...reportFormFields,
      format: v.picklist(journalFormats),
      timeZone: timeZoneField,
      assertBalances: v.optional(v.boolean('true or false'), true),
      postedBy: v.optional(v.picklist(['recordedAt', 'at']), 'recordedAt'),
      from: v.optional(dateField),
      through: v.optional(dateField),
      opening: v.optional(v.picklist(['balances', 'none']), 'balances'),
      entries: v.optional(v.picklist(['each', 'monthly']), 'each'),
      chart: v.optional(chartField(format), []),
      seal: v.optional(sealMarkField),
      ...postingFields,
    }),
    endsAfterBeginning(),
  );
}

/** A checked form, with defaults. */
type CheckedJournalForm = v.InferOutput<ReturnType<typeof formSchema>>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedJournalForm(form: JournalForm): CheckedJournalForm {
  const checked = checkedArgument(formSchema(form?.format), form, 'form');
  const { through, postedBy, timeZone, recordedBefore } = checked;
  if (through === undefined || postedBy === 'at') return checked;
  // What is recorded after a period, even what cannot be folded, does not change it.
  return { ...checked, recordedBefore: earlierOf(recordedBefore, endOfDay(localDay(timeZone), through)) };
}

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
