import * as v from 'valibot';
import { nameField, textField } from '../../account/fieldSchemas.js';
import { isInstant } from '../../input/instant.js';

/** An instant in two forms. */
export type AlmaTime = {
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  /** Milliseconds since 1970, for sorting. */
  readonly ms: number;
};

const TIME_EXPECTED = 'an ISO 8601 date and time with a zone, or milliseconds since 1970';

/** The last millisecond with a year of four digits. */
const MS_MAX = 253_402_300_799_999;

/** A time as Alma writes it: ISO 8601 in UTC, or (in older responses) milliseconds since 1970. */
const almaTime = v.pipe(
  v.union(
    [v.pipe(v.string(), v.check(isInstant)), v.pipe(v.number(), v.safeInteger(), v.minValue(0))],
    TIME_EXPECTED,
  ),
  v.transform((time) => new Date(time).getTime()),
  v.maxValue(MS_MAX, TIME_EXPECTED),
  v.transform((ms): AlmaTime => ({ at: new Date(ms).toISOString(), ms })),
  v.check(({ at }) => isInstant(at), TIME_EXPECTED),
);

const text = v.nullish(textField);

/** A name, which Alma may also omit, or send as null or empty. */
const name = v.nullish(v.union([v.literal(''), nameField], 'a name'));

const code = v.object({ value: nameField, desc: text });

/** Numbers are read as amounts later, when the currency is known. */
const amount = v.number('a number');

const transactionSchema = v.object({
  type: code,
  amount,
  reason: v.nullish(code),
  comment: text,
  created_by: name,
  external_transaction_id: name,
  transaction_time: almaTime,
  received_by: v.nullish(v.object({ value: name, desc: name })),
  payment_method: v.nullish(code),
});

/** A transaction in the shape Alma gives it. */
export type TransactionInput = v.InferOutput<typeof transactionSchema>;

/**
 * The fields of a row that this import reads. Unknown fields are ignored, since Alma adds some from time to time. The
 * VAT of the original amount gives the rate; the rest follows from it.
 */
export const rowSchema = v.object({
  id: nameField,
  type: code,
  status: code,
  balance: amount,
  original_amount: amount,
  original_vat_amount: v.nullish(amount),
  creation_time: almaTime,
  status_time: v.nullish(almaTime),
  comment: text,
  owner: v.nullish(code),
  title: text,
  barcode: v.nullish(
    v.union([textField, v.object({ value: text })], 'a barcode, or an object with its value'),
  ),
  bursar_transaction_id: text,
  transaction: v.nullish(v.array(transactionSchema, 'a list of transactions')),
});

/** A row in the shape Alma gives it. */
export type RowInput = v.InferOutput<typeof rowSchema>;
