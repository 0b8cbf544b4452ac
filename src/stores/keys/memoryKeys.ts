import { type StreamId, streamKey } from '../../history/eventStore.js';
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
  const known = new Map<string, { readonly account: StreamId; readonly text: string }>();
  return {
    read: async (accounts) => accounts.map((account) => known.get(streamKey(account))?.text ?? null),
    replace: async (account, before, after) => {
      const name = streamKey(account);
      if ((known.get(name)?.text ?? null) !== before) return false;
      if (after === null) known.delete(name);
      else known.set(name, { account, text: after });
      return true;
    },
    accounts: async (after) => {
      const last = after === undefined ? '' : streamKey(after);
      const names = [...known.keys()].filter((name) => name > last).sort();
      return names.flatMap((name) => known.get(name)?.account ?? []);
    },
  };
}
