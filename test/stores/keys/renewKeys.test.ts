import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import {
  type KeyStore,
  keyedEventStore,
  type MasterKey,
  memoryKeys,
  renewKeys,
} from '../../../src/stores/keys/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { tickingStore } from '../../support/stores.js';

const accounts = ['p1', 'p2', 'p3'].map((patronId) => ({ institution: 'north', patronId }));
const [first] = accounts as [(typeof accounts)[0], ...typeof accounts];

/** A key service with several master keys, of which the last one wraps. */
function keyService() {
  const masters = new Map<string, Buffer>();
  const master: MasterKey = {
    wrap: async (text, { institution, patronId }) => {
      const [name, secret] = [...masters].at(-1) as [string, Buffer];
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(
        Buffer.from(`${institution} ${patronId}`),
      );
      const parts = [nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()];
      return `${name}:${Buffer.concat(parts).toString('base64')}`;
    },
    unwrap: async (wrapped, { institution, patronId }) => {
      const [name = '', text = ''] = wrapped.split(':');
      const secret = masters.get(name);
      if (secret === undefined) throw new Error(`no master key ${name}`);
      const bytes = Buffer.from(text, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, 12))
        .setAAD(Buffer.from(`${institution} ${patronId}`))
        .setAuthTag(bytes.subarray(-16));
      return `${decipher.update(bytes.subarray(12, -16), undefined, 'utf8')}${decipher.final('utf8')}`;
    },
  };
  return { masters, master };
}

async function filled(keys: KeyStore, master?: MasterKey) {
  const behind = tickingStore();
  const options = { keys, ...(master && { master }) };
  const open = () => keyedEventStore(behind, options);
  for (const account of accounts.slice(0, 2))
    await open().append(account, [assessedFee('f1', { comment: 'old' })], { expectedVersion: 0 });
  await open().append(accounts[2] as typeof first, [assessedFee('f1')], { expectedVersion: 0 });
  const comments = async () => (await open().readAll()).events.map(({ event }) => event.data.comment);
  return { behind, open, options, comments };
}

it('gives accounts with a key another one for new events, and the old ones stay readable', async () => {
  const keys = memoryKeys();
  const { behind, open, options, comments } = await filled(keys);
  const seen: string[] = [];
  await renewKeys({
    ...options,
    renew: 'accounts',
    onAccount: ({ patronId }) => seen.push(patronId),
  });
  expect(seen).toEqual(['p1', 'p2']);
  expect((await keys.read(accounts)).map((text) => text && JSON.parse(text).length)).toEqual([2, 2, null]);
  await open().append(first, [assessedFee('f2', { comment: 'new' })], { expectedVersion: 1 });
  const [one, two] = (await behind.read(first)).events.map(
    ({ event }) => event.metadata?.sealed?.split('.')[0],
  );
  expect(one).not.toBe(two);
  expect(await comments()).toEqual(['old', 'old', undefined, 'new']);
  await open().redact(first);
  expect(await comments()).toEqual([undefined, 'old', undefined, undefined]);
});

it('wraps all keys under a new master key, and the one before is not needed any more', async () => {
  const { masters, master } = keyService();
  masters.set('2026', randomBytes(32));
  const keys = memoryKeys();
  const { open, options, comments } = await filled(keys, master);
  const before = await keys.read(accounts);
  expect(before.join()).not.toMatch(/secret/);
  masters.set('2027', randomBytes(32));
  await open().append(first, [assessedFee('f2', { comment: 'new' })], { expectedVersion: 1 });
  await renewKeys({ ...options, renew: 'master' });
  masters.delete('2026');
  expect((await keys.read(accounts)).map((text) => text?.slice(0, 5))).toEqual(['2027:', '2027:', undefined]);
  expect(await comments()).toEqual(['old', 'old', undefined, 'new']);
  // What remains of a key in an old backup of the key store is useless.
  await keys.replace(first, (await keys.read([first]))[0] ?? null, before[0] ?? null);
  await expect(comments()).rejects.toThrow('no master key 2026');
});

it('renews keys of accounts that no store lists: their first append failed, or is not visible yet', async () => {
  const { masters, master } = keyService();
  masters.set('2026', randomBytes(32));
  const keys = memoryKeys();
  const { behind, open, options, comments } = await filled(keys, master);
  const unlisted = { institution: 'north', patronId: 'unlisted' };
  vi.spyOn(behind, 'append').mockRejectedValueOnce(new Error('connection lost'));
  const events = [assessedFee('f1', { comment: 'late' })];
  await expect(open().append(unlisted, events, { expectedVersion: 0 })).rejects.toThrow('connection lost');
  masters.set('2027', randomBytes(32));
  await renewKeys({ ...options, renew: 'master' });
  masters.delete('2026');
  await open().append(unlisted, events, { expectedVersion: 0 });
  expect(await comments()).toEqual(['old', 'old', undefined, 'late']);
});

it('goes on if others change keys meanwhile', async () => {
  const keys = memoryKeys();
  let isFirst = true;
  const { open, options } = await filled({
    ...keys,
    replace: async (account, before, after) => {
      if (before !== null && isFirst) {
        isFirst = false;
        await open().redact(account);
      }
      return keys.replace(account, before, after);
    },
  });
  await renewKeys({ ...options, renew: 'accounts' });
  expect((await keys.read(accounts)).map((text) => text && JSON.parse(text).length)).toEqual([null, 2, null]);
});

it.each([{}, { renew: 'all' }, { renew: 'master', keys: 1 }])('refuses the options %j', async (options) => {
  const given = { keys: memoryKeys(), ...options } as never;
  await expect(renewKeys(given)).rejects.toThrow('INVALID_ARGUMENT');
});
