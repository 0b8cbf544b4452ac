import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type CsvCells, readCsv } from '../../job/csvCells.js';
import { type TextSource, textSourceField } from '../../job/csvRows.js';
import { type DayOrder, dayOrders } from '../../job/dayOrder.js';
import type { UnreadableRow } from '../../job/unreadableRow.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { DecimalMark } from '../../money/reportedAmount.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';

/** The columns of a provider's report, by what they have. */
export type PayoutColumns = {
  /** Identifies the row, for ever. */
  readonly rowId: string;
  /** The library's reference: the online payment. */
  readonly reference?: string;
  /** The provider's id of the capture, refund or chargeback. */
  readonly transaction: string;
  /** The capture that a refund or chargeback belongs to. */
  readonly of?: string;
  /** The type of the row; see {@link PayoutReportForm.types}. */
  readonly type: string;
  /** What the patron was charged or given back. */
  readonly amount: string;
  /** The currency of the amount. */
  readonly currency: string;
  /** The amount in the currency of the payout; the amount itself if left out. */
  readonly gross?: string;
  /** What the provider kept; 0 if left out. */
  readonly fee?: string;
  /** The currency of the payout; that of the amount if left out. */
  readonly payoutCurrency?: string;
  /** The payout. */
  readonly payoutId: string;
  /** The day of the payout. */
  readonly paidOn: string;
};

/** How a provider's report is written. */
export type PayoutReportForm = {
  /** The names of the columns. */
  readonly columns: PayoutColumns;
  /** The types of rows, by the text in the column of the type. Every other text is `other`. */
  readonly types: Readonly<Record<string, PayoutRow['type']>>;
  /**
   * Whether refunds and chargebacks are written below 0, or without a sign.
   *
   * @defaultValue `'signed'`
   */
  readonly returns?: 'signed' | 'unsigned';
  /**
   * Whether the fee is written as what was kept, or below 0.
   *
   * @defaultValue `'kept'`
   */
  readonly fees?: 'kept' | 'negative';
  /**
   * The delimiter of cells.
   *
   * @defaultValue `','`
   */
  readonly delimiter?: string;
  /**
   * The decimal mark of amounts, whose digits may then be grouped by the other mark.
   *
   * @defaultValue a point, and digits are not grouped
   */
  readonly decimalMark?: DecimalMark;
  /**
   * The order of day, month and year.
   *
   * @defaultValue `'YYYY-MM-DD'`
   */
  readonly dayOrder?: DayOrder;
};

const column = v.pipe(v.string('a column'), v.nonEmpty('a column'));
const optional = v.exactOptional(column);

const formSchema = v.strictObject({
  columns: v.strictObject({
    rowId: column,
    reference: optional,
    transaction: column,
    of: optional,
    type: column,
    amount: column,
    currency: column,
    gross: optional,
    fee: optional,
    payoutCurrency: optional,
    payoutId: column,
    paidOn: column,
  }),
  types: v.record(v.string(), v.picklist(['capture', 'refund', 'chargeback', 'other'])),
  returns: v.optional(v.picklist(['signed', 'unsigned']), 'signed'),
  fees: v.optional(v.picklist(['kept', 'negative']), 'kept'),
  delimiter: v.exactOptional(v.pipe(v.string(), v.length(1))),
  decimalMark: v.exactOptional(v.picklist(['.', ','])),
  dayOrder: v.exactOptional(v.picklist(dayOrders)),
});

type CheckedForm = v.InferOutput<typeof formSchema>;

/**
 * Reads a CSV report of any payment provider, row by row, by the names of its columns. Stripe's and Adyen's reports
 * have readers of their own: {@link stripePayoutRows}, {@link adyenPayoutRows}.
 *
 * @param source - the file's path, or its text (UTF-8, with a header line)
 * @param form - the names of the columns, and what its texts mean
 * @returns the rows; memory does not grow with their number. A line that cannot be read is an `unreadable` row
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT`. Later: any error of the file
 * system
 *
 * @example
 * ```ts
 * import { payoutRows } from 'patron-fees/online';
 *
 * const csv = 'Id;Order;Payment;Kind;Amount;Currency;Fee;Payout;Paid on\n1;op-7;p1;sale;13,00;EUR;0,32;B4;04.03.2026\n';
 * const columns = {
 *   rowId: 'Id', reference: 'Order', transaction: 'Payment', type: 'Kind', amount: 'Amount', currency: 'Currency',
 *   fee: 'Fee', payoutId: 'Payout', paidOn: 'Paid on',
 * };
 * const types = { sale: 'capture', refund: 'refund' } as const;
 * const form = { columns, types, delimiter: ';', decimalMark: ',', dayOrder: 'DD.MM.YYYY' } as const;
 * for await (const row of payoutRows([csv], form)) if ('net' in row) row.net; //=> '12.68'
 * ```
 */
export function payoutRows(
  source: TextSource,
  form: PayoutReportForm,
): AsyncGenerator<PayoutRow | UnreadableRow> {
  checkedArgument(textSourceField, source, 'source');
  const checked = checkedArgument(formSchema, form, 'form');
  return readCsv(source, checked, Object.values(checked.columns), (cells) => rowOf(cells, checked));
}

function rowOf(cells: CsvCells, { columns, types, returns, fees }: CheckedForm): PayoutRow {
  const kind = cells.text(columns.type);
  const type = Object.hasOwn(types, kind) ? (types[kind] as PayoutRow['type']) : 'other';
  const isReturn = type === 'refund' || type === 'chargeback';
  const currency = cells.currency(columns.currency);
  const payoutCurrency = cells.currency(columns.payoutCurrency ?? columns.currency);
  const digits = digitsOf(payoutCurrency);
  const sign = isReturn && returns === 'unsigned' ? -1 : 1;
  const amount = sign * cells.amount(columns.amount, digitsOf(currency));
  if (columns.gross === undefined && currency !== payoutCurrency) {
    cells.refuse('a column with the amount in the currency of the payout', payoutCurrency);
  }
  const gross = columns.gross === undefined ? amount : sign * cells.amount(columns.gross, digits);
  const stated = columns.fee === undefined ? 0 : cells.amount(columns.fee, digits);
  const fee = fees === 'negative' ? -stated : stated;
  const of = columns.of === undefined ? '' : cells.text(columns.of);
  return {
    rowId: cells.name(columns.rowId),
    reference: columns.reference === undefined ? null : cells.text(columns.reference) || null,
    transaction: type === 'other' ? cells.text(columns.transaction) || null : cells.name(columns.transaction),
    ...(of !== '' && { of }),
    type,
    amount: formatAmount(amount, digitsOf(currency)),
    currency,
    gross: formatAmount(gross, digits),
    fee: formatAmount(fee, digits),
    net: formatAmount(gross - fee, digits),
    payoutCurrency,
    payoutId: cells.name(columns.payoutId),
    paidOn: cells.day(columns.paidOn),
  };
}
