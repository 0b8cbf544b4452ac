import type { Arbitrary, FastCheck } from '../../../src/testing/fastCheck.js';

/** Plain JSON. */
type Json = Record<string, unknown>;

/** A row of a response, and the figures expected from its import. */
export type AlmaPayloadRow = {
  /** The id of the fine or fee. */
  readonly id: string;
  /** Whether it is a credit, whose amounts are negative in the JSON. */
  readonly isCredit: boolean;
  /** The original amount, in minor units. */
  readonly original: number;
  /** The open amount, in minor units. */
  readonly balance: number;
  /** Alma's status: `ACTIVE`, `INDISPUTE`, `EXPORTED` or `CLOSED`. */
  readonly status: string;
  /** The row as Alma writes it. */
  readonly json: Readonly<Record<string, unknown>>;
};

/** A response of Alma's fines and fees API, with the figures expected from its import. */
export type AlmaPayload = {
  /** ISO 4217 code. */
  readonly currency: string;
  /** The response as Alma writes it: balances are binary fractions, some fields are missing, null or unknown. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Its rows. */
  readonly rows: readonly AlmaPayloadRow[];
};

const digitsByCurrency = { USD: 2, JPY: 0, KWD: 3 } as const;

/** Generates responses of Alma whose rows are fully explained by their transactions. */
export function almaFees(fc: FastCheck): Arbitrary<AlmaPayload> {
  return fc
    .tuple(
      fc.constantFrom('USD' as const, 'JPY' as const, 'KWD' as const),
      fc.uniqueArray(fc.tuple(rowIds(fc), drafts(fc)), { selector: ([id]) => id, maxLength: 8, size: 'max' }),
    )
    .map(([currency, rowDrafts]) => {
      const rows = rowDrafts.map(([id, row]) => rowOf(id, row, digitsByCurrency[currency]));
      const total = rows.reduce((sum, { json }) => sum + Number(json.balance), 0);
      const fee = rows.map(({ json }) => json);
      return {
        currency,
        rows,
        json: { fee, total_record_count: rows.length, total_sum: total, currency },
      };
    });
}

/** Generates ids like those of Alma, and ids that cause errors when used as object keys. */
function rowIds(fc: FastCheck): Arbitrary<string> {
  return fc.oneof(
    fc.integer({ min: 1_000_000, max: 9_999_999 }).map((number) => `${number}000107`),
    fc.constantFrom('__proto__', 'constructor', '17', 'payment', 'a/b', 'a%2Fb', '/', '%', 'x#1', '𝒳'),
  );
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

function drafts(fc: FastCheck): Arbitrary<Draft> {
  const maybe = <Value>(value: Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
  const instant = fc.integer({ min: 1_400_000_000_000, max: 1_800_000_000_000 });
  // A time as written by newer or older responses.
  const time = fc
    .tuple(instant, fc.boolean())
    .map(([ms, isNew]) => (isNew ? new Date(ms).toISOString() : ms));
  return fc.record({
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
          fc.record({
            type: fc.constant({ value: 'WAIVE' }),
            reason: maybe(fc.constant({ value: 'OTHER' })),
          }),
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
}

/**
 * Returns what is left in binary floating point after subtracting the parts one by one: 2.7699999999999996 instead of
 * 2.77.
 */
function leftInBinary(original: number, parts: readonly number[], digits: number): number {
  const whole = (minor: number) => Number((minor / 10 ** digits).toFixed(digits));
  return parts.reduce((rest, part) => rest - whole(part), whole(original));
}

/** Returns a row whose transactions explain its balance, with that balance in minor units. */
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
