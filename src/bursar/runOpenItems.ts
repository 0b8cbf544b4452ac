import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { findCredit, findFee, type PatronAccount } from '../account/patronAccount.js';
import { settlementReversedOf, type Transfer, transferPendingOf } from '../account/records.js';
import type { StreamId } from '../history/eventStore.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { dateField } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import { timeZoneField } from '../input/timeZone.js';
import { type Columns, type CsvOptions, csvText, type Lines } from '../job/csv.js';
import type { AccountJobOptions } from '../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../job/jobHead.js';
import type { JobStores } from '../job/jobStores.js';
import { daysBetween, endOfDay, localDay } from '../job/localDay.js';
import { openJob } from '../job/openJob.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { CREDIT_TYPE } from './bursarForm.js';
import { bursarReference } from './bursarReference.js';

/** The day of a list of open items, and which transfers it lists. */
export type OpenItemsForm = ReportForm & {
  /** The time zone of the days, an IANA name. */
  readonly timeZone: string;
  /** The day, `YYYY-MM-DD`: what was recorded until its end counts. Ages are counted to it. */
  readonly asOf: string;
  /**
   * Only events recorded before this instant count, ISO 8601 with a zone.
   *
   * @defaultValue the end of `asOf`
   */
  readonly recordedBefore?: string;
  /**
   * Only transfers to these external systems.
   *
   * @defaultValue every system
   */
  readonly destinations?: readonly string[];
  /**
   * Only transfers of these batches; the batch of an export is its job's id.
   *
   * @defaultValue every batch
   */
  readonly batches?: readonly string[];
  /**
   * `pending`: only what is still pending; `all`: what was settled or recalled in full.
   *
   * @defaultValue `'pending'`
   */
  readonly which?: 'pending' | 'all';
};

/** One transfer. Amounts are decimal strings, negative for a credit; absent details are null. */
export type OpenItem = StreamId & {
  /** The reference of the transfer in files; see {@link bursarReference}. */
  readonly reference: string;
  /** The external system. */
  readonly destination: string | null;
  /** The batch: the id of the job or command that made the transfer. */
  readonly batchId: string | null;
  /** Whether a fee or a credit was transferred. */
  readonly kind: 'fee' | 'credit';
  /** The id of the fee or the credit. */
  readonly id: string;
  /** The fee's type; `CREDIT` for a credit. */
  readonly type: string;
  /** The library that owns the fee or owes the credit. */
  readonly owner: string | null;
  /** When it was transferred. */
  readonly transferredAt: string;
  /** The number of days since. */
  readonly ageDays: number;
  /** The transferred amount. */
  readonly amount: string;
  /** The part that was paid there, less what was reversed; all but what was recalled if no settlement is expected. */
  readonly settled: string;
  /** The sum of settlements that were reversed, surpluses included. */
  readonly reversed: string;
  /** What was paid there above what was pending, less what was reversed. */
  readonly surplus: string;
  /** The part that came back here. */
  readonly recalled: string;
  /** What is pending there: amount less settled less recalled, or zero if no settlement is expected. */
  readonly pending: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
};

const formSchema = onlyFields({
  ...reportFormFields,
  timeZone: timeZoneField,
  asOf: dateField,
  destinations: v.optional(v.array(nameField)),
  batches: v.optional(v.array(nameField)),
  which: v.optional(v.picklist(['pending', 'all'], 'pending or all'), 'pending'),
});

/** Checks a form, and adds the instant before which events count if it does not have it. */
export function checkedOpenItemsForm(form: OpenItemsForm) {
  const checked = checkedArgument(formSchema, form, 'form');
  return { recordedBefore: endOfDay(localDay(checked.timeZone), checked.asOf), ...checked };
}

/**
 * Lists what is pending at external systems, one line for each transfer: since when, in which batch, and how much of
 * it was paid, reversed and recalled. Keeps one account at a time in memory.
 *
 * A day that is over always gives the same lines: events recorded later do not change them.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency
 * @param form - the institution, the day, which transfers
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the transfers, then the report
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runOpenItems } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * await execute(store, policy, { institution: 'north', patronId: 'u17' }, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '30', owner: 'MAIN', at },
 *   { type: 'TransferFees', id: 'export-9', fees: [{ feeId: 'f1' }], at },
 *   { type: 'SettleTransfer', id: 's1', transferId: 'export-9', amount: '10', at },
 * ]);
 *
 * const form = { institution: 'north', timeZone: 'America/New_York', asOf: '2026-03-31' };
 * for await (const { reference, ageDays, settled, pending } of runOpenItems(store, policy, form)) {
 *   [reference, ageDays, settled, pending]; //=> ['u17@export-9', 29, '10.00', '20.00']
 * }
 * ```
 */
export function runOpenItems(
  stores: JobStores,
  policy: FeePolicy,
  form: OpenItemsForm,
  options: AccountJobOptions = {},
): AsyncGenerator<OpenItem, JobReport, undefined> {
  const job = openJob(stores, policy, options, { form: () => checkedOpenItemsForm(form) });
  const itemsOf = openItemsFinder(job.form);
  const work = async (stream: StreamId) => {
    const { account, finding } = await job.read(stream);
    const items = itemsOf(stream, account);
    return items.length > 0 && finding !== null ? finding : items;
  };
  return job.listing(() => job.eachAccount(work));
}

/** Returns a function that lists the open items of an account, for a checked form. */
export function openItemsFinder({
  timeZone,
  asOf,
  destinations,
  batches,
  which,
}: ReturnType<typeof checkedOpenItemsForm>): (
  stream: StreamId,
  account: PatronAccount,
) => readonly OpenItem[] {
  const dayOf = localDay(timeZone);
  const isListed = (transfer: Transfer) =>
    (which === 'all' || transferPendingOf(transfer) > 0) &&
    (destinations === undefined || destinations.includes(transfer.destination ?? '')) &&
    (batches === undefined || batches.includes(transfer.batchId ?? ''));
  return (stream, account) => {
    const listed = account.transfers.filter(isListed);
    if (listed.length === 0) return [];
    const settlements = settlementsIn(account);
    return listed.map((transfer) => {
      const ageDays = daysBetween(dayOf(transfer.at), asOf);
      const sums = settlements.get(transfer.transferId) ?? NOT_SETTLED;
      return itemOf(stream, account, transfer, { ageDays, ...sums });
    });
  };
}

type SettledSums = { readonly reversed: number; readonly surplus: number };

const NOT_SETTLED: SettledSums = { reversed: 0, surplus: 0 };

/** Sums what was reversed and what was paid above the pending amount, by transfer. */
function settlementsIn({ settlements }: PatronAccount): ReadonlyMap<string, SettledSums> {
  const sums = new Map<string, SettledSums>();
  for (const settlement of settlements) {
    const { transferId, surplus } = settlement;
    const known = sums.get(transferId) ?? NOT_SETTLED;
    sums.set(transferId, {
      reversed: known.reversed + settlementReversedOf(settlement),
      surplus: known.surplus + (surplus === null ? 0 : surplus.amount - surplus.reversed),
    });
  }
  return sums;
}

function itemOf(
  { institution, patronId }: StreamId,
  account: PatronAccount,
  transfer: Transfer,
  { ageDays, reversed, surplus }: SettledSums & { readonly ageDays: number },
): OpenItem {
  const { transferId, batchId, destination, feeId, creditId, amount, recalled, at } = transfer;
  const row = feeId === null ? findCredit(account, creditId as string) : findFee(account, feeId);
  const write = (minor: number) =>
    formatAmount(feeId === null && minor !== 0 ? -minor : minor, account.minorDigits);
  return {
    institution,
    patronId,
    reference: bursarReference({ patronId, transferId }),
    destination,
    batchId,
    kind: feeId === null ? 'credit' : 'fee',
    id: feeId ?? (creditId as string),
    type: row !== undefined && 'feeType' in row ? row.feeType : CREDIT_TYPE,
    owner: row?.owner ?? null,
    transferredAt: at,
    ageDays,
    amount: write(amount),
    settled: write(transfer.expectsSettlement ? transfer.settled : amount - recalled),
    reversed: write(reversed),
    surplus: write(surplus),
    recalled: write(recalled),
    pending: write(transferPendingOf(transfer)),
    currency: account.currency as string,
  };
}

const columns: Columns<OpenItem> = [
  'reference',
  'institution',
  'patronId',
  'destination',
  'batchId',
  'kind',
  'id',
  'type',
  'owner',
  'transferredAt',
  'ageDays',
  'amount',
  'settled',
  'reversed',
  'surplus',
  'recalled',
  'pending',
  'currency',
];

/**
 * Formats a list of open items as CSV, line by line: a header, then one line for each transfer.
 *
 * @param items - the lines of {@link runOpenItems}
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link jobs.writeTextFile | writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { openItemsCsv } from 'patron-fees/bursar';
 *
 * for await (const piece of openItemsCsv([])) piece.split(',').slice(3, 5); //=> ['destination', 'batchId']
 * ```
 */
export function openItemsCsv<Report>(
  items: Lines<OpenItem, Report>,
  options: CsvOptions = {},
): AsyncGenerator<string, Report, undefined> {
  return csvText(items, columns, options);
}
