import { describe, expect, it } from 'vitest';
import { folioClient, userId } from './folioClient.js';
import { isAccountRecord, isErrors } from './folioSchemas.js';

describe('POST accounts', () => {
  async function charging(options = {}) {
    const client = await folioClient([], options);
    const [{ id: feeFineId }] = (await client.send('feefines?query=feeFineType=="Locker key"')).json.feefines;
    const [{ id: ownerId } = { id: '' }] = (await client.send('owners')).json.owners;
    const base = { userId, feeFineId, ownerId, amount: 8.5, remaining: 8.5, status: { name: 'Open' } };
    return { ...client, charge: (fields = {}) => client.post('accounts', { ...base, ...fields }) };
  }

  it('charges a fee with its id, and takes the charge that is posted after it as recorded', async () => {
    const { charge, post, account, send } = await charging();
    const id = '0e1a1a3f-5f6c-4b52-9c63-3a3ad2d9a001';
    const { status, json, headers } = await charge({ id, title: 'Momo', loanId: '0' });
    expect([status, isAccountRecord(json), json.id, headers.get('location')]).toEqual([
      201,
      true,
      id,
      `/accounts/${id}`,
    ]);
    const action = { accountId: id, userId, typeAction: 'Locker key', amountAction: 8.5, balance: 8.5 };
    expect((await post('feefineactions', action)).status).toBe(201);
    expect((await post('feefineactions', { ...action, typeAction: 'Paid fully' })).status).toBe(422);
    expect((await post('feefineactions', { ...action, accountId: userId })).status).toBe(422);
    expect((await charge({ id })).status).toBe(422);
    expect((await account()).fees).toMatchObject([
      { feeId: id, original: 850, item: { title: 'Momo' }, loanId: null },
    ]);
    expect((await send(`accounts/${id}`)).json).toEqual(json);
  });

  it.each([
    ['no patron', { userId: undefined }, 422],
    ['an unknown patron', { userId: 'x' }, 404],
    ['an unknown type', { feeFineId: userId }, 422],
    ['an unknown owner', { ownerId: userId }, 422],
    ['no amount', { amount: 0, remaining: 0 }, 422],
    ['a fee that is paid in part', { remaining: 3 }, 422],
    ['an id that is no UUID', { id: 'f1' }, 422],
  ])('refuses %s', async (_name, fields, status) => {
    const { charge, account } = await charging();
    const { status: given, json } = await charge(fields);
    expect([given, given === 404 || isErrors(json)]).toEqual([status, true]);
    expect((await account()).eventCount).toBe(0);
  });

  it('takes the name of the owner for a code, if libraries are not listed', async () => {
    const listed = await charging({ libraries: ['MAIN'] });
    const [{ id: ownerId }] = (await listed.send('owners')).json.owners;
    const { charge } = await charging({ libraries: null });
    expect((await charge({ ownerId, feeFineOwner: 'MAIN' })).status).toBe(201);
    expect((await charge({ ownerId, feeFineOwner: 'MUS' })).status).toBe(422);
  });
});
