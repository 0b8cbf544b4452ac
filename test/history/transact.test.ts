import { describe, expect, it } from 'vitest';
import { mutableCopy } from '../../src/account/fold.js';
import { privateAccount } from '../../src/history/loadAccount.js';
import { transact } from '../../src/history/transact.js';
import { emptyAccount } from '../../src/index.js';
import { assess, pay, policy } from '../support/account.js';
import { stream, tickingStore, watched } from '../support/stores.js';

/** An account in memory, and the calls of its store. */
const held = ({ isUpToDate }: { readonly isUpToDate: boolean }) => {
  const { store, calls } = watched(tickingStore());
  const growing = privateAccount(mutableCopy(emptyAccount()));
  return { held: { store, policy, stream, growing, isUpToDate }, calls };
};

// Concurrent writers: see execute.test.ts and openAccount.test.ts.
describe('transact', () => {
  it('appends a decision with events without reading, since the append checks the version', async () => {
    const { held: account, calls } = held({ isUpToDate: false });
    await transact(account, assess('f1', '1.00'), {});
    expect(calls).toEqual(['append 1 at 0']);
    expect(account.growing.account.eventCount).toBe(1);
  });

  it('reads the new events once before it returns a decision without events', async () => {
    const { held: account, calls } = held({ isUpToDate: false });
    expect(await transact(account, pay('p1', '1.00'), {})).toMatchObject({ accepted: false });
    expect(calls).toEqual(['read after 0']);
  });

  it('reads nothing if the account was just read', async () => {
    const { held: account, calls } = held({ isUpToDate: true });
    expect(await transact(account, pay('p1', '1.00'), {})).toMatchObject({ accepted: false });
    expect(calls).toEqual([]);
  });

  it.each([
    ['inherited', Object.create({ expectedVersion: 7 })],
    ['hidden', Object.defineProperty({}, 'expectedVersion', { value: 7 })],
  ])('compares an expected version that is %s', async (_, options) => {
    const { held: account, calls } = held({ isUpToDate: true });
    const expected = { code: 'VERSION_CONFLICT', details: { expected: 7, actual: 0 } };
    await expect(transact(account, assess('f1', '1.00'), options)).rejects.toMatchObject(expected);
    expect(calls).toEqual([]);
  });

  it.each([
    ['null', null],
    ['a text', 'none'],
    ['something that throws when it is read', Proxy.revocable({}, {})],
  ])('refuses options that are %s', async (_, options) => {
    if (options !== null && typeof options === 'object') options.revoke();
    const given = options !== null && typeof options === 'object' ? options.proxy : options;
    const { held: account } = held({ isUpToDate: true });
    await expect(transact(account, assess('f1', '1.00'), given as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
