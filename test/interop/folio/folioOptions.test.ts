import { describe, expect, it } from 'vitest';
import { folioClient, userId } from './folioClient.js';

it.each([
  ['a method', { methods: { Shells: 'SHELLS' } }],
  ['a reason', { reasons: { Why: 'NONE' } }],
  ['an option', { port: 9130 }],
])('throws for %s that does not exist', async (_name, wrong) => {
  await expect(folioClient([], wrong as never)).rejects.toThrow('INVALID_ARGUMENT');
});

describe('tables', () => {
  it.each([
    ['owners', 'owners', 1],
    ['feefines', 'feefines', 16],
    ['payments', 'payments', 5],
    ['waives', 'waivers', 5],
    ['transfers', 'transfers', 1],
    ['refunds', 'refunds', 0],
    [`manualblocks?query=userId==${userId}`, 'manualblocks', 0],
  ])('%s come from the policy', async (path, name, count) => {
    const { send } = await folioClient([]);
    const { status, json } = await send(`${path}${path.includes('?') ? '&' : '?'}limit=1000`);
    expect([status, json.totalRecords, json[name].length]).toEqual([200, count, count]);
  });
});

it('tells the hooks the tenant, and answers 500 without a text if one fails', async () => {
  const tenants: unknown[] = [];
  const { send, errors } = await folioClient([], {
    authorize: ({ tenant }) => {
      tenants.push(tenant);
      throw new Error('secret');
    },
  });
  const { status, text } = await send('owners', { headers: { 'x-okapi-tenant': 'test_north' } });
  expect([status, text.includes('secret'), errors.length, tenants]).toEqual([500, false, 1, ['test_north']]);
});
