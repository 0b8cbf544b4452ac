import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { amountWriter, viewCurrency } from '../../src/views/amountWriter.js';
import { assessed } from './story.js';

const yen = definePolicy({ currency: 'JPY' });

describe('the currency of a view', () => {
  it("is the account's, whatever the policy says", () => {
    const account = fold([assessed('f1', '1.500', { currency: 'KWD' })]);
    expect(viewCurrency(account, yen)).toBe('KWD');
    expect(amountWriter(account, yen)(1500)).toBe('1.500');
  });

  it("is the policy's before anything happened", () => {
    expect(viewCurrency(emptyAccount(), yen)).toBe('JPY');
    expect(amountWriter(emptyAccount(), yen)(0)).toBe('0');
  });

  it('has two decimals where nobody names one', () => {
    expect(amountWriter(emptyAccount())(0)).toBe('0.00');
  });

  it('is refused for what is no account', () => {
    for (const nothing of [undefined, null, 'account', {}, { ...emptyAccount(), fees: {} }]) {
      expect(() => amountWriter(nothing as unknown as PatronAccount)).toThrow('INVALID_ACCOUNT');
    }
  });
});
