import * as v from 'valibot';
import type { ReadAppendStore } from '../../history/eventStore.js';
import { type RetryOptions, retryField } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { DAY_MS } from '../../input/instant.js';
import { isIterable } from '../../input/iterable.js';
import { unreadable } from '../../job/accountFinding.js';
import { everyAccount, type JobOptions } from '../../job/job.js';
import type { JobReport } from '../../job/jobHead.js';
import { openJob } from '../../job/openJob.js';
import type { FindingOptions } from '../../job/tallies.js';
import type { UnreadableRow } from '../../job/unreadableRow.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import { nameOfKind } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { everyKeptId, noteFits } from '../kept/keptReports.js';
import { isNotOurs, keepRow, keptRow } from '../kept/keptRows.js';
import { tryKept } from '../kept/tryKept.js';
import {
  type OnlineContext,
  type OnRecorded,
  onRecordedField,
  readOnlinePayment,
} from '../loadOnlinePayment.js';
import { type OnlineFinding, waitingFinding } from '../onlineFinding.js';
import type { OnlineStores } from '../start/startOnlinePayment.js';
import { recordOtherRow, reverseOtherRow } from './otherRows.js';
import { differenceOf, notPaidOut, rowsOf } from './payoutFindings.js';
import { checkedPayoutRow } from './payoutRow.js';
import { type PayoutsForm, payoutsFormSchema } from './payoutsForm.js';
import { type PayoutTotals, payoutTotals } from './payoutTotals.js';
import { recordRow } from './recordPayout.js';
import { byPayment, distinct, laterGroups, sumOfRows } from './rowGroups.js';
import type { PaymentRow } from './rowTransaction.js';

/** The rows, callbacks, and how the job runs. */
export type PayoutsOptions = JobOptions &
  FindingOptions<OnlineFinding> & {
    /**
     * The rows of the provider's report, such as those of `stripePayoutRows`. A wrong one is `UNREADABLE_ROW`, and
     * nothing of it is recorded; its `line` is its number. In any order: up to 10,000 rows of captures that nobody
     * reported, and of their refunds, wait until all rows are read. Of more, a refund before its capture is
     * `UNKNOWN_PAYMENT`, and a capture is reported with the amount of its first row: run it again, or read smaller
     * reports.
     */
    readonly rows: AsyncIterable<PayoutRow | UnreadableRow> | Iterable<PayoutRow | UnreadableRow>;
    /**
     * How to retry if other writers append first.
     *
     * @defaultValue 50 attempts, with pauses of up to 200 ms
     */
    readonly retry?: RetryOptions;
    /**
     * Called once an account has recorded its part of a capture.
     *
     * @defaultValue nothing is called
     */
    readonly onRecorded?: OnRecorded;
  };

/** The maximum number of rows of unreported captures and unknown payments that wait until all rows are read. */
const LATER_MAX = 10_000;

/** What {@link reconcilePayouts} found. */
export type PayoutsReport = JobReport<OnlineFinding> & {
  /** The number of rows. */
  readonly rows: number;
  /** How many rows were recorded. */
  readonly recorded: number;
  /** How many had been recorded before. */
  readonly repeated: number;
  /** How many captures and returns nobody had reported: they were reported from their rows. */
  readonly reported: number;
  /** How many a person had settled before: nothing is recorded while nobody knows their transaction. */
  readonly settled: number;
  /** How many belong to no payment, where the account at the provider is shared (`sharedAccount` of the policy). */
  readonly notOurs: number;
  /** What is refused and kept: the monitor tries it again until it fits or a person settles it. */
  readonly kept: readonly string[];
  /** The sums of the rows, by the currency of the payouts. */
  readonly byCurrency: Readonly<Record<string, PayoutTotals>>;
};

const rowsField = v.custom<PayoutsOptions['rows']>(isIterable, 'rows, such as those of stripePayoutRows');

/**
 * Compares the payouts of the payment provider with the online payments, and records what was paid out. A capture or
 * return that nobody reported is recorded from its row, even months later, so no lost report loses money. A row that
 * was recorded before is a repeat, so files may overlap. A row that belongs to no payment is recorded as a cost of the
 * provider. If a payout failed at the bank, its rows may come again in another one.
 *
 * @param stores - the store with the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - the institution, the time, the payment method
 * @param options - the rows; callbacks for findings and progress; signal; concurrency
 * @events {@link OnlinePaymentPaidOut}, {@link ProviderRowRecorded}, {@link ProviderRowReversed}, and as {@link reportOnlinePayment} for what nobody had reported
 * @returns what was recorded, and what differs
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY`. Later: `JOB_CANCELLED` with the report so far
 * once the signal is aborted; any error of the stores or the rows
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { type PayoutRow, reconcilePayouts } from 'patron-fees/online';
 *
 * const at = '2026-03-04T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const shortfallFee = { feeType: 'OTHER', owner: 'MAIN' };
 * const policy = definePolicy({ currency: 'USD', onlinePayments: { method: 'ONLINE', shortfallFee } });
 * const money = { amount: '12.00', currency: 'USD', gross: '12.00', fee: '0.40', net: '11.60', payoutCurrency: 'USD' };
 * const payout = { payoutId: 'po_1', paidOn: '2026-03-04' };
 * const row: PayoutRow = { rowId: 'txn_1', reference: 'o1', transaction: 'ch_1', type: 'capture', ...money, ...payout };
 *
 * const form = { institution: 'north', at };
 * const { findings } = await reconcilePayouts({ accounts, office }, policy, form, { rows: [row] });
 * findings.byCode; //=> { UNKNOWN_PAYMENT: 1 }
 * ```
 */
export async function reconcilePayouts(
  stores: OnlineStores,
  policy: FeePolicy,
  form: PayoutsForm,
  options: PayoutsOptions,
): Promise<PayoutsReport> {
  const job = openJob<v.InferOutput<typeof payoutsFormSchema>, never, OfficeStore, OnlineFinding>(
    stores as never,
    policy,
    options,
    {
      form: () => checkedArgument(payoutsFormSchema, form, 'form'),
      options: { rows: rowsField, retry: retryField, onRecorded: onRecordedField },
      needsOffice: true,
      anyCurrency: true,
    },
  );
  const { institution, at, notPaidOutAfterDays } = job.form;
  const { onlinePayments } = job.policy;
  const method = job.form.method ?? (onlinePayments === false ? undefined : onlinePayments?.method);
  const office = job.office as OfficeStore;
  const accounts: ReadAppendStore = job.store;
  const retry = v.parse(retryField, options.retry);
  const { onRecorded } = options;
  const context: OnlineContext = { accounts, office, policy: job.policy, institution, retry, onRecorded };
  const counts = { rows: 0, recorded: 0, repeated: 0, reported: 0, settled: 0, notOurs: 0 };
  const sharedAccount = onlinePayments !== false && onlinePayments?.sharedAccount === true;
  const totals = payoutTotals();
  // A refund may be in the report before its capture, and a capture may have several rows.
  const later = new Map<string, PaymentRow>();
  const touched = new Set<string>();
  const kept: string[] = [];
  // By transaction, from the latest version of its payment: the answers to writes may come in another order. Without those
  // that have one row and no finding, so that memory does not grow with the rows.
  const differences = new Map<string, { readonly version: number; readonly finding: OnlineFinding | null }>();

  const unlessUnreadable = async (
    onlinePaymentId: string | null,
    read: () => Promise<readonly OnlineFinding[]>,
  ): Promise<readonly OnlineFinding[]> => {
    try {
      return await read();
    } catch (error) {
      const { code, message } = unreadable({ institution, stream: '' }, error);
      return [{ institution, onlinePaymentId, code, message }];
    }
  };
  const readRow = async (given: PayoutRow | UnreadableRow): Promise<readonly OnlineFinding[]> => {
    counts.rows += 1;
    const row = checkedPayoutRow(given, counts.rows);
    if ('unreadable' in row) return [unreadableRow(institution, row)];
    totals.add(row);
    if (row.type === 'other') return unlessUnreadable(row.reference, () => recordOther(row));
    const mayWait = later.size < LATER_MAX;
    const one = { ...row, type: row.type };
    return unlessUnreadable(row.reference, async () => {
      await reverseOtherRow(context, row.rowId, at);
      return recordPaymentRow(one, mayWait ? undefined : row.amount, mayWait);
    });
  };
  const recordOther = async (row: PayoutRow): Promise<readonly OnlineFinding[]> => {
    const kept = await keptRow(context, row, { method, at });
    if (kept?.state === 'settled') counts.settled += 1;
    else if (sharedAccount && kept === null && (await isNotOurs(context, row))) counts.notOurs += 1;
    else {
      const found = await recordOtherRow(context, row, { method, at });
      if ('code' in found) touched.add(await keepRow(context, row, found.code, { method, at }));
      else {
        if (kept !== null) await noteFits(context, kept.keptId, { at, by: { channel: 'job' } });
        counts[found.isRepeat ? 'repeated' : 'recorded'] += 1;
      }
    }
    return [];
  };
  const recordPaymentRow = async (
    given: PaymentRow,
    taken: string | undefined,
    mayWait: boolean,
  ): Promise<readonly OnlineFinding[]> => {
    const of = { institution, onlinePaymentId: given.reference };
    const kept = await keptRow(context, given, { method, at });
    if (kept?.state === 'settled') {
      counts.settled += 1;
      return [];
    }
    const found = await recordRow(context, given, { method, at, taken });
    if (found === null || ('code' in found && found.code === 'UNKNOWN_PAYMENT' && mayWait)) {
      later.set(given.rowId, given);
      return [];
    }
    if ('code' in found) {
      if (found.code === 'UNREADABLE_ROW') return [{ ...of, ...found }];
      const isForeign = sharedAccount && kept === null && found.code === 'UNKNOWN_PAYMENT';
      if (isForeign && (await isNotOurs(context, given))) counts.notOurs += 1;
      else touched.add(await keepRow(context, given, found.code, { method, at }));
      return [];
    }
    if (kept !== null) await noteFits(context, kept.keptId, { at, by: { channel: 'job' } });
    if (found.isReported) counts.reported += 1;
    if (found.isRepeat) counts.repeated += 1;
    else counts.recorded += 1;
    const { row, payment } = found;
    const { onlinePaymentId } = payment;
    const kind = row.type === 'capture' ? 'capture' : 'return';
    const transaction = { kind, externalTransactionId: row.transaction as string } as const;
    const key = JSON.stringify([onlinePaymentId, transaction]);
    const version = payment.eventCount;
    const finding = differenceOf(institution, payment, transaction);
    const known = differences.get(key);
    const isListed = finding !== null || known !== undefined || rowsOf(payment, transaction).length > 1;
    if (isListed && (known?.version ?? 0) <= version) differences.set(key, { version, finding });
    return found.waiting.map((part) => waitingFinding({ institution, onlinePaymentId }, part));
  };
  async function* paymentsToCheck(): AsyncGenerator<string> {
    for await (const stream of everyAccount(office, institution, options.shard)) {
      const onlinePaymentId = nameOfKind('online', stream);
      if (onlinePaymentId !== null) yield onlinePaymentId;
    }
  }
  const check = (onlinePaymentId: string) =>
    unlessUnreadable(onlinePaymentId, async () => {
      const payment = await readOnlinePayment(context, onlinePaymentId);
      const beforeMs = Date.parse(at) - (notPaidOutAfterDays ?? 0) * DAY_MS;
      return payment === null ? [] : notPaidOut(institution, payment, beforeMs);
    });
  return job.working(
    async () => {
      for await (const _ of job.each(distinct(options.rows), readRow));
      const again = async (rows: readonly PaymentRow[]) => {
        const findings: OnlineFinding[] = [];
        for (const row of rows) {
          const together = rows.filter(({ transaction }) => transaction === row.transaction);
          findings.push(
            ...(await unlessUnreadable(row.reference, () =>
              recordPaymentRow(row, sumOfRows(together), false),
            )),
          );
        }
        return findings;
      };
      const left = [...later.values()];
      for (const group of laterGroups) for await (const _ of job.each(each(byPayment(left, group)), again));
      // Rows kept before may fit now; the monitor reports those that still do not.
      const tried = await tryKept(context, new Set([...touched, ...(await everyKeptId(context))]), at);
      const open = tried.open.filter((one) => touched.has(one.kept.keptId));
      const corrupt = tried.unreadable.filter(({ keptId }) => touched.has(keptId as string));
      kept.push(...open.map((one) => one.kept.keptId));
      for (const finding of [...open.map((one) => one.finding), ...corrupt]) await job.found(finding);
      for (const { finding } of differences.values()) if (finding !== null) await job.found(finding);
      if (notPaidOutAfterDays === undefined) return;
      for await (const _ of job.each(paymentsToCheck(), check));
    },
    () => ({ ...counts, kept, byCurrency: totals.result() }),
  );
}

async function* each<Row>(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Row> {
  yield* rows;
}

function unreadableRow(
  institution: string,
  { unreadable: { line, expected, found } }: UnreadableRow,
): OnlineFinding {
  const message = `line ${line}: expected ${expected}, found ${found}`;
  return { institution, onlinePaymentId: null, code: 'UNREADABLE_ROW', message };
}
