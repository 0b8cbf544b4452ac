import * as v from 'valibot';
import { commandActorField, nameField } from '../account/fieldSchemas.js';
import type { ReadAppendStore } from '../history/eventStore.js';
import { type RetryOptions, retryField } from '../history/retry.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { DAY_MS, instantField } from '../input/instant.js';
import { plainObject } from '../input/plainObject.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { unreadable } from '../job/accountFinding.js';
import type { UnreadableRow } from '../job/csvRows.js';
import { everyAccount, type JobOptions } from '../job/job.js';
import type { JobOrder, JobReport } from '../job/jobHead.js';
import { openJob } from '../job/openJob.js';
import type { FindingOptions } from '../job/tallies.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, minorUnits } from '../money/money.js';
import type { OfficeStore } from '../office/officeEvents.js';
import { nameOfKind } from '../office/streamKinds.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type OnlineContext, readOnlinePayment } from './loadOnlinePayment.js';
import { type OnlineFinding, waitingFinding } from './onlineFinding.js';
import { differenceOf, notPaidOut, rowsOf } from './payoutFindings.js';
import { checkedPayoutRow, type PayoutRow } from './payoutRow.js';
import { type PayoutTotals, payoutTotals } from './payoutTotals.js';
import { paidOut, paymentOfRow } from './recordPayout.js';
import type { PaymentRow } from './rowTransaction.js';
import type { OnlineStores } from './startOnlinePayment.js';

/** Which payouts to compare, and when. */
export type PayoutsForm = JobOrder & {
  /** The institution. */
  readonly institution: string;
  /** The present time, ISO 8601 with a zone: the time of what is recorded. */
  readonly at: string;
  /**
   * The payment method of the payments in the rows.
   *
   * @defaultValue the method of the policy's `onlinePayments`
   */
  readonly method?: string;
  /**
   * After how many days a capture or return that is in no payout is a finding: 1 or more. Reads every online payment.
   *
   * @defaultValue not looked for
   */
  readonly notPaidOutAfterDays?: number;
};

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
  /** The sums of the rows, by the currency of the payouts. */
  readonly byCurrency: Readonly<Record<string, PayoutTotals>>;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    institution: nameField,
    at: instantField,
    jobId: v.optional(nameField),
    by: v.optional(commandActorField),
    reason: v.optional(nameField),
    method: v.optional(nameField),
    notPaidOutAfterDays: v.optional(wholeNumber(1)),
  }),
);

const isIterable = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && (Symbol.asyncIterator in input || Symbol.iterator in input);

const rowsField = v.custom<PayoutsOptions['rows']>(isIterable, 'rows, such as those of stripePayoutRows');

/**
 * Compares the payouts of the payment provider with the online payments, and records what was paid out. A capture or
 * return that nobody reported is reported from its row, months later too: the net under lost reports. A row that was
 * recorded before is a repeat, so files may overlap.
 *
 * @param stores - the store with the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - the institution, the time, the payment method
 * @param options - the rows; callbacks for findings and progress; signal; concurrency
 * @events {@link OnlinePaymentPaidOut}, and as {@link reportOnlinePayment} for what nobody had reported
 * @returns what was recorded, and what differs
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY`. Later: `JOB_CANCELLED` with the report so far
 * once the signal is aborted; any error of the stores or the rows
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/institution';
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
export function reconcilePayouts(
  stores: OnlineStores,
  policy: FeePolicy,
  form: PayoutsForm,
  options: PayoutsOptions,
): Promise<PayoutsReport> {
  const job = openJob<v.InferOutput<typeof formSchema>, never, OfficeStore, OnlineFinding>(
    stores as never,
    policy,
    options,
    {
      form: () => checkedArgument(formSchema, form, 'form'),
      options: { rows: rowsField, retry: retryField },
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
  const context: OnlineContext = { accounts, office, policy: job.policy, institution, retry };
  const counts = { rows: 0, recorded: 0, repeated: 0, reported: 0 };
  const totals = payoutTotals();
  // A refund may be in the report before its capture, and a capture may have several rows.
  const later: PaymentRow[] = [];
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
  const recordRow = async (given: PayoutRow | UnreadableRow): Promise<readonly OnlineFinding[]> => {
    counts.rows += 1;
    const row = checkedPayoutRow(given, counts.rows);
    if ('unreadable' in row) return [unreadableRow(institution, row)];
    totals.add(row);
    if (row.type === 'other') return [];
    const mayWait = later.length < LATER_MAX;
    const one = { ...row, type: row.type };
    return unlessUnreadable(row.reference, () =>
      recordPaymentRow(one, mayWait ? undefined : row.amount, mayWait),
    );
  };
  const recordPaymentRow = async (
    given: PaymentRow,
    taken: string | undefined,
    mayWait: boolean,
  ): Promise<readonly OnlineFinding[]> => {
    const of = { institution, onlinePaymentId: given.reference };
    const found = await paymentOfRow(context, given, { method, at, taken });
    if (found === null || ('code' in found && found.code === 'UNKNOWN_PAYMENT' && mayWait)) {
      later.push(given);
      return [];
    }
    if ('code' in found) return [{ ...of, ...found }];
    if (found.isReported) counts.reported += 1;
    const { row } = found;
    const { onlinePaymentId } = found.payment;
    const waiting = found.waiting.map((part) => waitingFinding({ institution, onlinePaymentId }, part));
    const result = await paidOut(context, found.payment, row, at);
    if ('code' in result) return [...waiting, { institution, onlinePaymentId, ...result }];
    if (result.isRepeat) counts.repeated += 1;
    else counts.recorded += 1;
    const key = JSON.stringify([onlinePaymentId, row.type === 'capture', row.transaction]);
    const version = result.payment.eventCount;
    const finding = differenceOf(institution, result.payment, row);
    const known = differences.get(key);
    const isKept = finding !== null || known !== undefined || rowsOf(result.payment, row).length > 1;
    if (isKept && (known?.version ?? 0) <= version) differences.set(key, { version, finding });
    return waiting;
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
      for await (const _ of job.each(each(options.rows), recordRow));
      const again = async (rows: readonly PaymentRow[]) => {
        const findings: OnlineFinding[] = [];
        for (const row of rows) {
          const together = rows.filter(({ transaction }) => transaction === row.transaction);
          const otherIds = [...new Set(together.flatMap((one) => one.otherIds ?? []))];
          const one = { ...row, ...(otherIds.length > 0 && { otherIds }) };
          findings.push(
            ...(await unlessUnreadable(row.reference, () => recordPaymentRow(one, sumOf(together), false))),
          );
        }
        return findings;
      };
      for await (const _ of job.each(each(byPayment(later, true)), again));
      for await (const _ of job.each(each(byPayment(later, false)), again));
      for (const { finding } of differences.values()) if (finding !== null) await job.found(finding);
      if (notPaidOutAfterDays === undefined) return;
      for await (const _ of job.each(paymentsToCheck(), check));
    },
    () => ({ ...counts, byCurrency: totals.result() }),
  );
}

async function* each<Row>(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Row> {
  yield* rows;
}

/**
 * Returns the captures of each payment, or its returns. They are recorded one by one, those below 0 after their
 * charges: a capture is not taken for another one of the same amount whose row is just being recorded.
 */
function byPayment(rows: readonly PaymentRow[], isCapture: boolean): Iterable<readonly PaymentRow[]> {
  const found = new Map<string, PaymentRow[]>();
  const chargesFirst = [...rows].sort((one, other) => Number(isBelow0(one)) - Number(isBelow0(other)));
  for (const row of chargesFirst.filter(({ type }) => (type === 'capture') === isCapture)) {
    const key = JSON.stringify([row.reference ?? row.transaction, row.currency]);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found.values();
}

const isBelow0 = ({ amount }: PaymentRow): boolean => amount.startsWith('-');

function sumOf(rows: readonly PaymentRow[]): string {
  const digits = digitsOf((rows[0] as PaymentRow).currency);
  return formatAmount(
    rows.reduce((sum, { amount }) => sum + minorUnits(amount), 0n),
    digits,
  );
}

function unreadableRow(
  institution: string,
  { unreadable: { line, expected, found } }: UnreadableRow,
): OnlineFinding {
  const message = `line ${line}: expected ${expected}, found ${found}`;
  return { institution, onlinePaymentId: null, code: 'UNREADABLE_ROW', message };
}
