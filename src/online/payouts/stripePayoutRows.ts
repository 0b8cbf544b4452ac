import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type CsvCells, readCsv } from '../../job/csvCells.js';
import { type TextSource, textSourceField } from '../../job/csvRows.js';
import type { UnreadableRow } from '../../job/unreadableRow.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';

/** How Stripe's report is read. */
export type StripePayoutOptions = {
  /**
   * The column with the library's reference.
   *
   * @defaultValue `'payment_metadata[onlinePaymentId]'`: the key `onlinePaymentId` in the metadata of the payment
   * intent
   */
  readonly reference?: string;
};

const optionsSchema = v.strictObject({
  reference: v.optional(v.string(), 'payment_metadata[onlinePaymentId]'),
});

/** The reporting categories of payments; entries of every other category belong to no payment. */
const types: Readonly<Record<string, Exclude<PayoutRow['type'], 'other'>>> = {
  charge: 'capture',
  charge_failure: 'refund',
  partial_capture_reversal: 'capture',
  refund: 'refund',
  refund_failure: 'capture',
  dispute: 'chargeback',
  dispute_reversal: 'capture',
};

/** Categories whose `source_id` is that of the refund or dispute that came back. */
const named: ReadonlySet<string> = new Set(['refund_failure', 'dispute_reversal']);

const columns = [
  'automatic_payout_id',
  'balance_transaction_id',
  'charge_id',
  'currency',
  'gross',
  'fee',
  'net',
  'reporting_category',
  'source_id',
];

/**
 * Reads Stripe's itemised payout reconciliation report (`payout_reconciliation.itemized.5`, CSV), row by row. Ask for
 * its default columns, for `charge_id`, and for the metadata with the reference, e.g.
 * `payment_metadata[onlinePaymentId]`. Without the column of the reference, a row has only its transaction.
 *
 * The `transaction` of a charge is `charge_id` (`ch_...`, `py_...`), which is `latest_charge` of its payment intent; that
 * of a refund or dispute is its `source_id` (`re_...`, `du_...`), and `of` its `charge_id`. What came back of a refund that failed or a dispute that was won has no id of its own: its
 * transaction is the balance transaction (`txn_...`), as in `failure_balance_transaction` of the refund and in
 * `balance_transactions` of the dispute. `paidOn` is `automatic_payout_effective_at`, in the time zone of the report. A
 * capture in part has two rows, the charge and its reversal below 0 (`partial_capture_reversal`): their sum was taken.
 * A payout that failed at the bank comes back as a `payout_reversal`, whose
 * `source_id` is its `failedPayout`. `amount` is `customer_facing_amount`; where the report has none, `gross`.
 *
 * @param source - the file's path, or its text
 * @param options - the column of the reference
 * @returns the rows; memory does not grow with their number. A line that cannot be read is an `unreadable` row
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT`. Later: any error of the file
 * system
 * @source https://docs.stripe.com/reports/report-types/payout-reconciliation and
 * https://docs.stripe.com/reports/reporting-categories
 *
 * @example
 * ```ts
 * import { stripePayoutRows } from 'patron-fees/online';
 *
 * const csv = `automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,currency,gross,fee,net,\
 * reporting_category,source_id,charge_id,payment_metadata[onlinePaymentId]
 * po_1,2026-03-04 00:00:00,txn_1,usd,13.00,0.68,12.32,charge,ch_1,ch_1,op-7
 * `;
 * for await (const row of stripePayoutRows([csv])) {
 *   row;
 *   //=> {
 *   //     rowId: 'txn_1',
 *   //     reference: 'op-7',
 *   //     transaction: 'ch_1',
 *   //     type: 'capture',
 *   //     amount: '13.00',
 *   //     currency: 'USD',
 *   //     gross: '13.00',
 *   //     fee: '0.68',
 *   //     net: '12.32',
 *   //     payoutCurrency: 'USD',
 *   //     payoutId: 'po_1',
 *   //     paidOn: '2026-03-04',
 *   //   }
 * }
 * ```
 */
export function stripePayoutRows(
  source: TextSource,
  options: StripePayoutOptions = {},
): AsyncGenerator<PayoutRow | UnreadableRow> {
  checkedArgument(textSourceField, source, 'source');
  const { reference } = checkedArgument(optionsSchema, options, 'options');
  return readCsv(source, {}, columns, (cells) => rowOf(cells, reference));
}

function rowOf(cells: CsvCells, referenceColumn: string): PayoutRow {
  const payoutCurrency = cells.currency('currency');
  const digits = digitsOf(payoutCurrency);
  const [gross, fee, net] = (['gross', 'fee', 'net'] as const).map((column) =>
    cells.amount(column, digits),
  ) as [number, number, number];
  if (gross - fee !== net) cells.refuse('net: gross - fee', cells.text('net'));
  const rowId = cells.name('balance_transaction_id');
  const category = cells.text('reporting_category');
  const type = Object.hasOwn(types, category) ? (types[category] as PayoutRow['type']) : 'other';
  const capture = type === 'other' ? cells.text('charge_id') : cells.name('charge_id');
  const isCapture = category === 'charge' || category === 'partial_capture_reversal';
  const own = named.has(category) ? rowId : cells.text('source_id');
  const charged = chargedAmount(cells, { gross, payoutCurrency });
  return {
    rowId,
    reference: cells.text(referenceColumn) || null,
    transaction: (isCapture ? capture : own) || null,
    ...(!isCapture && capture !== '' && { of: capture }),
    type,
    // Its source is the payout whose money came back.
    ...(category === 'payout_reversal' &&
      cells.text('source_id') !== '' && { failedPayout: cells.text('source_id') }),
    ...charged,
    gross: formatAmount(gross, digits),
    fee: formatAmount(fee, digits),
    net: formatAmount(net, digits),
    payoutCurrency,
    payoutId: cells.name('automatic_payout_id'),
    paidOn: cells.day(
      cells.text('automatic_payout_effective_at') === ''
        ? 'automatic_payout_effective_at_utc'
        : 'automatic_payout_effective_at',
    ),
  };
}

/** Returns what the patron was charged. The report writes the sign of a refund in different ways: `gross` has it. */
function chargedAmount(
  cells: CsvCells,
  { gross, payoutCurrency }: { readonly gross: number; readonly payoutCurrency: string },
): Pick<PayoutRow, 'amount' | 'currency'> {
  const isStated =
    cells.text('customer_facing_amount') !== '' && cells.text('customer_facing_currency') !== '';
  const currency = isStated ? cells.currency('customer_facing_currency') : payoutCurrency;
  const digits = digitsOf(currency);
  // In the same currency it is what the payout has: of a partial capture, customer_facing_amount is the whole charge.
  if (currency === payoutCurrency) return { amount: formatAmount(gross, digits), currency };
  const size = Math.abs(cells.amount('customer_facing_amount', digits));
  return { amount: formatAmount(gross < 0 ? -size : size, digits), currency };
}
