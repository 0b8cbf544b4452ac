import * as v from 'valibot';
import { expect, it } from 'vitest';
import { bankDifferenceField, bankItemsField } from '../../../src/office/bank/bankSchemas.js';
import { cash } from './banks.js';

it('an entry confirms one or more items of known kinds, each with its own fields', () => {
  const items = bankItemsField(v.string());
  const is = (...given: readonly unknown[]) => v.is(items, given);
  expect(is(cash(), { kind: 'remittance', remittanceId: 'r', amount: '1' })).toBe(true);
  expect([is(), is({ ...cash(), till: '' }), is({ ...cash(), patronId: 'p' }), is({ kind: 'gift' })]).toEqual(
    Array(4).fill(false),
  );
  expect(v.is(bankDifferenceField(v.string()), { kind: 'overShort', amount: '1' })).toBe(true);
  expect(v.is(bankDifferenceField(v.string()), { kind: 'other', amount: '1' })).toBe(false);
});
