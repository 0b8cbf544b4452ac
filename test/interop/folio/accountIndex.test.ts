import { expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { charges, folioClient, policy, userId } from './folioClient.js';
import { isActions } from './folioSchemas.js';

const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

it('returns all patrons of the hook if the query names none', async () => {
  const client = await folioClient(twoFees, {
    patron: ({ identifier }) => (identifier === 'secret' ? undefined : { patronId: identifier }),
  });
  const ofOther = (patronId: string) =>
    execute(client.store, policy, { institution: 'NORTH', patronId }, charges(['g1', '1.00']));
  await ofOther('p2');
  await ofOther('secret');
  const { json } = await client.find('accounts', 'remaining > 0.0', '&limit=10000');
  expect([
    json.totalRecords,
    new Set(json.accounts.map(({ userId: id }: { userId: string }) => id)).size,
  ]).toEqual([3, 2]);
  const actions = await client.find('feefineactions', 'cql.allRecords=1');
  expect([isActions(actions.json), actions.json.totalRecords]).toEqual([true, 3]);
});

it('keeps the ids of accounts that were imported from FOLIO', async () => {
  const { ids } = await folioClient(charges([`folio/${userId}`, '1.00']));
  expect(await ids()).toEqual([userId]);
});
