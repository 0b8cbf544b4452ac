import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { amountWriter, viewCurrency, viewedAccounts } from '../../src/views/amountWriter.js';
import { assessed } from './story.js';

const yen = definePolicy({ currency: 'JPY' });

describe('amountWriter', () => {
  it("uses the account's currency, not the policy's", () => {
    const account = fold([assessed('f1', '1.500', { currency: 'KWD' })]);
    expect(viewCurrency(account, yen)).toBe('KWD');
    expect(amountWriter(account, yen)(1500)).toBe('1.500');
  });

  it("uses the policy's currency for an account without events", () => {
    expect(viewCurrency(emptyAccount(), yen)).toBe('JPY');
    expect(amountWriter(emptyAccount(), yen)(0)).toBe('0');
  });

  it('uses two decimals without an account currency or a policy', () => {
    expect(amountWriter(emptyAccount())(0)).toBe('0.00');
  });

  it('throws INVALID_ACCOUNT if the account is invalid', () => {
    for (const nothing of [undefined, null, 'account', {}, { ...emptyAccount(), fees: {} }]) {
      expect(() => amountWriter(nothing as unknown as PatronAccount)).toThrow('INVALID_ACCOUNT');
    }
  });
});

describe('viewedAccounts', () => {
  it('refuses accounts of different currencies, and names them', () => {
    const accounts = ['KWD', 'JPY', 'KWD'].map((currency) =>
      fold([assessed('f1', currency === 'JPY' ? '150' : '1.500', { currency })]),
    );
    expect(() => viewedAccounts(accounts, yen)).toThrow(
      expect.objectContaining({
        message: 'INVALID_ARGUMENT: accounts of different currencies cannot be shown together',
        details: { currencies: ['KWD', 'JPY'] },
      }),
    );
  });
});
