import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { isPatronFeesError, PatronFeesError } from '../src/errors.js';

describe('PatronFeesError', () => {
  it('has its code in the message, for logs', () => {
    const error = new PatronFeesError('NOT_FOUND', 'no fee f1', { feeId: 'f1' });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'PatronFeesError', code: 'NOT_FOUND', details: { feeId: 'f1' } });
    expect(String(error)).toBe('PatronFeesError: NOT_FOUND: no fee f1');
  });

  it('has empty details by default', () => {
    expect(new PatronFeesError('STORE_CLOSED', 'closed').details).toEqual({});
  });
});

describe('isPatronFeesError', () => {
  const error = new PatronFeesError('NOT_FOUND', 'no fee f1');

  it('recognises errors of this library, and their codes', () => {
    expect(isPatronFeesError(error)).toBe(true);
    expect(isPatronFeesError(error, 'NOT_FOUND')).toBe(true);
    expect(isPatronFeesError(error, 'CORRUPT_HISTORY')).toBe(false);
  });

  it('recognises an error of another copy of the package and of another realm', () => {
    const { name, code, message } = error;
    expect(isPatronFeesError({ name, code, message }, 'NOT_FOUND')).toBe(true);
    const foreign: unknown = runInNewContext('Object.assign(new Error("x"), { name, code })', { name, code });
    expect(foreign).not.toBeInstanceOf(Error);
    expect(isPatronFeesError(foreign, 'NOT_FOUND')).toBe(true);
  });

  it.each([
    ['another error', new Error('NOT_FOUND')],
    ['null', null],
    ['nothing', undefined],
    ['a text', 'NOT_FOUND'],
    ['a number', 404],
    ['an object', {}],
    ['the class itself', PatronFeesError],
  ])('does not take %s for one', (_name, value) => {
    expect(isPatronFeesError(value)).toBe(false);
  });

  it('returns false for values that throw when read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isPatronFeesError(proxy)).toBe(false);
  });
});
