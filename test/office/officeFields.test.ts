import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseReportedAmount } from '../../src/money/reportedAmount.js';
import {
  anySignedField,
  byDigits,
  commandUserField,
  officeAmounts,
  officeFields,
  userField,
} from '../../src/office/officeFields.js';

describe('the fields of events of the office', () => {
  it.each([
    ['12', 0, 'amount'],
    ['0', 0, 'amount'],
    ['0.00', 2, 'amount'],
    ['1234567890123.45', 2, 'amount'],
    ['-12', 0, 'signed'],
    ['-0.50', 2, 'signed'],
    ['-0.00', 2, 'signed'],
    ['7.125', 3, 'signed'],
  ] as const)('accept %s with %i decimals (%s)', (text, digits, field) => {
    expect(v.is(officeFields(digits)[field], text)).toBe(true);
    expect(v.is(anySignedField, text)).toBe(true);
  });

  it.each([
    ['-1.00', 2, 'amount'],
    ['-0', 0, 'signed'],
    ['01.00', 2, 'signed'],
    ['1', 2, 'signed'],
    ['1.00', 0, 'signed'],
    ['1.000', 2, 'signed'],
    ['.50', 2, 'signed'],
    ['+1.00', 2, 'signed'],
    ['1.00\n', 2, 'signed'],
  ] as const)('refuse %j with %i decimals (%s)', (text, digits, field) => {
    expect(v.is(officeFields(digits)[field], text)).toBe(false);
  });

  it('refuse a currency that does not exist', () => {
    expect(v.is(officeFields(2).currency, 'XXX')).toBe(false);
  });

  it.each([
    ['1', 'any', '1.00'],
    ['-1.5', 'any', '-1.50'],
    ['-0', 'any', '0.00'],
    ['0', 'zeroOrMore', '0.00'],
    ['0.0', 'zeroOrMore', '0.00'],
    ['999999999999', 'aboveZero', null],
    ['9999999999.99', 'aboveZero', '9999999999.99'],
    ['-1', 'zeroOrMore', null],
    ['0', 'aboveZero', null],
    ['0', 'notZero', null],
    ['-7', 'notZero', '-7.00'],
    ['0.', 'any', null],
    ['-', 'any', null],
    ['1e3', 'any', null],
    ['1.005', 'any', null],
  ] as const)('read the amount %j of a command (%s)', (text, range, canonical) => {
    const { output, success } = v.safeParse(officeAmounts(2)[range], text);
    expect(success ? output : null).toBe(canonical);
  });

  it('read amounts as files have them, if told so', () => {
    expect(v.parse(officeAmounts(2, parseReportedAmount).notZero, '+05.500')).toBe('5.50');
  });

  it('are made once for each number of decimals', () => {
    const made: number[] = [];
    const schemaFor = byDigits((digits) => made.push(digits));
    expect([schemaFor(2), schemaFor(0), schemaFor(2)]).toEqual([1, 2, 1]);
  });

  it('require a user, with roles in a command only', () => {
    const ana = { channel: 'desk', userId: 'ana' };
    expect(v.is(userField, ana)).toBe(true);
    expect(v.is(userField, { channel: 'desk' })).toBe(false);
    expect(v.is(userField, { ...ana, roles: ['till'] })).toBe(false);
    expect(v.is(commandUserField, { ...ana, roles: ['till'] })).toBe(true);
    expect(v.is(commandUserField, { channel: 'desk', roles: ['till'] })).toBe(false);
  });
});
