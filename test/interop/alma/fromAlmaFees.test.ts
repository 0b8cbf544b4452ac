import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditStatus } from '../../../src/account/patronAccount.js';
import { parseEvent } from '../../../src/history/codec.js';
import {
  balancesInMinorUnits,
  definePolicy,
  emptyAccount,
  feeStatus,
  findCredit,
  findFee,
  findPayment,
  fold,
  isPatronFeesError,
  remaining,
  unused,
} from '../../../src/index.js';
import { explainRow, fromAlmaFees, importLimits } from '../../../src/interop/alma/fromAlmaFees.js';
import { assertVaried, tried } from '../../support/seeded.js';
import {
  creditRow,
  explainable,
  feeRow,
  fixture,
  type Json,
  ofType,
  response,
  rowFrom,
  transaction,
  waiver,
} from './almaRows.js';

/** The findings without their sentences. */
const codes = (json: unknown, options = {}) =>
  fromAlmaFees(json, options).findings.map(({ code, path }) => `${code} ${path}`);

const statusOf = {
  ACTIVE: 'active',
  INDISPUTE: 'disputed',
  EXPORTED: 'transferred',
  CLOSED: 'closed',
} as const;

describe('fees listed by Alma', () => {
  it('leaves 2.77 and 22.23 of two fines of 25.00, to the cent', () => {
    const { events, findings } = fromAlmaFees(fixture('alma-fees-part-payments'));
    const account = fold(events);
    expect(findings).toEqual([]);
    expect(account.fees.map(remaining)).toEqual([2223, 277]);
    expect(balancesInMinorUnits(account).active).toBe(2500);
  });

  it('sums to 415 with 400, 10, 55 of 77 and a credit of 50, in a response from 2014', () => {
    const { events, findings } = fromAlmaFees(fixture('alma-fees-epoch-times'), {
      owner: 'MAIN',
      paymentMethod: 'CASH',
    });
    const account = fold(events);
    expect(findings).toEqual([]);
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 41500, payable: 46500 });
    expect(findFee(account, '711900010000107')).toMatchObject({
      original: 7700,
      paid: 2200,
      assessedAt: '2014-07-15T08:40:32.630Z',
    });
    expect(findCredit(account, '950600000000107')).toMatchObject({
      amount: 5000,
      cause: 'imported',
      purpose: 'refundable',
      item: { title: 'Tides and tables' },
    });
  });

  it('finds the missing fields of such a response if no option replaces them', () => {
    expect(codes(fixture('alma-fees-epoch-times'))).toEqual([
      'MissingField fee[0].owner',
      'MissingField fee[1].owner',
      'MissingField fee[2].owner',
      'MissingField fee[2].transaction[0].payment_method',
    ]);
  });

  it('shows an online payment without a desk', () => {
    const account = fold(fromAlmaFees(fixture('alma-fees-pay-amount'), { institution: 'NORTH' }).events);
    expect(account.fees.map(remaining)).toEqual([1000, 500]);
    expect(account.payments[0]).toMatchObject({
      amount: 500,
      method: 'ONLINE',
      externalTransactionId: 'NP-77004411',
      by: { userId: 'Online Payments', channel: 'import', library: 'Main Library', institution: 'NORTH' },
    });
    expect(account.payments[0]?.by).not.toHaveProperty('desk');
  });

  it('shows a card renewal that was paid at once as closed', () => {
    const account = fold(fromAlmaFees(fixture('alma-fees-card-renewal')).events);
    expect(account.fees.map(feeStatus)).toEqual(['closed']);
  });

  it('requires neither transactions nor title nor barcode', () => {
    const { events, findings } = fromAlmaFees(fixture('alma-fees-sparse'));
    const account = fold(events);
    expect(findings).toEqual([]);
    expect(account.fees.map((fee) => [fee.feeType, remaining(fee), fee.lostItem, fee.item])).toEqual([
      ['OVERDUEFINE', 0, false, { title: 'Night trains / Olu Adeyemi.' }],
      ['LOSTITEMREPLACEMENTFEE', 12500, true, { title: 'A history of glass / Rosa Lindqvist.' }],
      ['CUSTOMER_DEFINED_01', 2500, false, null],
    ]);
  });

  it("shows the fees of the story's patron: active, disputed, transferred, and a credit", () => {
    const json = fixture('alma-fees');
    const { events, findings } = fromAlmaFees(json, { destination: 'BURSAR' });
    const account = fold(events);
    expect(findings).toEqual([]);
    expect(balancesInMinorUnits(account)).toEqual({
      active: 9500,
      disputed: 1500,
      transferred: 3475,
      payable: 10000,
      owed: 11500,
    });
    expect(balancesInMinorUnits(account).active + balancesInMinorUnits(account).disputed).toBe(
      json.total_sum * 100,
    );
    expect(account.transfers).toMatchObject([
      { amount: 3475, expectsSettlement: true, destination: 'BURSAR', externalReference: 'BT-2025-004417' },
    ]);
  });
});

describe('payments', () => {
  it('are combined if they have the same method and external transaction id', () => {
    const account = fold(fromAlmaFees(fixture('alma-fees')).events);
    expect(findPayment(account, 'alma/payment/ONLINE/NP-77120934')).toMatchObject({
      amount: 6050,
      at: '2025-12-01T20:05:12.040Z',
      allocations: [
        { feeId: '5013220000107', amount: 4850 },
        { feeId: '5013230000107', amount: 1200 },
      ],
    });
  });

  it('are combined across the responses for several statuses', () => {
    const paid = transaction(4, { external_transaction_id: 'x1' });
    const open = response([feeRow({ id: 'a', balance: 6, transaction: [paid] })]);
    const closed = response([
      feeRow({ id: 'b', balance: 0, original_amount: 4, status: { value: 'CLOSED' }, transaction: [paid] }),
    ]);
    const { events, findings } = fromAlmaFees([open, closed]);
    expect(findings).toEqual([]);
    expect(fold(events).payments).toMatchObject([{ amount: 800, externalTransactionId: 'x1' }]);
  });

  it('are kept separate by method, and without an external transaction id', () => {
    const rows = [
      feeRow({ id: 'a', balance: 6, transaction: [transaction(4, { external_transaction_id: 'x1' })] }),
      feeRow({
        id: 'b',
        balance: 2,
        transaction: [
          transaction(4, { external_transaction_id: 'x1', payment_method: { value: 'CHECK' } }),
          transaction(2),
          transaction(2),
        ],
      }),
    ];
    const account = fold(fromAlmaFees(response(rows)).events);
    expect(account.payments.map(({ amount }) => amount).sort()).toEqual([200, 200, 400, 400]);
  });

  it('keep only the parts of imported fees if another fee was not imported', () => {
    const paid = transaction(4, { external_transaction_id: 'x1' });
    const rows = [
      feeRow({ id: 'a', balance: 6, transaction: [paid] }),
      feeRow({ id: 'b', balance: 5, transaction: [paid] }),
    ];
    const { events, findings } = fromAlmaFees(response(rows));
    expect(findings).toMatchObject([
      { code: 'BalanceNotExplained', feeId: 'b', path: 'fee[1].balance', row: rows[1] },
    ]);
    expect(fold(events).payments).toMatchObject([{ amount: 400, allocations: [{ feeId: 'a' }] }]);
  });
});

describe('waivers', () => {
  it('reduce what is owed', () => {
    const row = feeRow({ balance: 7, transaction: [waiver(3, { comment: 'Snow day' })] });
    const [fee] = fold(fromAlmaFees(response([row])).events).fees;
    expect(fee).toMatchObject({ waived: 300 });
    expect(fee?.transactions.at(-1)).toMatchObject({ kind: 'waiver', reason: 'OTHER', comment: 'Snow day' });
  });

  it('of a lost-item fee are credits that are set off at once, so balance and remaining agree with Alma', () => {
    const row = feeRow({
      type: { value: 'LOSTITEMREPLACEMENTFEE' },
      balance: 7,
      transaction: [waiver(3)],
    });
    const account = fold(fromAlmaFees(response([row])).events);
    expect(account.fees.map(remaining)).toEqual([700]);
    expect(account.fees[0]).toMatchObject({ waived: 0, reserved: 0, settledByCredit: { setOff: 300 } });
    expect(account.credits.map(unused)).toEqual([0]);
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 700, payable: 700 });
  });

  it('are credits for the lost-item types of the policy', () => {
    const policy = definePolicy({
      currency: 'USD',
      feeTypes: { LAPTOP: { label: 'Laptop not returned', lostItem: true } },
    });
    const row = feeRow({ type: { value: 'LAPTOP' }, balance: 7, transaction: [waiver(3)] });
    expect(fromAlmaFees(response([row])).events.map(({ type }) => type)).toContain('FeeWaived');
    const types = fromAlmaFees(response([row]), { policy }).events.map(({ type }) => type);
    expect(types).toEqual(['FeeAssessed', 'LostItemCreditIssued', 'CreditApplied']);
  });
});

describe('exports', () => {
  const exported = (changes: Json) => feeRow({ balance: 0, status: { value: 'EXPORTED' }, ...changes });

  it('are pending while Alma says EXPORTED', () => {
    const account = fold(
      fromAlmaFees(response([exported({ transaction: [ofType('EXPORTED', 10)] })])).events,
    );
    expect(balancesInMinorUnits(account)).toMatchObject({ active: 0, transferred: 1000 });
    expect(account.fees.map(feeStatus)).toEqual(['transferred']);
  });

  it('need no transaction when Alma says EXPORTED', () => {
    const { events } = fromAlmaFees(response([exported({ balance: 0, transaction: [transaction(4)] })]));
    expect(balancesInMinorUnits(fold(events)).transferred).toBe(600);
    expect(events.at(-1)).toMatchObject({ type: 'FeeTransferred', data: { at: '2026-03-05T09:00:00.000Z' } });
  });

  it('are settled by the payments that the billing system reported', () => {
    const settled = ofType('PAYMENT_IMPORTED', 4, { external_transaction_id: 'BT-9' });
    const { events } = fromAlmaFees(response([exported({ transaction: [ofType('Export', 10), settled] })]));
    expect(balancesInMinorUnits(fold(events)).transferred).toBe(600);
    expect(events.at(-1)).toMatchObject({ type: 'TransferSettled', data: { externalReference: 'BT-9' } });
  });

  it('are over when the fee is closed, with or without a report', () => {
    const closed = (...transactions: Json[]) =>
      exported({ status: { value: 'CLOSED' }, transaction: transactions });
    for (const row of [closed(ofType('EXPORT', 10)), closed(ofType('Payment received', 10))]) {
      const account = fold(fromAlmaFees(response([row])).events);
      expect(account.fees.map(feeStatus)).toEqual(['closed']);
      expect(account.fees[0]?.transferred).toBe(1000);
    }
  });

  it('include credits', () => {
    const row = creditRow({ balance: 0, status: { value: 'EXPORTED' } });
    expect(balancesInMinorUnits(fold(fromAlmaFees(response([row])).events)).transferred).toBe(-500);
  });
});

describe('credits', () => {
  it('are goodwill if the option says so', () => {
    const { events } = fromAlmaFees(response([creditRow()]), { creditPurpose: 'goodwill' });
    expect(fold(events).credits).toMatchObject([{ purpose: 'goodwill', amount: 500, owner: 'MAIN' }]);
  });

  it('stay refundable if they were exported', () => {
    const row = creditRow({ balance: 0, status: { value: 'EXPORTED' } });
    const { events } = fromAlmaFees(response([row]), { creditPurpose: 'goodwill' });
    expect(fold(events).credits).toMatchObject([{ purpose: 'refundable', transferred: 500 }]);
  });
});

describe('events', () => {
  it('are in the order of their times, charges first at the same time', () => {
    const { events } = fromAlmaFees(
      response([
        feeRow({ id: 'late', creation_time: '2026-03-09T00:00:00Z' }),
        feeRow({
          id: 'early',
          balance: 6,
          transaction: [transaction(4, { transaction_time: '2026-03-09T00:00:00Z' })],
        }),
      ]),
    );
    expect(events.map(({ type, data }) => ('feeId' in data ? data.feeId : type))).toEqual([
      'early',
      'late',
      'PaymentReceived',
    ]);
  });

  it('follow their charge even if their time is earlier', () => {
    const row = feeRow({ balance: 6, transaction: [transaction(4, { transaction_time: 0 })] });
    const { events } = fromAlmaFees(response([row]));
    expect(events.map(({ data }) => data.at)).toEqual([
      '2026-03-02T09:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
    ]);
  });

  it('take the time of the import if a row has no time for its dispute', () => {
    const row = feeRow({ status: { value: 'INDISPUTE' }, status_time: null });
    expect(codes(response([row]))).toEqual(['MissingField fee[0].status_time']);
    const { events } = fromAlmaFees(response([row]), { importedAt: '2026-04-01T09:00:00+02:00' });
    expect(events.at(-1)).toMatchObject({ type: 'FeeDisputed', data: { at: '2026-04-01T09:00:00+02:00' } });
  });

  it('are the same each time, so that a second import is refused as a whole', () => {
    const first = fromAlmaFees(fixture('alma-fees')).events;
    expect(fromAlmaFees(fixture('alma-fees')).events).toEqual(first);
    const account = fold(first);
    expect(() => fold(first, account)).toThrow('IdUsedTwice');
    expect(account).toEqual(fold(first));
  });
});

describe('findings', () => {
  it('carry the row and one sentence', () => {
    const row = feeRow({ balance: 4 });
    expect(fromAlmaFees(response([row]))).toEqual({
      events: [],
      findings: [
        {
          code: 'BalanceNotExplained',
          path: 'fee[0].balance',
          expected: '10.00',
          found: '4.00',
          message: 'fee[0].balance: expected 10.00, found 4.00',
          feeId: '5010000107',
          row,
        },
      ],
    });
  });

  it('do not prevent other rows from being imported', () => {
    const { events, findings } = fromAlmaFees(
      response([feeRow({ id: 'a', balance: 4 }), feeRow({ id: 'b' })]),
    );
    expect(findings.map(({ feeId }) => feeId)).toEqual(['a']);
    expect(fold(events).fees.map(({ feeId }) => feeId)).toEqual(['b']);
  });

  it('include an account that would be too large', () => {
    const rows = Array.from({ length: 4_600 }, (_, index) =>
      feeRow({ id: `f${index}`, balance: 9_999_999_999.99, original_amount: 9_999_999_999.99 }),
    );
    const { events, findings } = fromAlmaFees(response(rows, { total_sum: null }));
    expect(fold(events).fees.length + findings.length).toBe(4_600);
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['TotalTooLarge']));
  });
});

describe('laws', () => {
  it('imported rows show their original amount, balance and status to the cent', () => {
    fc.assert(
      fc.property(explainable, ({ rows, json }) => {
        const { events, findings } = fromAlmaFees(json);
        expect(findings).toEqual([]);
        const account = fold(events);
        expect(account.fees.length + account.credits.length).toBeGreaterThanOrEqual(rows.length);
        for (const { id, isCredit, original, balance, status } of rows) {
          const fee = findFee(account, id);
          const credit = findCredit(account, id);
          const shown = isCredit
            ? credit && [credit.amount, unused(credit), creditStatus(account, credit)]
            : fee && [fee.original, remaining(fee), feeStatus(fee)];
          expect(shown).toEqual([original, balance, statusOf[status as keyof typeof statusOf]]);
        }
        const total = rows.reduce((sum, { isCredit, balance }) => sum + (isCredit ? -balance : balance), 0);
        expect(balancesInMinorUnits(account).active + balancesInMinorUnits(account).disputed).toBe(total);
      }),
      tried(2_000),
    );
  });

  it('ids and balances do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(explainable, ({ json }) => {
        const ids = (rows: readonly unknown[]) => {
          const account = fold(fromAlmaFees({ ...json, fee: rows }).events);
          return { ids: account.ids.map(({ id }) => id).sort(), balances: balancesInMinorUnits(account) };
        };
        const rows = json.fee as Json[];
        expect(ids([...rows].reverse())).toEqual(ids(rows));
      }),
      tried(1_000),
    );
  });

  const garbage = fc.oneof(
    fc.constantFrom(
      null,
      '',
      'EXPORTED',
      -1,
      0,
      1e21,
      0.001,
      Number.NaN,
      2 ** 53,
      '10.00',
      [],
      {},
      [null],
      true,
    ),
    fc.constantFrom(
      { value: '' },
      { value: 'WAIVE' },
      { value: 'CREDIT' },
      { value: '__proto__' },
      { value: 'x'.repeat(300) },
    ),
    fc.constantFrom('2026-02-30T00:00:00Z', '2026-03-02', '\u0000', '\uD800', 'x'.repeat(10_000)),
    fc.jsonValue(),
  );

  /** Puts garbage somewhere into a copy of a response, or removes something. */
  const spoilt = fc
    .tuple(
      explainable,
      fc.array(fc.tuple(fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }), garbage, fc.boolean()), {
        maxLength: 4,
      }),
    )
    .map(([{ json }, changes]) => {
      const copy = structuredClone(json);
      for (const [steps, value, removes] of changes) {
        let place: Json = copy;
        for (const [index, step] of steps.entries()) {
          const keys = Object.keys(place);
          const key = keys[step % Math.max(1, keys.length)];
          if (key === undefined) break;
          const inner = place[key];
          if (index < steps.length - 1 && typeof inner === 'object' && inner !== null) place = inner as Json;
          else if (removes) delete place[key];
          else place[key] = structuredClone(value);
        }
      }
      return copy;
    });

  it('every row is either imported or a finding, whatever it contains', async () => {
    let explained = 0;
    let found = 0;
    await assertVaried(
      fc.property(spoilt, (json) => {
        const { events, findings } = fromAlmaFees(json);
        const account = fold(events);
        const rows = Array.isArray(json.fee) ? (json.fee as unknown[]) : [];
        const readable = !findings.some(
          ({ code }) => code === 'ErrorEnvelope' || code === 'MalformedResponse',
        );
        for (const [index, row] of (readable ? rows : []).entries()) {
          const path = `fee[${index}]`;
          const findingsOfRow = findings.filter(
            (finding) => finding.path === path || finding.path.startsWith(`${path}.`),
          );
          const id = (row as Json | null)?.id;
          const isIn =
            typeof id === 'string' && (findFee(account, id) ?? findCredit(account, id)) !== undefined;
          expect(isIn, JSON.stringify(row)).toBe(findingsOfRow.length === 0);
          if (isIn) explained++;
          else found++;
        }
        expect(JSON.parse(JSON.stringify(events)).map(parseEvent)).toEqual(events);
      }),
      tried(3_000),
      100,
      () => expect(Math.min(explained, found)).toBeGreaterThan(30),
    );
  });

  it('any input gives findings or a typed error, and is not changed', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (input) => {
          try {
            const { events, findings } = fromAlmaFees(input);
            expect(events).toEqual([]);
            expect(findings.length > 0 || Array.isArray(input)).toBe(true);
          } catch (error) {
            expect(isPatronFeesError(error, 'INVALID_ARGUMENT')).toBe(true);
          }
        },
      ),
      tried(2_000),
    );
  });

  it('unreadable input throws a typed error', () => {
    const trap = {
      get fee(): never {
        throw new Error('ran');
      },
    };
    expect(() => fromAlmaFees(trap)).toThrow('INVALID_ARGUMENT');
    expect(() => fromAlmaFees({ fee: [() => 1] })).toThrow('INVALID_ARGUMENT');
  });

  it('accepts a frozen response', () => {
    const freeze = (value: unknown): unknown => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    expect(fromAlmaFees(freeze(fixture('alma-fees'))).findings).toEqual([]);
  });

  it('returns nothing for a patron without fees', () => {
    const none = { total_record_count: 0, total_sum: 0, currency: 'USD' };
    expect(fromAlmaFees(none)).toEqual({ events: [], findings: [] });
    expect(fold(fromAlmaFees([]).events)).toEqual(emptyAccount());
  });
});

const LARGEST = 9_999_999_999.99;

describe('importLimits', () => {
  it('limits one payment to twelve digits, over all its fees', () => {
    const limits = importLimits();
    const paid = { external_transaction_id: 'x1' };
    const admit = (id: string, amount: number) => {
      const row = rowFrom(
        feeRow({ id, balance: 0, original_amount: amount, transaction: [transaction(amount, paid)] }),
      );
      return limits.admit(row, explainRow(row, {}).payments);
    };
    expect(admit('a', LARGEST)).toBeUndefined();
    expect(admit('b', 0.01)).toMatchObject({ code: 'TotalTooLarge', feeId: 'b' });
  });

  it('limits the account to the safe integers', () => {
    const limits = importLimits();
    const row = rowFrom(feeRow({ balance: LARGEST, original_amount: LARGEST }));
    const admitted = Array.from({ length: 5_000 }, () => limits.admit(row, [])).filter(
      (finding) => finding === undefined,
    );
    expect(admitted.length).toBe(Math.floor(Number.MAX_SAFE_INTEGER / (2 * 999_999_999_999)));
  });
});
