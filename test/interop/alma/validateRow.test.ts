import { describe, expect, it } from 'vitest';
import { rowFigures, validateRow } from '../../../src/interop/alma/validateRow.js';
import { creditRow, feeRow, type Json, ofType, rowFrom, transaction, waiver } from './almaRows.js';

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
