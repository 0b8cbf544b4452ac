import { expect, it } from 'vitest';
import { folioClient } from './folioClient.js';

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
