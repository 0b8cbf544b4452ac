import { streamKey } from '../../history/eventStore.js';
import type { KeyStore } from './keyStore.js';

/**
 * Creates a key store in memory: for tests, and as the reference for other adapters.
 *
 * @returns an empty key store
 *
 * @example
 * ```ts
 * import { memoryKeys } from 'patron-fees/keys';
 *
 * const keys = memoryKeys();
 * const account = { institution: 'north', patronId: 'p1' };
 * await keys.replace(account, null, 'a key'); //=> true
 * await keys.replace(account, null, 'another'); //=> false
 * await keys.read([account, { ...account, patronId: 'p2' }]); //=> ['a key', null]
 * ```
 */
export function memoryKeys(): KeyStore {
  const texts = new Map<string, string>();
  return {
    read: async (accounts) => accounts.map((account) => texts.get(streamKey(account)) ?? null),
    replace: async (account, before, after) => {
      const name = streamKey(account);
      if ((texts.get(name) ?? null) !== before) return false;
      if (after === null) texts.delete(name);
      else texts.set(name, after);
      return true;
    },
  };
}
