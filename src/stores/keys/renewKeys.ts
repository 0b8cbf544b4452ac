import * as v from 'valibot';
import type { StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { checkedKeyOptions } from './keyedEventStore.js';
import { accountKeys, type KeyOptions, newKey } from './keyStore.js';

/** Which keys to renew. */
export type RenewOptions = KeyOptions & {
  /**
   * - `master`: wraps the keys of all accounts under the newest master key. Afterwards the earlier master keys can be
   *   destroyed, if every process wrapped under the newest one before the call began.
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
 * Renews the keys of all accounts of a key store: even of accounts without a stored event. May run while the keys are
 * in use, and again if it ended early.
 *
 * @param options - the store of the keys, the master key, what to renew
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid; errors of the
 * stores and of the master key
 *
 * @example
 * ```ts
 * import { memoryKeys, renewKeys } from 'patron-fees/keys';
 *
 * const keys = memoryKeys(); // those of a keyedEventStore
 * await renewKeys({ keys, renew: 'accounts' });
 * ```
 */
export async function renewKeys(options: RenewOptions): Promise<void> {
  const { renew, onAccount, ...given } = options ?? ({} as RenewOptions);
  checkedArgument(v.picklist(['master', 'accounts'], "'master' or 'accounts'"), renew, 'options.renew');
  const checked = checkedKeyOptions(given);
  const accounts = accountKeys(checked);
  for (let after: StreamId | undefined; ; ) {
    const page = await checked.keys.accounts(after);
    const last = page.at(-1);
    if (last === undefined) return;
    for (const account of page) {
      if (renew === 'master') await accounts.rewrap(account);
      else await accounts.change(account, (keys) => (keys.length === 0 ? keys : [...keys, newKey()]));
      onAccount?.(account);
    }
    after = last;
  }
}
