import { describe, expect, it } from 'vitest';
import { charges, folioClient, userId } from './folioClient.js';

const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

describe('who asks', () => {
  const login = { username: 'vufind', password: 's' };
  const given = {
    login: ({ password }: { password: string }) =>
      password === 's' ? { accessToken: 'T', expiresIn: 600 } : undefined,
  };

  it('gives a client a token in a header or as a cookie, and knows the client by it', async () => {
    const { post, send } = await folioClient(twoFees, {
      ...given,
      authorize: ({ token, apiKey }) => token === 'T' || apiKey === 'K',
    });
    const { status, headers, json } = await post('authn/login', login);
    expect([status, headers.get('x-okapi-token'), json]).toEqual([201, 'T', { okapiToken: 'T' }]);
    const { headers: more, json: expiry } = await post('authn/login-with-expiry', login);
    expect([more.get('set-cookie')?.slice(0, 19), expiry]).toEqual([
      'folioAccessToken=T;',
      { accessTokenExpiration: '2026-03-02T09:10:00.000Z' },
    ]);
    expect((await post('authn/login', { ...login, password: 'x' })).status).toBe(422);
    expect((await post('authn/login', {})).status).toBe(422);
    const statusWith = async (init: Record<string, string>, path = 'owners') =>
      (await send(path, { headers: init })).status;
    expect(await statusWith({ 'x-okapi-token': 'T' })).toBe(200);
    expect(await statusWith({ cookie: 'a=b; folioAccessToken=T' })).toBe(200);
    expect(await statusWith({}, 'owners?apikey=K')).toBe(200);
    expect([await statusWith({}), await statusWith({ 'x-okapi-token': 'U' })]).toEqual([401, 401]);
  });

  it('gives no tokens without the hook', async () => {
    const { post } = await folioClient([]);
    expect((await post('authn/login', login)).status).toBe(404);
  });
});

it('GET patron/account sums what is owed, as edge-patron', async () => {
  const item = { title: 'Momo' };
  const { send } = await folioClient([
    ...charges(['f1', '0.10']),
    { ...charges(['f2', '0.20'])[0], item } as never,
  ]);
  const money = (amount: number) => ({ amount, isoCurrencyCode: 'USD' });
  const { json } = await send(`patron/account/${userId}?includeCharges=true&includeLoans=true`);
  expect(json).toMatchObject({
    id: userId,
    totalCharges: money(0.3),
    totalChargesCount: 2,
    totalLoans: 0,
    holds: [],
    loans: [],
  });
  expect(json.charges).toMatchObject([
    { chargeAmount: money(0.1), reason: 'Overdue fine', state: 'Outstanding' },
    { chargeAmount: money(0.2), item: { title: 'Momo' } },
  ]);
  expect((await send(`patron/account/${userId}`)).json.charges).toEqual([]);
  expect((await send('patron/account/x')).status).toBe(404);
});
