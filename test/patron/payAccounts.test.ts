import { describe, expect, it } from 'vitest';
import { execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { type Command, definePolicy } from '../../src/index.js';
import { payHousehold } from '../../src/patron/index.js';
import { ask, assess, at, pay } from '../support/account.js';
import { institution, patron } from '../support/merging.js';

const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
const patronIds = ['mother', 'child'];
const payment = {
  institution,
  patronIds,
  id: 'p1',
  amount: '8.00',
  method: 'ONLINE',
  externalTransactionId: 'x1',
  at,
};
const posted = { method: 'ONLINE', externalTransactionId: 'x1' } as const;

/** The accounts of a mother who owes 5.00 and a child who owes 4.00, after more commands to the child. */
async function family(...more: Command[]) {
  const store = memoryEventStore({ now: () => at });
  await execute(store, policy, patron('mother'), assess('m', '5.00'));
  await execute(store, policy, patron('child'), [assess('c', '4.00'), ...more]);
  const recorded = async () => {
    const accounts = await Promise.all(patronIds.map((id) => loadAccount(store, patron(id))));
    return accounts.flatMap(({ account }) => account.payments.map(({ amount }) => amount));
  };
  return { recorded, pay: (more: object) => payHousehold(store, policy, { ...payment, ...more }), store };
}

describe('payAccounts', () => {
  it('refuses a payment under another id that may include a recorded part', async () => {
    const { pay: send, recorded } = await family(pay('other', '4.00', { ...posted, feeIds: ['c'] }));
    expect(await send({})).toMatchObject({
      accepted: false,
      rejection: { type: 'TransactionAmbiguous', recordedAmount: '4.00', amount: '8.00' },
      parts: [],
    });
    expect(await recorded()).toEqual([400]);
  });

  it('records an amount below the parts under other ids, as the rest', async () => {
    const { pay: send, recorded } = await family(pay('other', '4.00', { ...posted, feeIds: ['c'] }));
    expect(await send({ amount: '3.00' })).toMatchObject({ accepted: true });
    expect(await recorded()).toEqual([300, 400]);
  });

  it('recognises a payment of one account that names no fee, and refuses another amount', async () => {
    const { pay: send, recorded } = await family(pay('other', '8.00', posted));
    expect(await send({})).toEqual({ accepted: true, parts: [{ patronId: 'child', amount: '8.00' }] });
    expect(await send({ amount: '3.00' })).toMatchObject({
      rejection: { type: 'ExternalTransactionAlreadyUsed', recordedAmount: '8.00', amount: '3.00' },
    });
    expect(await recorded()).toEqual([800]);
  });

  it('refuses the whole again under another id after one part was reversed', async () => {
    const { pay: send, recorded, store } = await family();
    await send({});
    await execute(store, policy, patron('child'), ask('ReversePayment', 'r1', { paymentId: 'p1' }));
    expect(await send({ id: 'p2' })).toMatchObject({
      rejection: { type: 'ExternalTransactionAlreadyUsed', reversed: true },
    });
    expect(await send({})).toMatchObject({ accepted: true });
    expect(await recorded()).toEqual([500, 300]);
  });

  it('records only as much of a household payment as the total of its transaction allows', async () => {
    const { pay: send, recorded } = await family(pay('other', '4.00', { ...posted, feeIds: ['c'] }));
    const whole = { externalTransactionTotal: '8.00' };
    expect(await send(whole)).toEqual({ accepted: true, parts: [{ patronId: 'mother', amount: '4.00' }] });
    for (const id of ['p1', 'p2']) expect(await send({ ...whole, id })).toMatchObject({ accepted: true });
    expect(await recorded()).toEqual([400, 400]);
    expect(await send({ id: 'p3', externalTransactionTotal: '7.00' })).toMatchObject({ accepted: false });
    await expect(send({ externalTransactionTotal: '8.001' })).rejects.toThrow('externalTransactionTotal');
  });

  it('records the rest beside a part of the same fee and amount', async () => {
    const { pay: send, recorded, store } = await family();
    await execute(store, policy, patron('child'), assess('c2', '9.00'));
    for (const id of ['c', 'c2'])
      await execute(store, policy, patron('child'), pay(`p-${id}`, '4.00', { ...posted, feeIds: [id] }));
    await execute(store, policy, patron('mother'), pay('p-m', '5.00'));
    expect(await send({ amount: '4.00' })).toMatchObject({ accepted: true, parts: [{ amount: '4.00' }] });
    expect(await recorded()).toEqual([500, 400, 400, 400]);
  });
});
