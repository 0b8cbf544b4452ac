import { minorUnits } from '../../money/money.js';
import {
  type LeftOfCapture,
  leftOfCapture,
  type OnlinePayment,
  sumOfLeft,
  transactionOf,
  units,
} from '../../office/onlinePayments/onlinePayment.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import { complete } from '../monitor/changedPayments.js';
import type { ReportRejection } from '../onlineRejections.js';
import { knownTransaction, transactionOfAny } from '../ownTransaction.js';
import { recordParts, type WaitingPart } from '../record/recordParts.js';
import { applyReport } from '../report/reportOnlinePayment.js';
import { paidOut } from './paidOut.js';
import { type RowFinding, refusedRow, unknown, withoutCharge } from './rowFindings.js';
import { asRecorded, asReturn, isUntaken, type PaymentRow } from './rowTransaction.js';

/** The payment of a row. */
type FoundPayment = {
  readonly payment: OnlinePayment;
  /** The row, as the payment has it. */
  readonly row: PaymentRow;
  /** Whether nobody had reported the capture or return. */
  readonly isReported: boolean;
  readonly waiting: readonly WaitingPart[];
};

/** A payment that has the capture or return of a row. */
type KnownPayment = Pick<FoundPayment, 'payment' | 'row'>;

/** How to find the payment of a row. */
type HowToFind = {
  /** The payment method of the report. */
  readonly method: string | undefined;
  readonly at: string;
  /** What all rows of the transaction have together; undefined if some may follow. */
  readonly taken: string | undefined;
};

/**
 * Returns the payment of a row. What nobody reported of it is reported from the row, a capture with what all its rows
 * have together (`taken`); without that sum, null for a row that must wait for the others.
 */
export async function paymentOfRow(
  context: OnlineContext,
  row: PaymentRow,
  { method, at, taken }: HowToFind,
): Promise<FoundPayment | RowFinding | null> {
  const { transaction, reference, rowId, type, currency } = row;
  const isCapture = type === 'capture';
  const minor = minorUnits(row.amount);
  // A capture below 0 is the reversal of a part that was authorised and not taken.
  if (transaction === null || minor === 0n || (minor > 0n && !isCapture))
    return {
      code: 'UNREADABLE_ROW',
      message: `${rowId}: expected a transaction and an amount of a ${type}`,
    };
  const named = reference === null ? null : await readOnlinePayment(context, reference);
  const methods = new Set([named?.method, method].filter((one) => one !== undefined));
  const repeat = named?.payouts.some((one) => one.rowId === rowId) ? named : null;
  const capture = repeat ? undefined : await captureOfRow(context, row, named, [...methods]);
  const of = capture?.externalTransactionId;
  const known = repeat ? { payment: repeat } : await knownPayment(context, row, methods, of);
  if (known !== null && 'code' in known) return known;
  if (known !== null) return unlessUntaken(context, { ...known, row }, { at, mayWait: taken === undefined });
  if (!isCapture) {
    if (capture === undefined) return unknown(row);
    const one = {
      externalTransactionId: transaction,
      of: capture.externalTransactionId,
      kind: type,
      currency,
    };
    const returns = [{ ...one, amount: row.amount.replace('-', '') }];
    const onlinePaymentId = capture.onlinePaymentId ?? reference ?? 'unknown';
    return reportRow(context, row, at, { onlinePaymentId, captures: [], returns });
  }
  // What came back of a capture belongs to its payment.
  const onlinePaymentId = named?.onlinePaymentId ?? capture?.onlinePaymentId ?? reference;
  if (onlinePaymentId === null) return unknown(row);
  if (taken === undefined) return null;
  if (minorUnits(taken) <= 0n) return unknown(row);
  const captures = [{ externalTransactionId: transaction, rowId, amount: taken, currency, of }];
  return reportRow(context, row, at, { onlinePaymentId, captures, returns: [] });
}

/** Returns the payment that has the capture or return of a row; null if none has. */
async function knownPayment(
  context: OnlineContext,
  row: PaymentRow,
  methods: ReadonlySet<string>,
  except: string | undefined,
): Promise<Pick<FoundPayment, 'payment'> | RowFinding | null> {
  const kind = row.type === 'capture' ? 'capture' : 'return';
  const externalTransactionId = row.transaction as string;
  const event =
    kind === 'return'
      ? await transactionOfAny(context, kind, externalTransactionId, [...methods])
      : await captureOfMethods(context, externalTransactionId, methods);
  if (event === undefined) return null;
  // What came back of a capture is another one, although the row names it by the same id.
  if (kind === 'capture' && externalTransactionId === except) return unknown(row);
  const { onlinePaymentId, method } = event.data;
  const transactions = [{ kind, method, externalTransactionId } as const];
  const changed = { onlinePaymentId, before: undefined, patronId: undefined, transactions };
  const { payment, refused } = await complete(context, changed, { isOfRow: true, except });
  if (payment !== null && transactionOf(payment, kind, externalTransactionId) !== undefined)
    return { payment };
  const [rejection] = refused;
  return rejection === undefined ? null : refusedRow(context, row, onlinePaymentId, rejection.rejection);
}

async function captureOfMethods(
  context: OnlineContext,
  externalTransactionId: string,
  methods: ReadonlySet<string>,
) {
  for (const method of methods) {
    const event = await knownTransaction(context, 'capture', { method, externalTransactionId });
    if (event !== undefined) return event;
  }
  return undefined;
}

/**
 * Returns the capture that a row belongs to, and its payment if it is known: of a return that names none, the earliest
 * that has so much left.
 */
async function captureOfRow(
  context: OnlineContext,
  { type, of, amount }: PaymentRow,
  named: OnlinePayment | null,
  methods: readonly string[],
): Promise<{ readonly externalTransactionId: string; readonly onlinePaymentId?: string } | undefined> {
  if (of === undefined) {
    if (type === 'capture' || named === null) return undefined;
    const leftOf = ({ externalTransactionId }: OnlinePayment['captures'][number]) =>
      sumOfLeft(leftOfCapture(named, externalTransactionId) as LeftOfCapture);
    const most = -units(amount);
    // What is above one capture is taken from the others, too.
    return named.captures.find((one) => leftOf(one) >= most) ?? named.captures.at(-1);
  }
  const event = await transactionOfAny(context, 'capture', of, methods);
  return event?.data ?? { externalTransactionId: of };
}

/**
 * Records the parts of the payment of a row. A part that was recorded, and not taken as the row says, is given back.
 */
async function unlessUntaken(
  context: OnlineContext,
  { payment: given, row }: KnownPayment,
  { at, mayWait }: { readonly at: string; readonly mayWait: boolean },
): Promise<FoundPayment | RowFinding | null> {
  const { payment, waiting } = await recordParts(context, given, at);
  const known = asRecorded(payment, row);
  const untaken = isUntaken(payment, known);
  if (untaken === false) return { payment, row: known, isReported: false, waiting };
  if (mayWait) return null;
  if (untaken === 'unknown') return withoutCharge(known);
  const back = asReturn(known);
  const { transaction, of, amount, currency } = back;
  const one = { externalTransactionId: transaction as string, of: of as string, kind: back.type, currency };
  const returns = [{ ...one, amount: amount.replace('-', '') }];
  return reportRow(context, back, at, { onlinePaymentId: payment.onlinePaymentId, captures: [], returns });
}

/** Reports what nobody reported of a row. */
async function reportRow(
  context: OnlineContext,
  row: PaymentRow,
  at: string,
  report: Pick<Parameters<typeof applyReport>[1], 'onlinePaymentId' | 'captures' | 'returns'>,
): Promise<FoundPayment | RowFinding> {
  const given = { ...report, pending: undefined, ended: undefined, at, by: { channel: 'job' } } as const;
  const { payment, rejections, waiting } = await applyReport(context, given);
  const [rejection] = rejections;
  if (rejection === undefined && payment !== null)
    return { payment, row: asRecorded(payment, row), isReported: true, waiting };
  return refusedRow(context, row, row.reference, rejection as ReportRejection);
}

/** A row that is in its payment. */
export type RecordedRow = FoundPayment & {
  /** The payment with the row. */
  readonly payment: OnlinePayment;
  /** Whether the row was recorded before. */
  readonly isRepeat: boolean;
};

/** Records a row in its payment; null for a row that must wait for the others. */
export async function recordRow(
  context: OnlineContext,
  row: PaymentRow,
  how: HowToFind,
): Promise<RecordedRow | RowFinding | null> {
  const found = await paymentOfRow(context, row, how);
  if (found === null || 'code' in found) return found;
  const done = await paidOut(context, found.payment, found.row, how.at);
  return 'code' in done ? { ...done, onlinePaymentId: found.payment.onlinePaymentId } : { ...found, ...done };
}
