import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { anySignedField, commandUserField, officeFields, userField } from '../../src/office/officeFields.js';

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

  it('require a user, with roles in a command only', () => {
    const ana = { channel: 'desk', userId: 'ana' };
    expect(v.is(userField, ana)).toBe(true);
    expect(v.is(userField, { channel: 'desk' })).toBe(false);
    expect(v.is(userField, { ...ana, roles: ['till'] })).toBe(false);
    expect(v.is(commandUserField, { ...ana, roles: ['till'] })).toBe(true);
    expect(v.is(commandUserField, { channel: 'desk', roles: ['till'] })).toBe(false);
  });
});
