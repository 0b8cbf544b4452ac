import { describe, expect, it } from 'vitest';
import { withUsers } from '../../../examples/servers/almaUsers.js';
import { type Person, people } from '../../../examples/servers/exampleAccounts.js';
import { sampleServer } from '../../support/sampleServer.js';
import { almaClient, charges, codesOf } from './almaClient.js';

const zoe: Person = { ...(people[0] as Person), lastName: 'O"<&Verma' };

/** Serves the user dverma, who owes 12.50, for the API key k. */
async function library() {
  const { handler: fees, account } = await almaClient(charges(['f1', '12.50']), {
    authorize: ({ apiKey }) => apiKey === 'k',
  });
  const handler = withUsers(fees, (id) => (id === 'dverma' ? zoe : undefined));
  const ask = async (path: string, method = 'GET', headers: Record<string, string> = {}) => {
    const address = `https://alma.example/almaws/v1/users/${path}`;
    const response = await handler(
      new Request(address, {
        method,
        headers: { authorization: 'apikey k', accept: 'application/json', ...headers },
      }),
    );
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, type: null, text, json: isJson ? JSON.parse(text) : undefined };
  };
  return { ask, account };
}

describe('a client with a login (VuFind, alma_rb)', () => {
  it('signs a user in with the password in the header or the address', async () => {
    const { ask } = await library();
    expect((await ask('dverma?op=auth', 'POST', { 'exl-user-pw': '1234' })).status).toBe(204);
    expect((await ask('dverma?op=auth&password=1234', 'POST')).status).toBe(204);
    for (const path of [
      'dverma?op=auth&password=1',
      'dverma?op=auth&password=',
      'dverma?op=auth',
      'nobody?op=auth&password=1234',
    ])
      expect((await ask(path, 'POST')).status).toBe(400);
    expect((await ask('dverma?op=auth', 'POST', { 'exl-user-pw': '1', authorization: '' })).status).toBe(400);
  });

  it('reads the user, with the sum of the fees if it asks for that', async () => {
    const { ask } = await library();
    expect((await ask('dverma?expand=loans,requests,fees')).json).toMatchObject({
      primary_id: 'dverma',
      first_name: 'Dev',
      user_group: { value: 'STUDENT' },
      fees: { value: 12.5 },
    });
    expect((await ask('dverma?view=full&expand=none')).json.fees).toBeUndefined();
    const { text } = await ask('dverma?expand=fees', 'GET', { accept: 'application/xml' });
    expect(text).toContain('<last_name>O&quot;&lt;&amp;Verma</last_name>');
    expect(text).toContain('<fees>12.5</fees>');
  });

  it('gets errors for a wrong key and an unknown user, and nothing for other requests', async () => {
    const { ask } = await library();
    expect(codesOf(await ask('%zz'))).toEqual(['INVALID_REQUEST']);
    expect(codesOf(await ask('dverma', 'GET', { authorization: 'apikey x' }))).toEqual(['UNAUTHORIZED']);
    expect(codesOf(await ask('nobody?expand=fees'))).toEqual(['401861']);
    expect((await ask('dverma?op=refresh', 'POST')).status).toBe(404);
    expect((await ask('dverma/loans')).status).toBe(404);
  });

  it('reads and pays fees as before', async () => {
    const { ask, account } = await library();
    expect((await ask('dverma/fees')).json.total_sum).toBe(12.5);
    const paid = await ask(
      'dverma/fees/f1?op=pay&amount=12.50&method=ONLINE&external_transaction_id=X9',
      'POST',
    );
    expect(paid.json.balance).toBe(0);
    expect((await account()).payments).toHaveLength(1);
  });
});

it('the sample server of Alma prints a key, and does nothing for others', async () => {
  const server = await sampleServer('alma', ':memory:');
  try {
    const address = /http:\S+/.exec(server.line)?.[0] as string;
    const [fees, key] = address.split('?apikey=') as [string, string];
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    expect((await fetch(address)).status).toBe(200);
    const pay = `${fees}/all?op=pay&amount=ALL&method=CASH`;
    for (const wrong of ['', '&apikey=', '&apikey=undefined', `&apikey=${key}x`]) {
      const refused = await fetch(pay + wrong, { method: 'POST' });
      expect([refused.status, (await refused.text()).includes('UNAUTHORIZED')]).toEqual([400, true]);
    }
    const libraries = { headers: { accept: 'application/json', authorization: `apikey ${key}` } };
    const { fee } = (await (await fetch(fees, libraries)).json()) as { fee: { owner: { desc: string } }[] };
    expect(new Set(fee.map(({ owner }) => owner.desc))).toContain('Main Library');
  } finally {
    await server.kill();
  }
});
