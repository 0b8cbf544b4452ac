import { describe, expect, it } from 'vitest';
import { decide } from '../../src/account/decide.js';
import { evolve } from '../../src/account/evolve.js';
import { fold } from '../../src/account/fold.js';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { assertAccount, readingAccount } from '../../src/account/safeAccount.js';
import { PatronFeesError } from '../../src/errors.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { finesAndFees } from '../../src/views/index.js';
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

describe('the error about something that is not an account', () => {
  const problem = 'INVALID_ACCOUNT: expected a patron account, made by fold or emptyAccount';
  const policy = definePolicy({ currency: 'USD' });
  const command = { type: 'DisputeFee', id: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' } as const;

  it.each([
    ['a promise', Promise.resolve(account), ', found a Promise: await it'],
    ['a text', 'Anna Miller', ', found a string'],
    ['null', null, ', found null'],
    ['an object', {}, ''],
  ])('says that %s was found', (_name, input, found) => {
    expect(errorOf(() => decide(command, input as never, policy)).message).toBe(problem + found);
    expect(errorOf(() => fold([], input as never)).message).toBe(problem + found);
    expect(errorOf(() => finesAndFees(input as never, policy)).message).toBe(problem + found);
    const event = assessed('f1', '10.00');
    expect(errorOf(() => evolve(input as never, event)).message).toBe(problem + found);
  });
});

describe('readingAccount', () => {
  it('returns the value that was read', () => {
    expect(readingAccount(account, () => account.fees.length)).toBe(1);
  });

  it('rethrows errors of this library unchanged', () => {
    const error = new PatronFeesError('NOT_FOUND', 'no fee f1');
    expect(
      errorOf(() =>
        readingAccount(account, () => {
          throw error;
        }),
      ),
    ).toBe(error);
  });

  it('reports any other failure as INVALID_ACCOUNT', () => {
    const { proxy, revoke } = Proxy.revocable(account, {});
    revoke();
    expect(errorOf(() => readingAccount(proxy, () => proxy.fees)).code).toBe('INVALID_ACCOUNT');
  });
});
