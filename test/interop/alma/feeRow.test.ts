import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readRow, rowFigures, rowSchema, validateRow } from '../../../src/interop/alma/feeRow.js';
import { creditRow, feeRow, type Json, ofType, rawRow, rowFrom, transaction, waiver } from './almaRows.js';

describe('feeRow', () => {
  const found = (raw: unknown, options = {}, changes = {}) => {
    const reading = readRow(rawRow(raw, changes), options);
    return 'findings' in reading ? reading.findings.map(({ code, path }) => `${code} ${path}`) : [];
  };

  const without = (...fields: string[]) =>
    Object.fromEntries(Object.entries(feeRow()).filter(([field]) => !fields.includes(field)));

  describe('readRow', () => {
    it('reads amounts exactly, and times in either form', () => {
      const row = rowFrom(
        feeRow({ original_amount: 25, balance: 25 - 22.23, creation_time: 1_405_413_632_630 }),
      );
      expect(row).toMatchObject({
        original: 2500,
        balance: 277,
        created: { at: '2014-07-15T08:40:32.630Z' },
      });
    });

    it('sorts transactions by time', () => {
      const late = waiver(1);
      const early = waiver(2, { transaction_time: '2026-03-03T00:00:00Z' });
      const { transactions } = rowFrom(feeRow({ transaction: [late, early] }));
      expect(transactions.map(({ amount, field }) => [amount, field])).toEqual([
        [200, 'transaction[1]'],
        [100, 'transaction[0]'],
      ]);
    });

    it.each([
      [
        { value: 'Circulation', desc: 'Main Library' },
        { desk: 'Circulation', library: 'Main Library' },
      ],
      [{ value: 'Not At Desk', desc: 'Main Library' }, { library: 'Main Library' }],
      [{ value: '', desc: null }, {}],
      [null, {}],
    ])('reads the receiver of the money from %j', (received_by, place) => {
      const paid = transaction(1, { received_by, created_by: 'Ex Libris' });
      const { transactions } = rowFrom(feeRow({ transaction: [paid] }), { institution: 'NORTH' });
      expect(transactions[0]?.by).toEqual({
        userId: 'Ex Libris',
        channel: 'import',
        ...place,
        institution: 'NORTH',
      });
    });

    it.each([
      [{ barcode: null, title: null }, undefined],
      [{ barcode: '30447' }, { barcode: '30447' }],
      [{ barcode: { value: '30447', link: 'https://alma.example' } }, { barcode: '30447' }],
      [{ barcode: { value: null }, title: 'River birds' }, { title: 'River birds' }],
      [{ barcode: '', title: '' }, undefined],
    ])('reads the item from %j', (fields, item) => {
      expect(rowFrom(feeRow(fields)).item).toEqual(item);
    });

    it('ignores unknown fields, because Alma adds some from time to time', () => {
      expect(found(feeRow({ remaining_vat_amount: 0, campus: { value: 'X' } }))).toEqual([]);
    });

    it.each(['id', 'type', 'status', 'balance', 'original_amount', 'creation_time', 'owner'])(
      'finds that %s is missing, absent or null',
      (field) => {
        expect(found(without(field))).toEqual([`MissingField fee[0].${field}`]);
        expect(found(feeRow({ [field]: null }))).toEqual([`MissingField fee[0].${field}`]);
      },
    );

    it('requires no owner for a credit, or if an option names one', () => {
      expect(found({ ...without('owner'), type: { value: 'CREDIT' } })).toEqual([]);
      expect(found(without('owner'), { owner: 'MAIN' })).toEqual([]);
    });

    it('finds all faults of structure at once', () => {
      const json = feeRow({ id: 17, balance: '10.00', transaction: [transaction(1), { amount: 'x' }] });
      expect(found(json)).toEqual([
        'MalformedField fee[0].id',
        'MalformedField fee[0].balance',
        'MissingField fee[0].transaction[1].type',
        'MalformedField fee[0].transaction[1].amount',
        'MissingField fee[0].transaction[1].transaction_time',
      ]);
    });

    it('finds all invalid codes and amounts at once', () => {
      const json = feeRow({
        status: { value: 'active' },
        balance: 2.775,
        original_amount: 1e10,
        transaction: [ofType('REFUND', -1), transaction(0, { payment_method: null })],
      });
      expect(found(json)).toEqual([
        'UnknownStatus fee[0].status',
        'AmountNotInCurrency fee[0].original_amount',
        'AmountNotInCurrency fee[0].balance',
        'UnknownTransaction fee[0].transaction[0].type',
        'AmountHasWrongSign fee[0].transaction[0].amount',
        'AmountHasWrongSign fee[0].transaction[1].amount',
        'MissingField fee[0].transaction[1].payment_method',
      ]);
    });

    it('counts the decimals of the currency', () => {
      const json = feeRow({ balance: 10.5, original_amount: 10.5 });
      const inYen = { currency: 'JPY', minorDigits: 0 };
      expect(found(json, {}, inYen)).toEqual([
        'AmountNotInCurrency fee[0].original_amount',
        'AmountNotInCurrency fee[0].balance',
      ]);
    });

    it.each<[unknown]>([[null], [undefined], [17], ['fee'], [true]])('finds that %j is not a fee', (raw) => {
      expect(found(raw)).toEqual(['MalformedField fee[0]']);
    });

    it.each(['__proto__', 'constructor', 'toString'])('does not accept the status %s', (value) => {
      expect(found(feeRow({ status: { value } as Json }))).toEqual(['UnknownStatus fee[0].status']);
    });
  });
});

describe('validateRow', () => {
  const found = (json: Json, options = {}) => {
    const finding = validateRow(rowFrom(json), options);
    return finding && `${finding.code} ${finding.path}: ${finding.expected}, not ${finding.found}`;
  };

  const status = (value: string) => ({ status: { value } });

  const gone = { balance: 0 };

  describe('validateRow', () => {
    it.each([
      ['an unpaid fee', feeRow()],
      [
        'a fee that is partly paid and partly waived',
        feeRow({ balance: 3, transaction: [transaction(5), waiver(2)] }),
      ],
      ['a fee that is paid', feeRow({ ...gone, ...status('CLOSED'), transaction: [transaction(10)] })],
      ['a disputed fee', feeRow(status('INDISPUTE'))],
      ['an exported fee', feeRow({ ...gone, ...status('EXPORTED'), transaction: [ofType('EXPORTED', 10)] })],
      ['an exported fee without a transaction', feeRow({ ...gone, ...status('EXPORTED') })],
      [
        'an exported fee that the billing system reported as partly paid',
        feeRow({
          ...gone,
          ...status('EXPORTED'),
          transaction: [ofType('EXPORTED', 10), ofType('PAYMENT_IMPORTED', 4)],
        }),
      ],
      [
        'an exported fee that is closed',
        feeRow({ ...gone, ...status('CLOSED'), transaction: [transaction(3), ofType('EXPORT', 7)] }),
      ],
      [
        'an exported fee that the billing system reported as paid',
        feeRow({ ...gone, ...status('CLOSED'), transaction: [ofType('PAYMENT_IMPORTED', 10)] }),
      ],
      ['an unused credit', creditRow()],
      ['an exported credit', creditRow({ ...gone, ...status('CLOSED'), transaction: [ofType('EXPORT', 5)] })],
    ])('accepts %s', (_, json) => {
      expect(found(json)).toBeUndefined();
    });

    it.each([
      [
        feeRow({ original_amount: 0, balance: 0 }),
        'AmountHasWrongSign fee[0].original_amount: an amount above 0, not 0.00',
      ],
      [
        feeRow({ original_amount: -5, balance: -5 }),
        'AmountHasWrongSign fee[0].original_amount: an amount above 0, not -5.00',
      ],
      [feeRow({ balance: -1 }), 'AmountHasWrongSign fee[0].balance: 0 or an amount above 0, not -1.00'],
      [
        creditRow({ original_amount: 5, balance: 5 }),
        'AmountHasWrongSign fee[0].original_amount: an amount below 0, not 5.00',
      ],
      [creditRow({ balance: 1 }), 'AmountHasWrongSign fee[0].balance: 0 or an amount below 0, not 1.00'],
      [feeRow({ balance: 10.01 }), 'BalanceAboveOriginal fee[0].balance: at most 10.00, not 10.01'],
      [creditRow({ balance: -5.01 }), 'BalanceAboveOriginal fee[0].balance: at most -5.00, not -5.01'],
      [creditRow({ balance: -2 }), 'CreditUseNotExplained fee[0].balance: -5.00, not -2.00'],
      [creditRow({ ...gone, ...status('CLOSED') }), 'CreditUseNotExplained fee[0].balance: -5.00, not 0.00'],
      [
        creditRow({ ...gone, ...status('CLOSED'), transaction: [waiver(5)] }),
        'CreditUseNotExplained fee[0].transaction[0]: an export or imported payment, not waiver',
      ],
      [
        creditRow(status('INDISPUTE')),
        'CreditDisputed fee[0].status: a credit that nobody disputes, not INDISPUTE',
      ],
      [feeRow(status('CLOSED')), 'StatusContradictsBalance fee[0].balance: 0, being CLOSED, not 10.00'],
      [feeRow(status('EXPORTED')), 'StatusContradictsBalance fee[0].balance: 0, being EXPORTED, not 10.00'],
      [
        feeRow({ ...gone, transaction: [transaction(10)] }),
        'StatusContradictsBalance fee[0].balance: a balance, being ACTIVE, not 0.00',
      ],
      [feeRow({ balance: 4 }), 'BalanceNotExplained fee[0].balance: 10.00, not 4.00'],
      [feeRow({ transaction: [transaction(4)] }), 'BalanceNotExplained fee[0].balance: 6.00, not 10.00'],
      [
        feeRow({ balance: 0.01, transaction: [transaction(10)] }),
        'BalanceNotExplained fee[0].balance: 0.00, not 0.01',
      ],
      [feeRow({ ...gone, ...status('CLOSED') }), 'BalanceNotExplained fee[0].balance: 10.00, not 0.00'],
      [
        feeRow({ transaction: [ofType('EXPORT', 10)] }),
        'TransferNotExplained fee[0].status: EXPORTED or CLOSED, having been exported, not ACTIVE',
      ],
      [
        feeRow({ ...gone, ...status('EXPORTED'), transaction: [transaction(10)] }),
        'TransferNotExplained fee[0].status: CLOSED, nothing being exported, not EXPORTED',
      ],
      [
        feeRow({ ...gone, ...status('EXPORTED'), transaction: [ofType('EXPORT', 9)] }),
        'TransferNotExplained fee[0].transaction: exports of 10.00, not 9.00',
      ],
      [
        feeRow({ ...gone, ...status('CLOSED'), transaction: [ofType('EXPORT', 10), waiver(10)] }),
        'TransferNotExplained fee[0].transaction: exports of 0.00, not 10.00',
      ],
      [
        feeRow({ ...gone, ...status('CLOSED'), transaction: [ofType('EXPORT', 4), ofType('EXPORT', 6)] }),
        'TransferNotExplained fee[0].transaction: one export, not several',
      ],
      [
        feeRow({ ...gone, ...status('EXPORTED'), transaction: [ofType('PAYMENT_IMPORTED', 10)] }),
        'TransferNotExplained fee[0].transaction: imported payments below 10.00, not 10.00',
      ],
      [
        feeRow({
          ...gone,
          ...status('CLOSED'),
          transaction: [ofType('EXPORT', 10), ofType('PAYMENT_IMPORTED', 4)],
        }),
        'TransferNotExplained fee[0].transaction: imported payments of 10.00 or none, not 4.00',
      ],
      [
        feeRow({
          ...gone,
          ...status('CLOSED'),
          transaction: [ofType('EXPORT', 10), ofType('PAYMENT_IMPORTED', 12)],
        }),
        'TransferNotExplained fee[0].transaction: imported payments of 10.00 or none, not 12.00',
      ],
      [
        feeRow({ ...status('INDISPUTE'), status_time: null }),
        'MissingField fee[0].status_time: a value, or the option `importedAt`, not nothing',
      ],
      [
        feeRow({ ...gone, ...status('EXPORTED'), status_time: null }),
        'MissingField fee[0].status_time: a value, or the option `importedAt`, not nothing',
      ],
    ])('finds a contradiction: %#', (json, finding) => {
      expect(found(json)).toBe(finding);
    });

    it('accepts a missing time if an option gives it', () => {
      const json = feeRow({ ...status('INDISPUTE'), status_time: null });
      expect(found(json, { importedAt: '2026-03-02T09:00:00Z' })).toBeUndefined();
    });
  });

  describe('rowFigures', () => {
    it('sums the transactions of a fee', () => {
      const transactions = [
        transaction(1),
        transaction(2),
        waiver(3),
        ofType('EXPORT', 4),
        ofType('PAYMENT_IMPORTED', 2),
      ];
      expect(rowFigures(rowFrom(feeRow({ balance: 0, transaction: transactions })))).toEqual({
        isCredit: false,
        original: 1000,
        balance: 0,
        paid: 300,
        waived: 300,
        exported: 400,
        settled: 200,
        gone: 400,
      });
    });

    it('makes the figures of a credit positive', () => {
      expect(rowFigures(rowFrom(creditRow({ balance: -2 })))).toMatchObject({
        isCredit: true,
        original: 500,
        balance: 200,
        gone: 300,
      });
    });
  });
});

const time = (creation_time: unknown) => {
  const result = v.safeParse(rowSchema, feeRow({ creation_time }));
  return result.success ? result.output.creation_time.at : undefined;
};

describe('rowSchema', () => {
  it.each([
    ['2026-03-02T09:00:00.000Z', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02T09:00:00+01:00', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T09:00Z', '2026-03-02T09:00:00.000Z'],
    [1_413_879_432_450, '2014-10-21T08:17:12.450Z'],
    [0, '1970-01-01T00:00:00.000Z'],
  ])('reads the time %j', (input, at) => {
    expect(time(input)).toBe(at);
  });

  it.each([
    ['2026-02-30T09:00:00Z'],
    ['2026-03-02'],
    ['2026-03-02T09:00:00'],
    ['9999-12-31T23:59:59-01:00'],
    ['0000-01-01T00:00:00+01:00'],
    [''],
    ['1413879432450'],
    [-1],
    [1.5],
    [8.64e15],
    [Number.NaN],
    [null],
  ])('refuses the time %j', (input) => {
    expect(time(input)).toBeUndefined();
  });

  it.each([['\uD800'], ['\u0000'], ['x'.repeat(201)], ['']])('refuses the id %j', (id) => {
    expect(v.safeParse(rowSchema, feeRow({ id })).success).toBe(false);
  });
});
