import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type CsvCells, readCsv } from '../../job/csvCells.js';
import type { UnreadableRow } from '../../job/unreadableRow.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';

/** How Adyen's report is read. */
export type AdyenPayoutOptions = {
  /**
   * What the program reports as the id of a capture: the PSP reference of the payment, or that of the capture, for
   * payments that are captured in several parts.
   *
   * @defaultValue `'Psp Reference'`
   */
  readonly transaction?: 'Psp Reference' | 'Modification Reference';
};

const optionsSchema = v.strictObject({
  transaction: v.optional(v.picklist(['Psp Reference', 'Modification Reference']), 'Psp Reference'),
});

/** The types of entries of payments; entries of every other type without a gross amount belong to no payment. */
const types: Readonly<Record<string, Exclude<PayoutRow['type'], 'other'>>> = {
  Settled: 'capture',
  Refunded: 'refund',
  Chargeback: 'chargeback',
  SecondChargeback: 'chargeback',
  ChargebackReversed: 'capture',
  RefundedReversed: 'capture',
};

/** The types whose modification reference is the id that a webhook reports. */
const named: ReadonlySet<string> = new Set(['Refunded', 'Chargeback']);

const PAYOUT = 'MerchantPayout';

const columns = [
  'Merchant Account',
  'Psp Reference',
  'Merchant Reference',
  'Creation Date',
  'Type',
  'Modification Reference',
  'Gross Currency',
  'Gross Debit (GC)',
  'Gross Credit (GC)',
  'Net Currency',
  'Net Debit (NC)',
  'Net Credit (NC)',
  'Batch Number',
];

/**
 * Reads Adyen's settlement details report (CSV), row by row. The payout is the batch, `MERCHANT/NUMBER`, and was paid
 * on the creation date of its `MerchantPayout`, in the time zone of the report; the file is read twice for it. A batch
 * that paid nothing out has the creation date of each row.
 *
 * The reference is `Merchant Reference`. The `transaction` of a settled payment is its PSP reference (or that of the
 * capture), that of a refund or chargeback its modification reference. A second chargeback, and a chargeback or refund
 * that was reversed, share that reference with the first: theirs is `REFERENCE/TYPE`, e.g. `ZC2H/ChargebackReversed`.
 * An entry of a payment with a gross amount and another type (e.g. `SettledReversed`) is an `unreadable` row: look at
 * it. The fee is the gross amount less the net amount; if
 * the payout is in another currency, it is the sum of commission, markup, scheme fees and interchange.
 *
 * @param file - the file's path
 * @param options - the column of the transaction
 * @returns the rows; memory does not grow with their number. A line that cannot be read is an `unreadable` row
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT`. Later: any error of the file
 * system
 * @source https://docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report
 *
 * @example
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { adyenPayoutRows } from 'patron-fees/online';
 *
 * const file = join(mkdtempSync(join(tmpdir(), 'payouts-')), 'settlement_detail_report_batch_1.csv');
 * writeFileSync(file, `Merchant Account,Psp Reference,Merchant Reference,Creation Date,Type,Modification Reference,\
 * Gross Currency,Gross Debit (GC),Gross Credit (GC),Net Currency,Net Debit (NC),Net Credit (NC),Batch Number
 * Lib,8813,op-7,2026-03-02 11:26:49,Settled,8814,EUR,,13.00,EUR,,12.68,1
 * Lib,,,2026-03-04 01:00:00,MerchantPayout,"TX1, batch 1",,,,EUR,12.68,,1
 * `);
 * for await (const row of adyenPayoutRows(file)) {
 *   row;
 *   //=> {
 *   //     rowId: 'Lib/1/Settled/8813/8814',
 *   //     reference: 'op-7',
 *   //     transaction: '8813',
 *   //     type: 'capture',
 *   //     amount: '13.00',
 *   //     currency: 'EUR',
 *   //     gross: '13.00',
 *   //     fee: '0.32',
 *   //     net: '12.68',
 *   //     payoutCurrency: 'EUR',
 *   //     payoutId: 'Lib/1',
 *   //     paidOn: '2026-03-04',
 *   //   }
 * }
 * ```
 */
export function adyenPayoutRows(
  file: string,
  options: AdyenPayoutOptions = {},
): AsyncGenerator<PayoutRow | UnreadableRow> {
  checkedArgument(v.pipe(v.string('a path'), v.nonEmpty('a path')), file, 'file');
  const { transaction } = checkedArgument(optionsSchema, options, 'options');
  return rowsIn(file, transaction);
}

async function* rowsIn(
  file: string,
  transaction: Required<AdyenPayoutOptions>['transaction'],
): AsyncGenerator<PayoutRow | UnreadableRow> {
  const paidOn = new Map<string, string>();
  const payouts = readCsv(file, {}, columns, (cells) =>
    cells.text('Type') === PAYOUT ? { payoutId: payoutOf(cells), day: cells.day('Creation Date') } : null,
  );
  for await (const payout of payouts) if ('payoutId' in payout) paidOn.set(payout.payoutId, payout.day);
  yield* readCsv(file, {}, columns, (cells) =>
    cells.text('Type') === PAYOUT ? null : rowOf(cells, transaction, paidOn),
  );
}

function payoutOf(cells: CsvCells): string {
  return `${cells.name('Merchant Account')}/${cells.name('Batch Number')}`;
}

function rowOf(cells: CsvCells, transactionColumn: string, paidOn: ReadonlyMap<string, string>): PayoutRow {
  const entry = cells.name('Type');
  const type = Object.hasOwn(types, entry) ? (types[entry] as PayoutRow['type']) : 'other';
  const isPayment = type !== 'other';
  // Costs of a payment have no gross amount; what has one moved the payer's money.
  const hasGross = /[1-9]/.test(cells.text('Gross Debit (GC)') + cells.text('Gross Credit (GC)'));
  if (!isPayment && hasGross && cells.text('Psp Reference') !== '')
    cells.refuse('Type: a known type of entries of payments', entry);
  const payoutId = payoutOf(cells);
  const [payment, modification] = [cells.text('Psp Reference'), cells.text('Modification Reference')];
  const payoutCurrency = cells.currency('Net Currency');
  const digits = digitsOf(payoutCurrency);
  const net = cells.amount('Net Credit (NC)', digits) - cells.amount('Net Debit (NC)', digits);
  const charged = isPayment ? chargedIn(cells) : { minor: net, currency: payoutCurrency };
  const gross = charged.currency === payoutCurrency ? charged.minor : net + feeIn(cells, digits);
  const capture = isPayment ? cells.name(transactionColumn) : '';
  const isCapture = entry === 'Settled';
  const own = isPayment && !isCapture ? cells.name('Modification Reference') : modification;
  return {
    rowId: [payoutId, entry, payment, modification].join('/').slice(0, 200),
    reference: cells.text('Merchant Reference') || null,
    transaction: isCapture ? capture : isPayment ? (named.has(entry) ? own : `${own}/${entry}`) : own || null,
    // A refund's entry has the reference of the payment, not of one of its captures.
    ...(isPayment && !isCapture && transactionColumn === 'Psp Reference' && { of: capture }),
    type,
    amount: formatAmount(charged.minor, digitsOf(charged.currency)),
    currency: charged.currency,
    gross: formatAmount(gross, digits),
    fee: formatAmount(gross - net, digits),
    net: formatAmount(net, digits),
    payoutCurrency,
    payoutId,
    paidOn: paidOn.get(payoutId) ?? cells.day('Creation Date'),
  };
}

function chargedIn(cells: CsvCells): { readonly minor: number; readonly currency: string } {
  const currency = cells.currency('Gross Currency');
  const digits = digitsOf(currency);
  const minor = cells.amount('Gross Credit (GC)', digits) - cells.amount('Gross Debit (GC)', digits);
  return { minor, currency };
}

/** Returns the sum of the fees of a row, in minor units of the payout's currency. */
function feeIn(cells: CsvCells, digits: number): number {
  const fees = ['Commission (NC)', 'Markup (NC)', 'Scheme Fees (NC)', 'Interchange (NC)'];
  // The parts may have more decimals than the currency: only their sum is rounded.
  const parts = fees.map((column) => cells.amount(column, digits + FEE_DECIMALS));
  return Math.round(parts.reduce((sum, part) => sum + part, 0) / 10 ** FEE_DECIMALS);
}

const FEE_DECIMALS = 4;
