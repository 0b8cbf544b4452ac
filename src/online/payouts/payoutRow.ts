import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { parsed } from '../../input/checkedArgument.js';
import { dateField } from '../../input/instant.js';
import { type UnreadableRow, unreadableRow } from '../../job/unreadableRow.js';
import { digitsOf, minorDigits } from '../../money/currency.js';

/**
 * One row of a payment provider's report on its payouts: a payment, or money that went back, in one payout to the bank.
 */
export type PayoutRow = {
  /** Identifies the row: the same in every report that has it. 1 to 200 characters. */
  readonly rowId: string;
  /**
   * The reference that the library gave the provider with the payment: the online payment; null if the row has none.
   */
  readonly reference: string | null;
  /**
   * The provider's id of the capture, refund or chargeback, as it is reported with `reportOnlinePayment`; null for a
   * row of type `other` without one.
   */
  readonly transaction: string | null;
  /**
   * The provider's id of the capture that a refund or chargeback belongs to, or whose refund or chargeback came back.
   */
  readonly of?: string;
  /**
   * The provider's other ids of the capture of the row (`of`, or without it `transaction`), e.g. that of Stripe's
   * charge beside that of the payment intent: a capture that is reported by one of them is the same.
   *
   * @defaultValue none
   */
  readonly otherIds?: readonly string[];
  /**
   * - `capture`: the provider took money; also what came back of a refund or chargeback.
   * - `refund`, `chargeback`: money that went back.
   * - `other`: what belongs to no payment, e.g. the provider's monthly fee.
   */
  readonly type: 'capture' | 'refund' | 'chargeback' | 'other';
  /**
   * What the patron was charged or given back, a decimal string: above 0 to the library, below 0 from it. A capture may
   * have several rows, and their sum is what was taken. A row below 0 is what was authorised and not taken.
   */
  readonly amount: string;
  /** ISO 4217 code of `amount`. */
  readonly currency: string;
  /** `amount` in the currency of the payout, a decimal string with a sign. */
  readonly gross: string;
  /** What the provider kept of it, a decimal string; below 0 if it gave a fee back. */
  readonly fee: string;
  /** What the payout has of it: gross - fee. */
  readonly net: string;
  /** ISO 4217 code of `gross`, `fee` and `net`. */
  readonly payoutCurrency: string;
  /** The payout. */
  readonly payoutId: string;
  /** The day of the payout, a local date `YYYY-MM-DD`. */
  readonly paidOn: string;
  /**
   * The payout that failed at the bank and whose money this one has again; only of a row of type `other`, which is no
   * cost of the provider then.
   *
   * @defaultValue it has no money of another payout
   */
  readonly failedPayout?: string;
};

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
    otherIds: v.optional(v.array(nameField)),
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
