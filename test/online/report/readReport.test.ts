import { expect, it } from 'vitest';
import { readReport } from '../../../src/online/report/readReport.js';
import { at } from '../shop.js';

const money = { externalTransactionId: 'ch_1', amount: '5.00', currency: 'USD' };
const returned = { ...money, externalTransactionId: 're_1', of: 'ch_1', kind: 'refund' };

it('reads each part by itself, and says where the malformed ones are', () => {
  const { captures, returns, ended, malformed } = readReport({
    captures: [{ ...money, amount: '-5.00' }, money],
    returns: [returned, { ...returned, accounts: [{ patronId: 'ann', amount: '0.00' }] }, null],
    ended: { cause: 'bored', final: true },
    at,
  });
  expect(captures).toEqual([{ ...money, path: 'captures[1]' }]);
  expect(returns).toEqual([{ ...returned, path: 'returns[0]' }]);
  expect(ended).toBeUndefined();
  expect(malformed.map(({ faults }) => faults.map(({ path }) => path))).toEqual([
    ['captures[0].amount'],
    ['returns[1].accounts[0].amount'],
    ['returns[2]'],
    ['ended.cause'],
  ]);
});

it('reads an end, and a report of nothing', () => {
  const ended = { cause: 'failed', final: false };
  expect(readReport({ captures: [], returns: [], ended, at })).toMatchObject({ ended, malformed: [] });
  expect(readReport({ captures: [], returns: [], at }).ended).toBeUndefined();
});
