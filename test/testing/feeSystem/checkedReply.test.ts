import { expect, it } from 'vitest';
import { faultInAnswer, faultInBalances } from '../../../src/testing/feeSystem/checkedReply.js';

it('accepts answers and balances as the protocol has them, with more fields', () => {
  expect(faultInAnswer({ accepted: false, reason: 'no', version: 7 })).toBeUndefined();
  expect(
    faultInBalances({ fees: [{ feeId: 'f1', owed: '-0.30', title: 'x' }], owed: '5.00' }, 2),
  ).toBeUndefined();
  expect(faultInBalances({ fees: [{ feeId: 'f1', owed: '5' }] }, 0)).toBeUndefined();
});

it.each([
  [{ accepted: 'yes' }, 'accepted: expected true or false, found "yes"'],
  [{ acepted: true }, 'expected the field accepted, found acepted'],
  [{ accepted: false, raeson: 'no' }, 'expected the field reason, found raeson'],
  [undefined, 'the reply: missing (expected an object)'],
])('names what is wrong with an answer: %j', (answer, sentence) => {
  expect(faultInAnswer(answer)).toBe(sentence);
});

const amount = 'a text like "5.00"';

it.each([
  [{ fees: [{ feeId: 'f1', owed: 0.3 }] }, `fees[0].owed: expected ${amount}, found 0.3`],
  [{ fees: [{ feeId: 'f1', owed: '0.3' }] }, `fees[0].owed: expected ${amount}, found "0.3"`],
  [{ fees: [], refundable: 5 }, `refundable: expected ${amount}, found 5`],
  [{ fees: [], refundabel: '5.00' }, 'expected the field refundable, found refundabel'],
  [{ fees: 'none' }, 'fees: expected a list of fees, found "none"'],
  [{}, 'fees: missing (expected a list of fees)'],
])('names what is wrong with balances: %j', (balances, sentence) => {
  expect(faultInBalances(balances, 2)).toBe(sentence);
});
