import * as v from 'valibot';
import { agesFrom } from '../../account/accrual.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import {
  type AgedDebt,
  type AgedDebtJobForm,
  ageBands,
  agedDebtJobFields,
  agedDebtTally,
  bandColumns,
  checkedAgedDebtJobForm,
  debtFinder,
  knownThen,
  usualBandEnds,
} from '../../books/agedDebt/agedDebt.js';
import type { StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { onlyFields } from '../../input/plainObject.js';
import { type CsvOptions, csvText, type Lines } from '../../job/csv.js';
import type { AccountJobOptions } from '../../job/job.js';
import type { JobReport } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import { amountSchema } from '../../money/amountSchema.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** The debt by age over all accounts, and who ordered the report. */
export type AgedDebtJobReport = AgedDebt & JobReport;

/**
 * Reports the debt by age over all accounts of an institution, as of a day. Reads one account after the other and keeps
 * only the sums, so memory depends on the number of rows, not on the number of accounts.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency and the labels
 * @param form - the institution, the day, the bands, which fees
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the report, as {@link agedDebt} returns it, with who ordered the job
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAgedDebt } from 'patron-fees/reports';
 *
 * const at = '2026-01-05T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', timeZone: 'America/New_York', bandEndDays: [30, 90] };
 * const march = await runAgedDebt(store, policy, { ...form, asOf: '2026-03-31' });
 * march.total.byBand; //=> ['0.00', '2.50', '0.00']
 * const before = await runAgedDebt(store, policy, { ...form, asOf: '2026-01-04' });
 * before.total.owed; //=> '0.00'
 * ```
 */
export async function runAgedDebt(
  stores: JobStores,
  policy: FeePolicy,
  form: AgedDebtJobForm,
  options: AccountJobOptions = {},
): Promise<AgedDebtJobReport> {
  const job = openJob(stores, policy, options, {
    form: () => checkedAgedDebtJobForm(form),
  });
  const tally = agedDebtTally(job.policy, job.form);
  const load = async (stream: StreamId) => {
    const { account } = await job.read(stream);
    return account.eventCount === 0 ? null : { ...stream, account };
  };
  return job.working(
    async () => {
      for await (const account of job.eachAccount(load)) {
        const finding = tally.add(account);
        if (finding !== null) await job.found(finding);
      }
    },
    () => ({ ...tally.result(), accounts: job.done() }),
  );
}

/** The form of a list of debtors. */
export type AgedDebtorsForm = AgedDebtJobForm & {
  /**
   * What the age of a fee counts from: the day it was assessed (for a growing fine, the end of its growth), or the day
   * its loan was due. A fee without a due date counts from its assessment.
   *
   * @defaultValue `'assessed'`
   */
  readonly ageFrom?: 'assessed' | 'due';
  /**
   * Only patrons who owe at least this amount in total, a decimal string.
   *
   * @defaultValue every patron with debt
   */
  readonly minimumOwed?: string;
};

/** One patron with debt. Amounts are decimal strings. */
export type Debtor = StreamId & {
  /** The number of fees with debt. */
  readonly fees: number;
  /** The debt of these fees: what remains, less what unused credits of lost items have reserved. */
  readonly owed: string;
  /** The part of it that the patron disputes. */
  readonly disputed: string;
  /** The debt in each band of age; the sum is `owed`. */
  readonly byBand: readonly string[];
  /** The age of the oldest fee with debt, in days. */
  readonly oldestDays: number;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
};

/**
 * Lists the patrons with debt, one line each, with their debt by age. Keeps one account at a time in memory.
 *
 * The debt is that of {@link runAgedDebt} with the same form: the lines sum to its total.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency
 * @param form - the institution, the day that ages are counted to, the bands, which fees and patrons
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the patrons, then the report
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAgedDebtors } from 'patron-fees/reports';
 *
 * const at = '2026-01-05T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', timeZone: 'America/New_York', bandEndDays: [30, 90], asOf: '2026-03-31' };
 * for await (const { patronId, owed, byBand, oldestDays } of runAgedDebtors(store, policy, form)) {
 *   [patronId, owed, byBand, oldestDays]; //=> ['dverma', '2.50', ['0.00', '2.50', '0.00'], 85]
 * }
 * ```
 */
export function runAgedDebtors(
  stores: JobStores,
  policy: FeePolicy,
  form: AgedDebtorsForm,
  options: AccountJobOptions = {},
): AsyncGenerator<Debtor, JobReport, undefined> {
  const job = openJob(stores, policy, options, {
    form: (rules) => knownThen(checkedArgument(formSchema(rules), form, 'form')),
  });
  const { currency, digits } = job;
  const { ageFrom, minimumOwed, bandEndDays } = job.form;
  const minimum = minimumOwed === undefined ? 1 : parseAmount(minimumOwed, digits);
  const debtsOf = debtFinder(job.form, (fee) =>
    ageFrom === 'due' ? (fee.item?.dueAt ?? agesFrom(fee)) : agesFrom(fee),
  );
  const debtorOf = (stream: StreamId, account: PatronAccount): Debtor | null => {
    const debts = debtsOf(account);
    const sum = (some: typeof debts) => some.reduce((total, { owedMinor }) => total + owedMinor, 0);
    if (sum(debts) < minimum) return null;
    const write = (some: typeof debts) => formatAmount(sum(some), digits);
    return {
      ...stream,
      fees: debts.length,
      owed: write(debts),
      disputed: write(debts.filter(({ fee }) => fee.disputed)),
      byBand: ageBands(bandEndDays).map((_, index) => write(debts.filter(({ band }) => band === index))),
      oldestDays: Math.max(0, ...debts.map(({ ageDays }) => ageDays)),
      currency,
    };
  };
  const work = async (stream: StreamId) => {
    const { account, finding } = await job.read(stream);
    return finding ?? debtorOf(stream, account);
  };
  return job.listing(() => job.eachAccount(work));
}

function formSchema({ currency }: FeePolicy) {
  return onlyFields({
    ...agedDebtJobFields,
    ageFrom: v.optional(v.picklist(['assessed', 'due']), 'assessed'),
    minimumOwed: v.optional(amountSchema(digitsOf(currency))),
  });
}

/**
 * Formats a list of debtors as CSV, line by line: a header, then one line for each patron.
 *
 * @param debtors - the lines of {@link runAgedDebtors}
 * @param form - the form of the list, for the bands
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link jobs.writeTextFile | writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @columns `institution`, `patronId`; `fees`, a number; `owed`, `disputed` and what is owed in each band of ages in
 * days, if the form has no bands `days 0-30`, `days 31-60`, `days 61-90`, `days 91-180`, `days 181-365`, `days 366+`,
 * amounts in whole currency units, such as 12.50; `oldestDays`, a number of days; `currency`, an ISO 4217 code
 *
 * @example
 * ```ts
 * import { agedDebtorsCsv } from 'patron-fees/reports';
 *
 * const form = { institution: 'north', timeZone: 'UTC', bandEndDays: [30], asOf: '2026-03-31' };
 * for await (const piece of agedDebtorsCsv([], form)) piece;
 * //=> 'institution,patronId,fees,owed,disputed,days 0-30,days 31+,oldestDays,currency\r\n'
 * ```
 */
export function agedDebtorsCsv<Report>(
  debtors: Lines<Debtor, Report>,
  { bandEndDays = usualBandEnds }: Pick<AgedDebtorsForm, 'bandEndDays'>,
  options: CsvOptions = {},
): AsyncGenerator<string, Report, undefined> {
  const bands = bandColumns<Debtor>(ageBands(bandEndDays));
  const figures = ['fees', 'owed', 'disputed', ...bands, 'oldestDays', 'currency'] as const;
  return csvText(debtors, ['institution', 'patronId', ...figures], options);
}
