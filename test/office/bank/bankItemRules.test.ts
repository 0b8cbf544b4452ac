import { expect, it } from 'vitest';
import { itemRefusal, settlesTooMuch, statesOf } from '../../../src/office/bank/bankItemRules.js';
import { noBankAccount } from '../../../src/office/index.js';
import { bankAfter, cash, confirm, part } from './banks.js';

const { account: forty } = bankAfter(confirm('c1', '40', part('40')));
const { account: whole } = bankAfter(confirm('c9', '62', cash()));
const at = (...others: readonly (typeof forty)[]) => ({
  state: noBankAccount,
  others: new Map(others.map((other, n) => [`BANK${n}`, other])),
});

it('sums what all bank accounts confirmed of an item', () => {
  expect(statesOf(cash(), at(forty, whole)).map(([bank, { settled }]) => [bank, settled])).toEqual([
    ['BANK0', '40.00'],
    ['BANK1', '62.00'],
  ]);
  expect(itemRefusal(part('22.01'), 'item', at(forty), 2)).toMatchObject({
    type: 'ConfirmedAbove',
    left: '22.00',
  });
  expect(itemRefusal(part('22.00'), 'item', at(forty), 2)).toBeUndefined();
  expect(itemRefusal(cash(), 'item', at(whole), 2)).toMatchObject({ bank: 'BANK0', confirmationId: 'c9' });
});

it('accepts that two confirmations of one item are undone, since this only restores amounts', () => {
  expect(settlesTooMuch(cash(), -6200n, at(whole, whole, whole), 2)).toBeUndefined();
  expect(settlesTooMuch(cash(), -6200n, at(whole), 2)).toBeUndefined();
  expect(settlesTooMuch(cash(), -6201n, at(whole), 2)).toMatchObject({ amount: '-62.01' });
});
