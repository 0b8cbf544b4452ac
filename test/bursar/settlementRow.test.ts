import { describe, expect, it } from 'vitest';
import { findingAt, settlementOfRow } from '../../src/bursar/settlementRow.js';

const read = (row: unknown, line: number | null = 18) => settlementOfRow({ line, row }, 17, 'USD', 2);

const good = { reference: 'u17@export-9#1', amount: '0.82' };

describe('a row of an answer', () => {
  it('names patron, transfer, amount and payment', () => {
    expect(read({ ...good, paymentReference: 'B-1', currency: 'USD' })).toEqual({
      row: 17,
      line: 18,
      reference: 'u17@export-9#1',
      patronId: 'u17',
      transferId: 'export-9#1',
      kind: 'fee',
      amount: '0.82',
      paymentReference: 'B-1',
    });
  });

  it('may have surrounding spaces, and empty optional cells', () => {
    const row = { reference: ' u17@t ', amount: '\t-300 ', paymentReference: ' ', currency: '' };
    expect(read(row)).toMatchObject({
      reference: 'u17@t',
      kind: 'credit',
      amount: '300',
      paymentReference: undefined,
    });
  });

  it.each([
    ['no object', null, 'BROKEN_ROW'],
    ['a list', ['u17@t', '1'], 'BROKEN_ROW'],
    ['no reference', { amount: '1' }, 'BROKEN_ROW'],
    ['an empty reference', { ...good, reference: ' ' }, 'BROKEN_ROW'],
    ['no amount', { reference: 'u17@t' }, 'BROKEN_ROW'],
    ['an amount that is a number', { ...good, amount: 0.82 }, 'BROKEN_ROW'],
    ['a payment that is no text', { ...good, paymentReference: {} }, 'BROKEN_ROW'],
    ['an invalid reference', { ...good, reference: '15216075630006761' }, 'UNKNOWN_REFERENCE'],
    ['another currency', { ...good, currency: 'EUR' }, 'OTHER_CURRENCY'],
  ])('with %s is a finding', (_what, row, code) => {
    expect(read(row)).toMatchObject({
      code,
      row: 17,
      line: 18,
      message: expect.stringContaining('row 17, line 18'),
    });
  });

  it.each([
    [{ amount: '1' }, 'reference: missing (expected text)'],
    [{ ...good, reference: ' ' }, 'reference: expected a reference, found a string of 0 characters'],
    [{ reference: 'u17@t' }, 'amount: missing (expected text)'],
    [{ ...good, amount: 0.82 }, 'amount: expected text, found 0.82'],
    [null, 'expected an object, found null'],
    [undefined, 'missing (expected an object)'],
  ])('such as %j is refused, naming the missing or invalid field', (row, fault) => {
    expect(read(row)).toMatchObject({ message: `row 17, line 18: ${fault}` });
  });

  it.each([
    '0',
    '0.00',
    '-0',
    '1.005',
    '1,00',
    '1e3',
    '+1',
    '--1',
    '- 1',
    '$1',
    'NaN',
    '٣',
    '1.',
    '9'.repeat(20),
  ])('with an amount of %s is a finding', (amount) => {
    expect(read({ ...good, amount })).toMatchObject({
      code: 'AMOUNT_NOT_USABLE',
      reference: good.reference,
      patronId: 'u17',
      message: expect.stringContaining('an amount of USD, not zero'),
    });
  });

  it('that could not be read is a finding', () => {
    const misread = { expected: '2 cells', found: '3' };
    expect(settlementOfRow({ line: 4, misread }, 3, 'USD', 2)).toEqual({
      code: 'BROKEN_ROW',
      row: 3,
      line: 4,
      reference: null,
      patronId: null,
      ...misread,
      message: 'row 3, line 4: expected 2 cells, found 3',
    });
  });

  it('shows only the beginning of hostile values', () => {
    const long = 'x'.repeat(100_000);
    for (const row of [
      { ...good, reference: long },
      { ...good, amount: long },
      { ...good, currency: long },
    ]) {
      expect(JSON.stringify({ ...read(row), reference: null }).length).toBeLessThan(700);
    }
  });
});

describe('a finding', () => {
  it('has its position, in a file or in a list', () => {
    const misread = { expected: 'a', found: 'b' };
    expect(findingAt({ row: null, line: 3 }, 'BROKEN_FILE', misread).message).toBe(
      'the file, line 3: expected a, found b',
    );
    expect(findingAt({ row: 2, line: null }, 'BROKEN_ROW', misread).message).toBe(
      'row 2: expected a, found b',
    );
  });
});
