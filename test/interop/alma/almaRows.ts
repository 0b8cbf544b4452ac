import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type FeeRow, type RawRow, readRow } from '../../../src/interop/alma/feeRow.js';
import type { AlmaImportOptions } from '../../../src/interop/alma/importOptions.js';

/** Plain JSON that a test changes as it likes. */
export type Json = Record<string, unknown>;

/** A fee as Alma lists it: 10.00 charged, nothing paid. */
export function feeRow(changes: Json = {}): Json {
  return {
    id: '5010000107',
    type: { value: 'OVERDUEFINE', desc: 'Overdue fine' },
    status: { value: 'ACTIVE', desc: 'Active' },
    user_primary_id: { value: 'dverma', link: 'https://alma.example/users/dverma' },
    balance: 10,
    original_amount: 10,
    creation_time: '2026-03-02T09:00:00.000Z',
    status_time: '2026-03-05T09:00:00.000Z',
    owner: { value: 'MAIN', desc: 'Main Library' },
    ...changes,
  };
}

/** A credit as Alma lists it: 5.00, unused. */
export function creditRow(changes: Json = {}): Json {
  return feeRow({ type: { value: 'CREDIT', desc: 'Credit' }, balance: -5, original_amount: -5, ...changes });
}

/** A transaction as Alma lists it; a payment in cash unless told otherwise. */
export function transaction(amount: number, changes: Json = {}): Json {
  return {
    type: { value: 'PAYMENT', desc: 'Payment' },
    amount,
    transaction_time: '2026-03-04T10:00:00.000Z',
    payment_method: { value: 'CASH', desc: 'Cash' },
    ...changes,
  };
}

/** A waiver as Alma lists it. */
export function waiver(amount: number, changes: Json = {}): Json {
  return transaction(amount, {
    type: { value: 'WAIVE' },
    reason: { value: 'OTHER' },
    payment_method: null,
    ...changes,
  });
}

/** Another transaction of which only the type matters. */
export function ofType(value: string, amount: number, changes: Json = {}): Json {
  return transaction(amount, { type: { value }, payment_method: null, ...changes });
}

/** A response with these rows and the right control figures. */
export function response(rows: readonly Json[], changes: Json = {}): Json {
  const total = rows.reduce((sum, { balance }) => sum + Number(balance), 0);
  return { fee: rows, total_record_count: rows.length, total_sum: total, currency: 'USD', ...changes };
}

/** One of the responses in examples/data. */
export function fixture(name: string): Json & { fee: Json[]; total_sum: number } {
  return JSON.parse(readFileSync(new URL(`../../../examples/data/${name}.json`, import.meta.url), 'utf8'));
}

/** The decimals of the currencies in {@link explainable}. */
export const digitsByCurrency = { USD: 2, JPY: 0, KWD: 3 } as const;

/** The ids that trip what keeps them as keys. */
const ids = fc.oneof(
  fc.integer({ min: 1_000_000, max: 9_999_999 }).map((number) => `${number}000107`),
  fc.constantFrom('__proto__', 'constructor', '17', 'payment', 'a/b', 'a%2Fb', '/', '%', 'x#1', '𝒳'),
);

const instant = fc.integer({ min: 1_400_000_000_000, max: 1_800_000_000_000 });

/** A time as newer responses write it, or as older ones do. */
const time = fc.tuple(instant, fc.boolean()).map(([ms, isNew]) => (isNew ? new Date(ms).toISOString() : ms));

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

/** What is left in binary after parts were taken away one after the other: 2.7699999999999996 instead of 2.77. */
function leftInBinary(original: number, parts: readonly number[], digits: number): number {
  const whole = (minor: number) => Number((minor / 10 ** digits).toFixed(digits));
  return parts.reduce((rest, part) => rest - whole(part), whole(original));
}

type Draft = {
  readonly type: string;
  readonly original: number;
  /** In thousandths of what is left. */
  readonly shares: readonly { readonly share: number; readonly extra: Json }[];
  readonly ending:
    | 'open'
    | 'disputed'
    | 'exported'
    | 'exportedUnsaid'
    | 'settled'
    | 'partlySettled'
    | 'closedByExport';
  readonly times: readonly (string | number)[];
  readonly details: Json;
};

const draft: fc.Arbitrary<Draft> = fc.record({
  type: fc.constantFrom(
    'OVERDUEFINE',
    'LOSTITEMREPLACEMENTFEE',
    'CUSTOMER_DEFINED_01',
    'constructor',
    'CREDIT',
  ),
  original: fc.oneof(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 99_999_999 })),
  shares: fc.array(
    fc.record({
      share: fc.integer({ min: 1, max: 1000 }),
      extra: fc.oneof(
        fc.record({
          type: fc.constant({ value: 'PAYMENT' }),
          payment_method: fc.constantFrom({ value: 'CASH' }, { value: 'ONLINE', desc: 'Online' }),
          external_transaction_id: fc.option(fc.constantFrom('x1', 'x2', 'CASH', '__proto__', ''), {
            freq: 3,
          }),
          received_by: maybe(
            fc.constantFrom(
              { value: 'Not At Desk', desc: 'Main Library' },
              { value: 'Circulation', desc: null },
            ),
          ),
          created_by: maybe(fc.constantFrom('Ex Libris', '')),
          comment: maybe(fc.string()),
        }),
        fc.record({ type: fc.constant({ value: 'WAIVE' }), reason: maybe(fc.constant({ value: 'OTHER' })) }),
      ),
    }),
    { maxLength: 4 },
  ),
  ending: fc.constantFrom(
    'open',
    'open',
    'disputed',
    'exported',
    'exportedUnsaid',
    'settled',
    'partlySettled',
    'closedByExport',
  ),
  times: fc.array(time, { minLength: 9, maxLength: 9 }),
  details: fc.record(
    {
      comment: fc.option(fc.string()),
      title: fc.option(fc.string()),
      barcode: fc.oneof(fc.constant(null), fc.string(), fc.record({ value: fc.option(fc.string()) })),
      bursar_transaction_id: fc.option(fc.string()),
      some_later_field: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
});

/** A row whose transactions account for its balance, with that balance in minor units beside it. */
function rowOf(id: string, { type, original, shares, ending, times, details }: Draft, digits: number) {
  const amount = (minor: number) => Number((minor / 10 ** digits).toFixed(digits));
  const isCredit = type === 'CREDIT';
  const transactions: Json[] = [];
  const parts: number[] = [];
  let left = original;
  for (const [index, { share, extra }] of (isCredit ? [] : shares).entries()) {
    const part = Math.ceil((left * share) / 1000);
    if (part === 0) break;
    left -= part;
    parts.push(part);
    transactions.push({ ...extra, amount: amount(part), transaction_time: times[index] });
  }
  const gone = left;
  const add = (value: string, minor: number, index: number) =>
    transactions.push({ type: { value }, amount: amount(minor), transaction_time: times[index] });
  const exported = left > 0 && ending !== 'open' && (ending !== 'disputed' || isCredit);
  if (exported && ending !== 'disputed') {
    if (ending !== 'exportedUnsaid') add('EXPORTED', gone, 5);
    if (ending === 'settled') add('PAYMENT_IMPORTED', gone, 6);
    if (ending === 'partlySettled' && gone > 1) add('Payment received', Math.floor(gone / 2), 6);
    left = 0;
    parts.push(gone);
  }
  const open = ending === 'disputed' && !isCredit ? 'INDISPUTE' : 'ACTIVE';
  const done =
    exported && ['exported', 'exportedUnsaid', 'partlySettled'].includes(ending) ? 'EXPORTED' : 'CLOSED';
  const status = left > 0 ? open : done;
  const sign = isCredit ? -1 : 1;
  const json: Json = {
    ...details,
    id,
    type: { value: type },
    status: { value: status },
    balance: sign * leftInBinary(original, parts, digits),
    original_amount: sign * amount(original),
    creation_time: times[7],
    status_time: times[8],
    owner: { value: 'MUS', desc: 'Music Library' },
    ...(transactions.length > 0 ? { transaction: transactions } : {}),
  };
  return { json, id, isCredit, original, balance: left, status };
}

/** A response of which every row can be explained, and what its account must show. */
export const explainable = fc
  .tuple(
    fc.constantFrom('USD' as const, 'JPY' as const, 'KWD' as const),
    fc.uniqueArray(fc.tuple(ids, draft), { selector: ([id]) => id, maxLength: 8, size: 'max' }),
  )
  .map(([currency, drafts]) => {
    const rows = drafts.map(([id, row]) => rowOf(id, row, digitsByCurrency[currency]));
    return {
      currency,
      rows,
      json: response(
        rows.map(({ json }) => json),
        { currency },
      ),
    };
  });

/** A row as it comes out of a response in US dollars. */
export function rawRow(raw: unknown, changes: Partial<RawRow> = {}): RawRow {
  return { path: 'fee[0]', raw, currency: 'USD', minorDigits: 2, ...changes };
}

/** The row that {@link readRow} makes of JSON; fails the test if it finds something. */
export function rowFrom(raw: Json, options: AlmaImportOptions = {}): FeeRow {
  const reading = readRow(rawRow(raw), options);
  if ('findings' in reading) throw new Error(JSON.stringify(reading.findings));
  return reading.row;
}
