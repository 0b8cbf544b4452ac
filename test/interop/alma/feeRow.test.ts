import { describe, expect, it } from 'vitest';
import { readRow } from '../../../src/interop/alma/feeRow.js';
import { feeRow, type Json, ofType, rawRow, rowFrom, transaction, waiver } from './almaRows.js';

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
    expect(row).toMatchObject({ original: 2500, balance: 277, created: { at: '2014-07-15T08:40:32.630Z' } });
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
