import { describe, expect, it } from 'vitest';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { assertAccount, readingAccount } from '../../src/account/safeAccount.js';
import { PatronFeesError } from '../../src/errors.js';
import { accountOf, assessed, errorOf, prepaid } from '../support/events.js';

const account = accountOf(assessed('f1', '10.00'), prepaid('p1', 'c1', '5.00'));

describe('assertAccount', () => {
  it.each([
    ['an empty account', emptyAccount()],
    ['an account', account],
    ['an account that went through JSON', JSON.parse(JSON.stringify(account))],
    ['a frozen account', Object.freeze(structuredClone(account))],
  ])('accepts %s', (_name, input) => {
    expect(() => assertAccount(input)).not.toThrow();
  });

  it('refuses an account without any one of its parts', () => {
    for (const part of Object.keys(emptyAccount())) {
      if (['currency', 'minorDigits', 'turnover', 'mergedInto'].includes(part)) continue;
      for (const instead of [undefined, null, 'text', 1.5]) {
        const error = errorOf(() => assertAccount({ ...account, [part]: instead }));
        expect(error.code).toBe('INVALID_ACCOUNT');
        expect(error.message).toBe(
          'INVALID_ACCOUNT: expected a patron account, made by fold or emptyAccount',
        );
      }
    }
  });

  it.each([[null], [undefined], [17], ['account'], [[]], [{}], [new Map()], [() => account]])(
    'refuses %s',
    (input) => {
      expect(errorOf(() => assertAccount(input as never)).code).toBe('INVALID_ACCOUNT');
    },
  );
});

describe('readingAccount', () => {
  it('returns the value that was read', () => {
    expect(readingAccount(() => account.fees.length)).toBe(1);
  });

  it('rethrows errors of this library unchanged', () => {
    const error = new PatronFeesError('NOT_FOUND', 'no fee f1');
    expect(
      errorOf(() =>
        readingAccount(() => {
          throw error;
        }),
      ),
    ).toBe(error);
  });

  it('reports any other failure as INVALID_ACCOUNT', () => {
    const { proxy, revoke } = Proxy.revocable(account, {});
    revoke();
    expect(errorOf(() => readingAccount(() => proxy.fees)).code).toBe('INVALID_ACCOUNT');
  });
});
