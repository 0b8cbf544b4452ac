import * as v from 'valibot';
import { agesFrom } from '../../account/accrual.js';
import { type Fee, owed } from '../../account/fee.js';
import { fold } from '../../account/fold.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import {
  type AgedDebtJobForm,
  ageBands,
  bandOf,
  checkedAgedDebtJobForm,
} from '../../books/agedDebt/agedDebtForm.js';
import { type EventStore, type StreamId, streamName } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { isDate } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type AccountFinding, otherCurrency, unreadable } from '../../job/accountFinding.js';
import { type CsvOptions, checkedCsvOptions, csvLines } from '../../job/csv.js';
import { type AccountJobOptions, checkedJobOptions, everyAccount, runJob } from '../../job/job.js';
import { type JobReport, jobHead } from '../../job/jobHead.js';
import { daysBetween, endOfDay, localDay, recordedBefore } from '../../job/localDay.js';
import { onFindingField } from '../../job/tallies.js';
import { amountSchema } from '../../money/amountSchema.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';

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
 * @param store - the store with the events
 * @param policy - the institution's policy, for the currency
 * @param form - the institution, the day that ages are counted to, the bands, which fees and patrons
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the patrons, then who ordered the job; an account that cannot be read is left out, and `onFinding` is called
 * with it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options in `details.faults`; `INVALID_POLICY` for an invalid policy; the signal's reason once it is aborted; any
 * error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAgedDebtors } from 'patron-fees/institution';
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
export async function* runAgedDebtors(
  store: EventStore,
  policy: FeePolicy,
  form: AgedDebtorsForm,
  options: AccountJobOptions = {},
): AsyncGenerator<Debtor, JobReport, undefined> {
  const { currency } = definedPolicy(policy);
  const digits = minorDigits(currency) as number;
  const { ageFrom, minimumOwed, ...rest } = checkedArgument(ownFields(digits), form, 'form');
  const { institution, job, ...checked } = checkedAgedDebtJobForm(rest as AgedDebtJobForm);
  checkedJobOptions(options, { onFinding: onFindingField });
  const { asOf, timeZone, bandEndDays, owners, feeTypes } = checked;
  const dayOf = localDay(timeZone);
  const today = isDate(asOf) ? asOf : dayOf(asOf);
  const before = checked.recordedBefore ?? (isDate(asOf) ? endOfDay(dayOf, asOf) : asOf);
  const minimum = minimumOwed === undefined ? 1 : parseAmount(minimumOwed, digits);
  const ageOf = (fee: Fee): number => {
    const since = ageFrom === 'due' ? (fee.item?.dueAt ?? agesFrom(fee)) : agesFrom(fee);
    return since === null ? 0 : daysBetween(dayOf(since), today);
  };
  const debtorOf = (stream: StreamId, { fees }: PatronAccount): Debtor | null => {
    const byBand = ageBands(bandEndDays).map(() => 0);
    let [count, total, disputed, oldestDays] = [0, 0, 0, 0];
    for (const fee of fees) {
      const amount = owed(fee);
      if (
        amount === 0 ||
        owners?.includes(fee.owner) === false ||
        feeTypes?.includes(fee.feeType) === false
      ) {
        continue;
      }
      const age = ageOf(fee);
      const band = bandOf(age, bandEndDays);
      byBand[band] = (byBand[band] as number) + amount;
      count += 1;
      total += amount;
      if (fee.disputed) disputed += amount;
      oldestDays = Math.max(oldestDays, age);
    }
    if (total < minimum) return null;
    const write = (minor: number) => formatAmount(minor, digits);
    const figures = { fees: count, owed: write(total), disputed: write(disputed), byBand: byBand.map(write) };
    return { ...stream, ...figures, oldestDays, currency };
  };
  const work = async (stream: StreamId): Promise<Debtor | AccountFinding | null> => {
    try {
      const { events } = await store.read(stream);
      const known = events.slice(0, recordedBefore(events, before)).map(({ event }) => event);
      const account = fold(known, undefined, { stream: streamName(stream) });
      return otherCurrency(stream, account.currency, currency) ?? debtorOf(stream, account);
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  for await (const line of runJob(store, everyAccount(store, institution, options.shard), work, options)) {
    if (line === null) continue;
    if ('code' in line) await options.onFinding?.(line);
    else yield line;
  }
  return { job: jobHead({ ...job, institution, owners }, currency) };
}

/** Returns the schema of the fields that the form adds; the others are checked afterwards. */
function ownFields(digits: number) {
  return v.pipe(
    plainObject,
    v.looseObject({
      ageFrom: v.optional(v.picklist(['assessed', 'due']), 'assessed'),
      minimumOwed: v.optional(amountSchema(digits)),
    }),
  );
}

/**
 * Formats a list of debtors as CSV, line by line: a header, then one line for each patron.
 *
 * @param debtors - the lines of {@link runAgedDebtors}
 * @param form - the form of the list, for the bands
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { agedDebtorsCsv } from 'patron-fees/institution';
 *
 * const form = { institution: 'north', timeZone: 'UTC', bandEndDays: [30], asOf: '2026-03-31' };
 * for await (const piece of agedDebtorsCsv([], form)) piece;
 * //=> 'institution,patronId,fees,owed,disputed,days 0-30,days 31+,oldestDays,currency\r\n'
 * ```
 */
export async function* agedDebtorsCsv(
  debtors: AsyncIterable<Debtor> | Iterable<Debtor>,
  { ageFrom: _ageFrom, minimumOwed: _minimumOwed, ...form }: AgedDebtorsForm,
  options: CsvOptions = {},
): AsyncGenerator<string> {
  const { identifiers } = checkedCsvOptions(options);
  const bands = ageBands(checkedAgedDebtJobForm(form).bandEndDays).map(({ label }) => `days ${label}`);
  const isKept = (column: number) => identifiers === 'asIs' && column < 2;
  yield csvLines([
    ['institution', 'patronId', 'fees', 'owed', 'disputed', ...bands, 'oldestDays', 'currency'],
  ]);
  for await (const {
    institution,
    patronId,
    fees,
    owed: debt,
    disputed,
    byBand,
    oldestDays,
    currency,
  } of debtors) {
    yield csvLines([[institution, patronId, fees, debt, disputed, ...byBand, oldestDays, currency]], isKept);
  }
}
