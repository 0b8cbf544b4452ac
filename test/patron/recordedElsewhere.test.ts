import { expect, it } from 'vitest';
import { execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { mergeAccounts, separateAccounts } from '../../src/patron/index.js';
import { feePaidMessage } from '../interop/sip2/terminal.js';
import { assess, at } from '../support/account.js';
import { merge, patron } from '../support/merging.js';
import { servicesOf } from '../support/services.js';

const policy = definePolicy({ currency: 'USD' });

it.each([
  ['all fees', 'BKX9|'],
  ['one fee', 'CGf1|BKX9|'],
])('a payment of %s is recorded once, although the accounts were separated since', async (_, more) => {
  const store = memoryEventStore({ now: () => at });
  const run = (patronId: string, command: Parameters<typeof execute>[3]) =>
    execute(store, policy, patron(patronId), command);
  const payments = async () => {
    const accounts = await Promise.all(['kept', 'old', 'older'].map((id) => loadAccount(store, patron(id))));
    return accounts.map(({ account }) => account.payments.map(({ amount }) => amount));
  };
  const { sip2 } = servicesOf(store, policy);
  const pays = (patronId: string) => sip2(feePaidMessage('5.00', more, { patron: patronId }));
  await run('kept', assess('f1', '5.00'));
  await mergeAccounts(store, policy, merge('old', 'kept'));
  await mergeAccounts(store, policy, merge('older', 'old'));
  expect(await pays('older')).toMatch(/^38Y/);
  await separateAccounts(store, policy, { from: patron('old'), mergeId: 'old>kept', at });
  await separateAccounts(store, policy, { from: patron('older'), mergeId: 'older>old', at });
  for (const patronId of ['old', 'older']) {
    await run(patronId, assess('f1', '9.00'));
    expect(await pays(patronId)).toMatch(/^38Y/);
  }
  expect(await payments()).toEqual([[500], [], []]);
  // Another transaction is another payment, and what was given back there can be posted here.
  expect(await sip2(feePaidMessage('5.00', more.replace('X9', 'X8'), { patron: 'old' }))).toMatch(/^38Y/);
  const { account } = await loadAccount(store, patron('kept'));
  const paymentId = account.payments[0]?.paymentId ?? '';
  await run('kept', { type: 'ReversePayment', id: 'r1', paymentId, at });
  expect(await pays('older')).toMatch(/^38Y/);
  expect(await payments()).toEqual([[500], [500], [500]]);
});
