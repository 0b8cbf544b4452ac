import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { parsed } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { type UnreadableRow, unreadableRow } from '../../job/unreadableRow.js';
import { digitsOf, minorDigits } from '../../money/currency.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';

const amount = v.pipe(v.string('an amount'), v.regex(/^-?(?:0|[1-9]\d{0,11})(?:\.\d+)?$/, 'an amount'));
const currency = v.pipe(
  v.string('an ISO 4217 code'),
  v.transform((code) => code.toUpperCase()),
  v.check((code) => minorDigits(code) !== undefined, 'an ISO 4217 code'),
);

const rowSchema = v.object(
  {
    rowId: nameField,
    reference: v.nullable(v.string()),
    transaction: v.nullable(v.string()),
    of: v.optional(v.string()),
    type: v.picklist(['capture', 'refund', 'chargeback', 'other']),
    amount,
    currency,
    gross: amount,
    fee: amount,
    net: amount,
    payoutCurrency: currency,
    payoutId: nameField,
    paidOn: dateField,
    failedPayout: v.optional(nameField),
  },
  'a row',
);

/** Returns a row that a program gives, or an unreadable row with the first fault of it. */
export function checkedPayoutRow(row: unknown, line: number): PayoutRow | UnreadableRow {
  if (typeof row === 'object' && row !== null && 'unreadable' in row) return row as UnreadableRow;
  const read = parsed(rowSchema, row);
  const [fault] = 'faults' in read ? read.faults : digitFaults(read.output);
  if (fault === undefined) {
    const { currency, payoutCurrency } = row as PayoutRow;
    const codes = { currency: currency.toUpperCase(), payoutCurrency: payoutCurrency.toUpperCase() };
    return { ...(row as PayoutRow), ...codes };
  }
  const { path, expected, found } = fault;
  return unreadableRow(line, path === '' ? expected : `${path}: ${expected}`, found);
}

function digitFaults(row: v.InferOutput<typeof rowSchema>) {
  return (['amount', 'gross', 'fee', 'net'] as const).flatMap((path) => {
    const digits = digitsOf(path === 'amount' ? row.currency : row.payoutCurrency);
    const isExact = (row[path].split('.')[1] ?? '').length === digits;
    return isExact ? [] : [{ path, expected: `an amount with ${digits} decimals`, found: row[path] }];
  });
}
