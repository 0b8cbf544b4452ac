import { describe, expect, it } from 'vitest';
import { mutableCopy } from '../../src/account/fold.js';
import { transact } from '../../src/history/transact.js';
import { emptyAccount } from '../../src/index.js';
import { assess, pay, policy } from '../support/account.js';
import { stream, tickingStore, watched } from '../support/stores.js';

/** An account in memory, and what its store is asked. */
const held = () => {
  const { store, calls } = watched(tickingStore());
  return { held: { store, policy, stream, state: mutableCopy(emptyAccount()) }, calls };
};

// What it does when others append meanwhile is told in execute.test.ts and openAccount.test.ts.
describe('transact', () => {
  it('trusts the append to hold a decision with events to its version', async () => {
    const { held: account, calls } = held();
    await transact(account, assess('f1', '1.00'), {}, false);
    expect(calls).toEqual(['append 1 at 0']);
    expect(account.state.eventCount).toBe(1);
  });

  it('makes sure that a decision without events is up to date, once', async () => {
    const { held: account, calls } = held();
    expect(await transact(account, pay('p1', '1.00'), {}, false)).toMatchObject({ accepted: false });
    expect(calls).toEqual(['read after 0']);
  });

  it('reads nothing when the account was read just now', async () => {
    const { held: account, calls } = held();
    expect(await transact(account, pay('p1', '1.00'), {}, true)).toMatchObject({ accepted: false });
    expect(calls).toEqual([]);
  });
});
