import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { accountWriter, lastDayOf } from '../../books/journal/accountText.js';
import { accountNames, type ChartRule, chartField, ledgerNames } from '../../books/journal/chart.js';
import { isIncomeOrExpense, type JournalTotals, journalTally } from '../../books/journal/journalTotals.js';
import {
  beancountText,
  csvText,
  dayAfter,
  hledgerText,
  type LedgerText,
  widened,
} from '../../books/journal/ledgerText.js';
import { isPosted, officeWriter } from '../../books/journal/officeText.js';
import { type PostingOptions, postingFields } from '../../books/journal/postingsOf.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { timeZoneField } from '../../input/timeZone.js';
import { unreadable } from '../../job/accountFinding.js';
import { type AccountJobOptions, checkedJobOptions, everyAccount, runJob } from '../../job/job.js';
import { jobHead, type OrderedForm, orderedFormFields } from '../../job/jobHead.js';
import { localDay } from '../../job/localDay.js';
import { onFindingField } from '../../job/tallies.js';
import { type OfficeEvent, officeField } from '../../office/officeEvents.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';

const formats: Readonly<Record<JournalFormat, LedgerText>> = {
  hledger: hledgerText,
  beancount: beancountText,
  csv: csvText,
};

/** What a journal contains besides the patron accounts, and how its job runs. */
export type JournalOptions = AccountJobOptions & {
  /**
   * The store with the events of tills and remittances, opened with the codec `officeEvents`: floats, drops, deposits,
   * over and short, and money that external systems handed over are posted too, after the accounts.
   *
   * @defaultValue patron accounts only
   */
  readonly office?: EventStore<OfficeEvent>;
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
 * @param store - the store with the accounts
 * @param policy - the institution's policy, for the currency of the books; entries in other currencies are written too
 * @param form - the institution, the format, the time zone of the days
 * @param options - the store of tills; callbacks for findings and progress; signal; concurrency
 * @returns the pieces of the text; the generator's return value is the totals
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options; `INVALID_POLICY` for an invalid policy; the signal's reason once it is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { journalText } from 'patron-fees/institution';
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
  store: EventStore,
  policy: FeePolicy,
  form: JournalForm,
  options: JournalOptions = {},
): AsyncGenerator<string, JournalTotals, undefined> {
  const rules = definedPolicy(policy);
  const checked = checkedJournalForm(form);
  checkedJobOptions(options, { onFinding: onFindingField, office: officeField });
  return pieces(store, rules, checked, options);
}

async function* pieces(
  store: EventStore,
  policy: FeePolicy,
  form: CheckedJournalForm,
  { office, ...options }: JournalOptions,
): AsyncGenerator<string, JournalTotals, undefined> {
  const { institution, timeZone, format, assertBalances, postedBy, from, to, entries, chart } = form;
  const postings = { basis: form.basis, lostItems: form.lostItems };
  const text = formats[format];
  const period = {
    postedBy,
    dayOf: localDay(timeZone),
    from,
    to,
    isSummary: entries === 'monthly',
    postings,
  };
  const nameOf = accountNames(chart);
  const write = accountWriter(text, ledgerNames(chart), period);
  const writeOffice = officeWriter(text, nameOf, period);
  const work = async ({ stream, isOffice }: Task) => {
    try {
      return isOffice && office !== undefined
        ? writeOffice(stream, (await office.read(stream)).events)
        : write(stream, (await store.read(stream)).events);
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  async function* tasks(): AsyncGenerator<Task> {
    for await (const stream of everyAccount(store, institution, options.shard)) {
      tally.accountRead();
      yield { stream, isOffice: false };
    }
    if (office === undefined) return;
    for await (const stream of everyAccount(office, institution, options.shard)) {
      if (isPosted(stream)) yield { stream, isOffice: true };
    }
  }
  const tally = journalTally(nameOf);
  yield text.beginning(institution, policy.currency);
  for await (const part of runJob(store, tasks(), work, options)) {
    const newCurrency = tally.add(part);
    if ('code' in part) await options.onFinding?.(part);
    if (newCurrency !== null) yield text.currency(newCurrency.code, newCurrency.minorDigits);
    if ('text' in part) yield part.text;
  }
  const { days: found, months, ...totals } = tally.result();
  let days = found;
  const isContinued = form.opening === 'none';
  const opening = totals.opening.filter(({ amount }) => /[1-9]/.test(amount));
  if (from !== undefined && totals.balances.length > 0) {
    days = widened(days, { firstDay: from, lastDay: from });
    if (opening.length > 0 && !isContinued) {
      // Before the period, in whose changes the opening balances are not counted.
      const day = dayBefore(from);
      days = widened(days, { firstDay: day, lastDay: day });
      yield text.sums({ day, document: `opening/${from}`, text: 'Opening balances', sums: opening });
    }
  }
  for (const { month, sums } of months) {
    const day = lastDayIn(month, to);
    days = widened(days, { firstDay: day, lastDay: day });
    yield text.sums({ day, document: `summary/${month}`, text: `Summary of ${month}`, sums });
  }
  if (days !== null) {
    const retained = nameOf(['retainedEarnings'], undefined);
    const known = new Set(isContinued ? totals.opening.map(({ name }) => name) : []);
    yield text.end({
      ...days,
      opened: new Set(totals.balances.map(({ name }) => name).filter((name) => !known.has(name))),
      // After other files, income and expense have sums that began with the first of them.
      balances: isContinued
        ? totals.balances.filter(
            ({ name, account }) => name !== retained && !isIncomeOrExpense(name, account),
          )
        : totals.balances,
      assertBalances,
    });
  }
  return { job: jobHead({ ...form.job, institution }, policy.currency), ...totals };
}

/** A stream to write. */
type Task = {
  readonly stream: StreamId;
  /** Whether it is a stream of the office, not a patron account. */
  readonly isOffice: boolean;
};

/** Returns the last day of a month, or of the period if that ends earlier. */
function lastDayIn(month: string, to: string | undefined): string {
  const last = lastDayOf(month);
  return to === undefined || dayAfter(last) <= to ? last : dayBefore(to);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

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
  OrderedForm & {
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
     * The posting date of an entry: the day it was recorded, or the day it happened. Only with `recordedAt` does a period
     * never change once it is over.
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
     * The day after the last day of the period, `YYYY-MM-DD`.
     *
     * @defaultValue to the last entry
     */
    readonly to?: string;
    /**
     * Whether the file begins with the opening balances of the period. Choose `none` for a file that is read after those
     * of the periods before.
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
  };

function formSchema(format: unknown) {
  return v.pipe(
    v.strictObject({
      institution: nameField,
      format: v.picklist(journalFormats),
      timeZone: timeZoneField,
      assertBalances: v.optional(v.boolean('true or false'), true),
      postedBy: v.optional(v.picklist(['recordedAt', 'at']), 'recordedAt'),
      from: v.optional(dateField),
      to: v.optional(dateField),
      opening: v.optional(v.picklist(['balances', 'none']), 'balances'),
      entries: v.optional(v.picklist(['each', 'monthly']), 'each'),
      chart: v.optional(chartField(format), []),
      ...postingFields,
      ...orderedFormFields,
    }),
    v.check(({ from, to }) => from === undefined || to === undefined || from < to, 'from to be before to'),
  );
}

/** A checked form, with defaults. */
export type CheckedJournalForm = v.InferOutput<ReturnType<typeof formSchema>>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedJournalForm(form: JournalForm): CheckedJournalForm {
  return checkedArgument(formSchema(form?.format), form, 'form');
}
