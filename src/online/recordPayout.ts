import { minorUnits } from '../money/money.js';
import { captureOf, type OnlinePayment, transactionOf } from '../office/onlinePayments/onlinePayment.js';
import { idsOf, type TransactionIds } from '../office/onlinePayments/transactionIds.js';
import { complete } from './changedPayments.js';
import { appendToPayment, type OnlineContext, readOnlinePayment } from './loadOnlinePayment.js';
import { type OnlineFinding, refusedFinding } from './onlineFinding.js';
import type { ReportRejection } from './onlineRejections.js';
import { knownTransaction } from './ownTransaction.js';
import { recordParts, type WaitingPart } from './recordParts.js';
import { applyReport } from './reportOnlinePayment.js';
import { asRecorded, asReturn, idsOfRow, isUntaken, type PaymentRow } from './rowTransaction.js';

/** What is wrong with a row. */
type RowFinding = Pick<OnlineFinding, 'code' | 'message' | 'externalTransactionId'>;

/** The payment of a row. */
type FoundPayment = {
  readonly payment: OnlinePayment;
  /** The row, with its transaction as the payment names it. */
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
  const capture = repeat ? undefined : await captureOfRow(context, row, named, methods);
  const of = capture?.externalTransactionId;
  const known = repeat
    ? { payment: repeat, row: await repeated(context, row, repeat) }
    : await knownPayment(context, row, methods, of);
  if (known !== null && 'code' in known) return known;
  if (known !== null) return unlessUntaken(context, known, { at, mayWait: taken === undefined });
  if (!isCapture) {
    if (capture === undefined) return unknown(row);
    const one = {
      externalTransactionId: transaction,
      of: capture.externalTransactionId,
      kind: type,
      currency,
      ...(row.otherIds && { otherIds: row.otherIds }),
    };
    const returns = [{ ...one, amount: row.amount.replace('-', '') }];
    const onlinePaymentId = capture.onlinePaymentId ?? reference ?? 'unknown';
    return reportRow(context, row, at, { onlinePaymentId, captures: [], returns });
  }
  if (reference === null) return unknown(row);
  if (taken === undefined) return null;
  if (minorUnits(taken) <= 0n) return unknown(row);
  const captures = [{ ...idsOfRow(row), rowId, amount: taken, currency, of }];
  return reportRow(context, row, at, { onlinePaymentId: reference, captures, returns: [] });
}

/** Returns the payment that has the capture or return of a row, and the row with all known ids; null if none has. */
async function knownPayment(
  context: OnlineContext,
  row: PaymentRow,
  methods: ReadonlySet<string>,
  except: string | undefined,
): Promise<KnownPayment | RowFinding | null> {
  const kind = row.type === 'capture' ? 'capture' : 'return';
  for (const method of methods) {
    const event = await knownTransaction(context, kind, { method, ...idsOfRow(row) });
    if (event === undefined) continue;
    const { onlinePaymentId } = event.data;
    const transactions = [{ kind, method, ...idsOf(event.data) } as const];
    const changed = { onlinePaymentId, before: undefined, patronId: undefined, transactions };
    const { payment, refused } = await complete(context, changed, { isOfRow: true, except });
    const found = payment === null ? undefined : recordedAs(payment, row, event.data);
    // What came back of a capture is another one, although a report named it by the same ids.
    if (found !== undefined && row.type === 'capture' && found.transaction === except) return unknown(row);
    if (payment !== null && found !== undefined) return { payment, row: found };
    const [rejection] = refused;
    if (rejection !== undefined) return refusedRow(context, row, onlinePaymentId, rejection);
  }
  return null;
}

/** Returns a row with its transaction as a payment names it; undefined if the payment does not have it. */
function recordedAs(payment: OnlinePayment, row: PaymentRow, ids: TransactionIds): PaymentRow | undefined {
  const { externalTransactionId } = ids;
  const found =
    row.type === 'capture'
      ? captureOf(payment, ids)
      : transactionOf(payment, 'return', externalTransactionId);
  return found && { ...row, transaction: found.externalTransactionId };
}

/** Returns a row that was recorded before, with its transaction as the payment names it. */
async function repeated(
  context: OnlineContext,
  row: PaymentRow,
  payment: OnlinePayment,
): Promise<PaymentRow> {
  if (row.type !== 'capture' || captureOf(payment, idsOfRow(row)) !== undefined) return row;
  const event = await knownTransaction(context, 'capture', { method: payment.method, ...idsOfRow(row) });
  return (
    (event?.data.onlinePaymentId === payment.onlinePaymentId && recordedAs(payment, row, event.data)) || row
  );
}

function isRecorded(payment: OnlinePayment, { type, transaction }: PaymentRow): boolean {
  const kind = type === 'capture' ? 'capture' : 'return';
  return transactionOf(payment, kind, transaction as string) !== undefined;
}

/** Returns the capture that a row belongs to, and its payment if it is known: the only one if the row names none. */
async function captureOfRow(
  context: OnlineContext,
  { type, of, otherIds }: PaymentRow,
  named: OnlinePayment | null,
  methods: ReadonlySet<string>,
): Promise<{ readonly externalTransactionId: string; readonly onlinePaymentId?: string } | undefined> {
  if (of === undefined) {
    const [only, ...others] = named?.captures ?? [];
    return type === 'capture' || others.length > 0 ? undefined : only;
  }
  const ids = idsOf({ externalTransactionId: of, ...(otherIds && { otherIds }) });
  for (const method of methods) {
    const event = await knownTransaction(context, 'capture', { method, ...ids });
    if (event !== undefined) return event.data;
  }
  return { externalTransactionId: of };
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

function refusedRow(
  { institution }: OnlineContext,
  row: PaymentRow,
  onlinePaymentId: string | null,
  rejection: ReportRejection,
): RowFinding {
  if (rejection.type === 'OnlinePaymentUnknown' || rejection.type === 'CaptureUnknown') return unknown(row);
  if (rejection.type === 'PerhapsReported') return perhapsReported(row, rejection.reported);
  const finding = refusedFinding({ institution, onlinePaymentId }, rejection);
  return rejection.type === 'ReportInOtherCurrency' ? { ...finding, code: 'CURRENCY_DIFFERS' } : finding;
}

function withoutCharge({ rowId, transaction, amount, currency }: PaymentRow): RowFinding {
  const what = `${rowId}: ${amount} ${currency} of ${transaction} was not taken, and no row of its charge is recorded yet`;
  const message = `${what}: read the report with the charge, and then this one again`;
  return { code: 'AMOUNT_DIFFERS', externalTransactionId: transaction as string, message };
}

function perhapsReported({ rowId, transaction, currency }: PaymentRow, reported: string): RowFinding {
  const what = `${rowId}: nobody reported ${transaction}, and ${reported} of the same amount in ${currency} is in no payout`;
  const message = `${what}: if both are the same, read the report by the id that is reported; otherwise report ${transaction}`;
  return { code: 'PERHAPS_REPORTED', externalTransactionId: transaction as string, message };
}

function unknown({ rowId, reference, transaction, amount, currency, type }: PaymentRow): RowFinding {
  const what = `${rowId}: the ${type} ${transaction} of ${amount} ${currency} belongs to no online payment`;
  const message = `${what} (reference ${reference ?? 'none'}): find out whose it is`;
  return { code: 'UNKNOWN_PAYMENT', externalTransactionId: transaction as string, message };
}

/** Records that a row was paid out, once. */
export async function paidOut(
  context: OnlineContext,
  { onlinePaymentId, currency }: OnlinePayment,
  row: PaymentRow,
  at: string,
): Promise<{ readonly payment: OnlinePayment; readonly isRepeat: boolean } | RowFinding> {
  const externalTransactionId = row.transaction as string;
  if (row.currency !== currency) {
    const message = `${row.rowId} is in ${row.currency}, the payment in ${currency}: compare it with the provider's page`;
    return { code: 'CURRENCY_DIFFERS', externalTransactionId, message };
  }
  const { rowId, payoutId, paidOn, gross, fee, payoutCurrency } = row;
  const content = {
    rowId,
    kind: row.type === 'capture' ? 'capture' : 'return',
    externalTransactionId,
    amount: row.type === 'capture' ? row.amount : row.amount.replace('-', ''),
    payoutId,
    paidOn,
    gross,
    fee,
    payoutCurrency,
  } as const;
  const done = await appendToPayment<OnlinePayment>(context, onlinePaymentId, (known) => {
    const payment = known as OnlinePayment;
    // Meanwhile another process may have recorded the capture under another id.
    return payment.payouts.some((one) => one.rowId === rowId) || !isRecorded(payment, row)
      ? { result: payment }
      : {
          type: 'OnlinePaymentPaidOut',
          data: { onlinePaymentId, ...content, currency, at, by: { channel: 'job' } },
        };
  });
  if ('payment' in done) return { payment: done.payment, isRepeat: false };
  const before = done.result.payouts.find((one) => one.rowId === rowId);
  if (before === undefined) return unknown(row);
  const changed = (Object.keys(content) as (keyof typeof content)[]).filter(
    (name) => content[name] !== before[name],
  );
  if (changed.length === 0) return { payment: done.result, isRepeat: true };
  const differ = changed.map((name) => `${name} was ${before[name]}, is ${content[name]}`);
  const message = `${rowId} was recorded before with other content: ${differ.join('; ')}`;
  return { code: 'ROW_CHANGED', externalTransactionId, message };
}
