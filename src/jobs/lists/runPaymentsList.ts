import {
  type CheckedPaymentsForm,
  checkedPaymentsListForm,
  dated,
  movementsOf,
  type PaymentsListForm,
  rowFinder,
} from '../../books/payments/paymentsReport.js';
import type { TillMovement, TillMovementKind } from '../../books/payments/tillMovements.js';
import type { EventStore, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { type Columns, type CsvOptions, csvText, type Lines } from '../../job/csv.js';
import type { AccountJobOptions } from '../../job/job.js';
import type { JobReport } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { issuedAmong, receiptsOf } from '../../office/receipts/receiptRecords.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** One payment, reversal, refund or waiver. Absent details are null. */
export type PaymentLine = StreamId & {
  /**
   * The kind of the line: `gross` is a payment, `reversed` its reversal, `refunded` a refund, `refundsReversed` its
   * reversal. Each is the name of the figure in the payments report that the line counts in. `waived` and
   * `waiversReversed` are in no figure.
   */
  readonly kind: TillMovementKind | 'waived' | 'waiversReversed';
  /** The payment, the refund, the waiver, or what reversed it. */
  readonly id: string;
  /** The library's calendar day, `YYYY-MM-DD`. */
  readonly day: string;
  /** When it happened. */
  readonly at: string;
  /** When it was recorded. */
  readonly recordedAt: string;
  /** The library where the money was received or paid out. */
  readonly library: string | null;
  /** The desk. */
  readonly desk: string | null;
  /** The channel. */
  readonly channel: string | null;
  /** The user who received it or paid it out. */
  readonly user: string | null;
  /** The session of the till. */
  readonly tillSession: string | null;
  /** The payment method's code; null for waivers. */
  readonly method: string | null;
  /** The code of the reason. */
  readonly reason: string | null;
  /** The whole amount, a decimal string above 0, over all fees; of a waiver, that of one fee. */
  readonly amount: string;
  /**
   * What it changes in the till, a decimal string: the amount, negative for reversals and refunds, zero for waivers.
   */
  readonly net: string;
  /** ISO 4217 code of the amounts. */
  readonly currency: string;
};

/**
 * Lists the payments, reversals and refunds that a payments report with the same form sums, and waivers if the form
 * says so, account by account, in the order of each account's stream. Keeps one account at a time in memory.
 *
 * @param stores - the store with the accounts; with that of the office, if the form asks for payments without a receipt
 * @param policy - the institution's policy, for the currency
 * @param form - the form of the payments report; its columns are ignored
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the lines, then the report
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runPaymentsList } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
 * const by = { channel: 'desk', desk: 'CIRC', userId: 'ana', tillSession: 'CIRC/1' } as const;
 * const payment = { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at, by } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, payment);
 *
 * const form = { institution: 'north', timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };
 * for await (const line of runPaymentsList(store, policy, { ...form, tillSessions: ['CIRC/1'] })) {
 *   [line.patronId, line.user, line.id, line.net]; //=> ['dverma', 'ana', 'p1', '5.00']
 * }
 * ```
 */
export function runPaymentsList(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: PaymentsListForm,
  options: AccountJobOptions = {},
): AsyncGenerator<PaymentLine, JobReport, undefined> {
  const job = openJob(stores, policy, options, {
    form: () => checkedPaymentsListForm(form),
    needsOffice: form?.withoutReceipt === true,
  });
  const { store, office, currency, digits } = job;
  const write = lineWriter(currency, job.form, digits);
  const work = async (stream: StreamId) => {
    const { events } = await store.read(stream);
    const movements = movementsOf({ ...stream, events }, currency);
    if ('code' in movements) return movements;
    const waivers = job.form.waivers ? waiversIn(events, digits) : [];
    const listed = [...movements, ...waivers].sort((a, b) => a.version - b.version);
    const lines = write(stream, listed);
    return job.form.withoutReceipt ? withoutReceipt(lines, stream, office as OfficeStore) : lines;
  };
  return job.listing(() => job.eachAccount(work));
}

/** Returns the payments that have no numbered receipt, not even one for a household. */
async function withoutReceipt(
  lines: readonly PaymentLine[],
  stream: StreamId,
  office: OfficeStore,
): Promise<readonly PaymentLine[]> {
  const payments = lines.filter(({ kind }) => kind === 'gross');
  if (payments.length === 0) return [];
  const receipts = await receiptsOf(office, stream);
  const missing: PaymentLine[] = [];
  for (const payment of payments) {
    const subject = { ...stream, kind: 'payment', subjectId: payment.id } as const;
    if ((await issuedAmong(receipts, office, subject)) === undefined) missing.push(payment);
  }
  return missing;
}

/** A movement of a till, or a waiver. */
type ListedMovement = Omit<TillMovement, 'kind' | 'method' | 'startsPayment'> &
  Pick<PaymentLine, 'kind' | 'method'>;

/** Returns the waivers and their reversals, in the stream's order. */
function waiversIn(events: readonly RecordedEvent[], digits: number): ListedMovement[] {
  return events.flatMap(({ version, event, recordedAt }) => {
    if (event.type !== 'FeeWaived' && event.type !== 'WaiverReversed') return [];
    const { data } = event;
    const [kind, id] =
      'reversalId' in data
        ? (['waiversReversed', data.reversalId] as const)
        : (['waived', data.waiverId] as const);
    const { at, by = null, reason = null } = data;
    const amount = parseAmount(data.amount, digits);
    return [
      dated({
        kind,
        id,
        version,
        at,
        recordedAt,
        by,
        reason,
        amount,
        method: null,
        feeType: null,
        owner: null,
      }),
    ];
  });
}

/** Returns a function that joins the movements of each event that the form includes to one line. */
function lineWriter(currency: string, form: CheckedPaymentsForm, digits: number) {
  const placeOf = rowFinder({ ...form, columns: [] });
  const dayAt = localDay(form.timeZone);
  return ({ institution, patronId }: StreamId, movements: readonly ListedMovement[]): PaymentLine[] => {
    const sums = new Map<number, { readonly movement: ListedMovement; sum: bigint }>();
    for (const movement of movements) {
      if (placeOf(movement) === null) continue;
      const entry = sums.get(movement.version);
      if (entry === undefined) sums.set(movement.version, { movement, sum: BigInt(movement.amount) });
      else entry.sum += BigInt(movement.amount);
    }
    return Array.from(sums.values(), ({ movement, sum }) => {
      const { kind, id, at, recordedAt, by, method, reason } = movement;
      const {
        library = null,
        desk = null,
        channel = null,
        userId: user = null,
        tillSession = null,
      } = by ?? {};
      return {
        institution,
        patronId,
        kind,
        id,
        day: dayAt(movement[form.dayOf]),
        at,
        recordedAt,
        library,
        desk,
        channel,
        user,
        tillSession,
        method,
        reason,
        amount: formatAmount(sum, digits),
        net: formatAmount(sum * signs[kind], digits),
        currency,
      };
    });
  };
}

/** What a line changes in the till. */
const signs: Readonly<Record<PaymentLine['kind'], bigint>> = {
  gross: 1n,
  reversed: -1n,
  refunded: -1n,
  refundsReversed: 1n,
  waived: 0n,
  waiversReversed: 0n,
};

const columns: Columns<PaymentLine> = [
  'day',
  'at',
  'recordedAt',
  'kind',
  'id',
  'institution',
  'patronId',
  'library',
  'desk',
  'channel',
  'user',
  'tillSession',
  'method',
  'reason',
  'amount',
  'net',
  'currency',
];

/**
 * Formats a list of payments as CSV, line by line: a header, then one line for each payment, reversal, refund and
 * waiver.
 *
 * @param lines - the lines of {@link runPaymentsList}
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link jobs.writeTextFile | writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { paymentsListCsv } from 'patron-fees/reports';
 *
 * for await (const piece of paymentsListCsv([])) piece.split(',').slice(0, 3); //=> ['day', 'at', 'recordedAt']
 * ```
 */
export function paymentsListCsv<Report>(
  lines: Lines<PaymentLine, Report>,
  options: CsvOptions = {},
): AsyncGenerator<string, Report, undefined> {
  return csvText(lines, columns, options);
}
