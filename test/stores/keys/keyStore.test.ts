import { describe, expect, it } from 'vitest';
import { memoryKeys } from '../../../src/stores/keys/index.js';
import {
  accountKeys,
  currentKey,
  keyFor,
  keyOfOne,
  newKey,
  secretOf,
} from '../../../src/stores/keys/keyStore.js';
import { keyStoreCases } from '../../support/keyStoreCases.js';

const account = { institution: 'north', patronId: 'p1' };
const key = { id: 'k', secret: Buffer.alloc(32, 7).toString('base64url') };

describe('the secret of an event', () => {
  it('differs from event to event, and never changes', () => {
    const secrets = [1, 2, 12].map((version) => secretOf(key, version).toString('hex'));
    expect(new Set(secrets).size).toBe(3);
    // Stored events are encrypted with it: HMAC-SHA256 of "1", by openssl.
    expect(secrets[0]).toBe('886687e2952ade5e3e6190102d261699072cd6c05d53cccefd8e407da124b70d');
  });

  it('is the only content of a key for one event', () => {
    const one = keyOfOne(key, 3);
    expect(secretOf(one, 3)).toEqual(secretOf(key, 3));
    expect(one.secret).not.toBe(key.secret);
    expect([keyFor([one], 'k', 3), keyFor([one], 'k', 4), keyFor([one], 'other', 3)]).toEqual([
      one,
      undefined,
      undefined,
    ]);
    expect(currentKey([one])).toBeUndefined();
    expect(currentKey([key, one])).toBe(key);
  });
});

describe('the keys of an account', () => {
  it('are unwrapped once until they change, for a limited number of accounts', async () => {
    const unwrapped: string[] = [];
    const keys = memoryKeys();
    const master = {
      wrap: (text: string) => `wrapped ${text}`,
      unwrap: (text: string, { patronId }: { patronId: string }) => {
        unwrapped.push(patronId);
        return text.slice('wrapped '.length);
      },
    };
    const writer = accountKeys({ keys, master });
    const reader = accountKeys({ keys, master });
    const accounts = Array.from({ length: 1_001 }, (_, index) => ({
      institution: 'n',
      patronId: `p${index}`,
    }));
    for (const each of accounts) await writer.change(each, () => [newKey()]);
    unwrapped.length = 0;
    for (const _ of [1, 2]) await reader.of(accounts[0] as typeof account);
    expect(unwrapped).toEqual(['p0']);
    await writer.change(accounts[0] as typeof account, (found) => [...found, newKey()]);
    expect(await reader.of(accounts[0] as typeof account)).toHaveLength(2);
    unwrapped.length = 0;
    await reader.ofEach(accounts);
    await reader.ofEach(accounts.slice(-1_000));
    expect(unwrapped).toHaveLength(1_000);
    await reader.of(accounts[0] as typeof account);
    expect(unwrapped).toHaveLength(1_001);
  });

  it.each(['', '{}', '[{"id":1}]', '[null]', '[{"id":"k","secret":"s","version":"1"}]'])(
    'that are %j are refused with the name of the account',
    async (text) => {
      const keys = memoryKeys();
      await keys.replace(account, null, text);
      await expect(accountKeys({ keys }).of(account)).rejects.toMatchObject({
        code: 'CORRUPT_HISTORY',
        details: { stream: 'north/p1' },
      });
    },
  );

  it('that cannot be unwrapped reject with the error of the master key: it may be unavailable for a while', async () => {
    const keys = memoryKeys();
    await keys.replace(account, null, 'wrapped');
    const unwrap = () => Promise.reject(new Error('no answer from the key service'));
    const found = accountKeys({ keys, master: { wrap: String, unwrap } }).of(account);
    await expect(found).rejects.toThrow('no answer');
  });
});

keyStoreCases(async () => {
  const keys = memoryKeys();
  return [keys, keys];
});
