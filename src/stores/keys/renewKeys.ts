import * as v from 'valibot';
import { assertStore, type EventStore, type StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { omitUndefined } from '../../input/plainObject.js';
import { accountKeys, newKey } from './accountKeys.js';
import { checkedKeyOptions } from './keyedEventStore.js';
import type { KeyOptions } from './keyStore.js';

/** Which keys to renew. */
export type RenewOptions = KeyOptions & {
  /**
   * - `master`: wraps the keys of all accounts under the newest master key. Afterwards the ones before can be destroyed.
   * - `accounts`: gives each account that has a key a new one, for new events. Old events stay readable.
   */
  readonly renew: 'master' | 'accounts';
  /**
   * Called after each account.
   *
   * @defaultValue no progress is reported
   */
  readonly onAccount?: (account: StreamId) => void;
};

/**
 * Renews the keys of all accounts of a store. May run while the store is in use, and again if it ended early.
 *
 * @param store - the store of the events, which lists the accounts
 * @param options - the store of the keys, the master key, what to renew
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid; errors of the stores
 * and of the master key
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { keyedEventStore, memoryKeys, renewKeys } from 'patron-fees/keys';
 *
 * const keys = memoryKeys();
 * const store = keyedEventStore(memoryEventStore({ now: () => '2026-03-02T09:00:00Z' }), { keys });
 * await renewKeys(store, { keys, renew: 'accounts' });
 * ```
 */
export async function renewKeys(store: EventStore, options: RenewOptions): Promise<void> {
  assertStore(store, 'append');
  const { renew, onAccount, ...given } = options;
  checkedArgument(v.picklist(['master', 'accounts'], "'master' or 'accounts'"), renew, 'options.renew');
  const accounts = accountKeys(checkedKeyOptions(given));
  for (let after: string | undefined; ; ) {
    const page = await store.accounts({ ...omitUndefined({ after }), limit: 1_000 });
    if (page.accounts.length === 0) return;
    for (const account of page.accounts) {
      if (renew === 'master') await accounts.rewrap(account);
      else await accounts.change(account, (keys) => (keys.length === 0 ? keys : [...keys, newKey()]));
      onAccount?.(account);
    }
    after = page.cursor;
  }
}
