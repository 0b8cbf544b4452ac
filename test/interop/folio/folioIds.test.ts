import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { folioId, uuidBytes, uuidV5 } from '../../../src/interop/folio/folioIds.js';
import { tried } from '../../support/seeded.js';
import { charges, folioClient, policy, userId } from './folioClient.js';
import { isActions } from './folioSchemas.js';

const DNS = uuidBytes('6ba7b810-9dad-11d1-80b4-00c04fd430c8');

it('a computed UUID equals the example of RFC 9562', () => {
  expect(uuidV5('www.example.com', DNS)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

it('a computed UUID is the SHA-1 of the namespace and the name, whatever their length (property)', () => {
  const cases = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.nat(130).map((length) => 'x'.repeat(length)),
  );
  fc.assert(
    fc.property(cases, (name) => {
      const hash = createHash('sha1').update(DNS).update(name).digest('hex');
      const id = uuidV5(name, DNS).replaceAll('-', '');
      // All but the bits of the version and the variant.
      expect([id.slice(0, 12), id.slice(13, 16), id.slice(18)]).toEqual([
        hash.slice(0, 12),
        hash.slice(13, 16),
        hash.slice(18, 32),
      ]);
      expect(id).toMatch(/^.{12}5.{3}[89ab]/);
    }),
    tried(300),
  );
});

it('keeps UUIDs, even those of an import from FOLIO, and gives equal ids of two patrons different UUIDs', () => {
  const uuid = '6f36265e-722a-490a-b436-806e63af2ea7';
  expect([folioId('account', uuid), folioId('account', `folio/${uuid.toUpperCase()}`)]).toEqual([uuid, uuid]);
  const ids = [folioId('account', 'f1', 'p1'), folioId('account', 'f1', 'p2'), folioId('user', 'f1', 'p1')];
  expect(new Set(ids).size).toBe(3);
  // Ids that clients keep: these never change.
  expect(ids[0]).toBe('32a9c6ca-2c71-569e-8ead-372a89efcb3a');
});

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
