import { describe, expect, it } from 'vitest';
import {
  accountOfFee,
  creditOf,
  feeOf,
  minorIn,
  receivableOf,
  refundOf,
  transferOf,
} from '../../../src/books/journal/postedRows.js';
import { accountOf, errorOf } from '../../support/events.js';
import { history } from '../../support/wholeHistory.js';

const account = accountOf(...history);

describe('a row of a posting', () => {
  it('is found by its id', () => {
    expect(feeOf(account, 'f1').original).toBe(1_000);
    expect(creditOf(account, 'c1').amount).toBe(800);
    expect(transferOf(account, 't1').feeId).toBe('f2');
    expect(refundOf(account, 'b1').method).toBe('CASH');
    expect(receivableOf(account, 'f1')).toEqual(['receivable', 'MAIN']);
    expect(accountOfFee(account, 'waivers', 'f3')).toEqual(['waivers', 'MAIN', 'LOSTITEMREPLACEMENTFEE']);
  });

  it('must exist, and be of the right kind', () => {
    for (const find of [feeOf, creditOf, transferOf, refundOf]) {
      expect(errorOf(() => find(account, 'p1'))).toMatchObject({ code: 'NOT_FOUND', details: { id: 'p1' } });
      expect(errorOf(() => find(account, '__proto__')).code).toBe('NOT_FOUND');
    }
  });

  it('has amounts in the currency of the account', () => {
    expect(minorIn(account, '12.50')).toBe(1_250);
    for (const bad of ['12.5', '12', '-1.00', '1e3', 5]) {
      expect(errorOf(() => minorIn(account, bad as string)).code).toBe('INVALID_EVENT');
    }
  });
});
