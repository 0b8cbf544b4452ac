import type { StreamId } from '../../history/eventStore.js';
import type { Swept } from '../../history/redaction.js';

/**
 * Stores the keys of accounts: the port of {@link keyedEventStore}. The keys of an account are one text, which
 * the store keeps without reading it.
 *
 * Keep it apart from backups of the events: old backups of both together show what was erased since.
 */
export type KeyStore = {
  /** Returns the keys of accounts, in their order; null for an account without keys. */
  readonly read: (accounts: readonly StreamId[]) => Promise<readonly (string | null)[]>;
  /**
   * Replaces the keys of an account if they still are `before`, in one step; null means no keys. Returns whether it
   * did. Once it resolves with true, the new keys must survive a power failure, because an event may be stored with
   * them next.
   */
  readonly replace: (account: StreamId, before: string | null, after: string | null) => Promise<boolean>;
  /**
   * Lists the accounts that have keys, in an order of the store's own: some of those after an account, from the first
   * one if it is left out. None means that there are no more. The account itself may have lost its keys meanwhile.
   */
  readonly accounts: (after?: StreamId) => Promise<readonly StreamId[]>;
  /**
   * Overwrites keys that were replaced in the store's own files, as far as it can.
   *
   * @defaultValue nothing of them is left
   */
  readonly sweep?: () => Promise<Swept>;
};

/**
 * Wraps the keys of accounts under a master key, such as one in a key management service, so that the key store alone
 * cannot read a text. Its errors are passed on, even by `readAll` with `onUnreadable: 'list'`: only a missing key means
 * that a text was erased, not a service that is down. So name the account in the error.
 */
export type MasterKey = {
  /** Encrypts the keys of an account under the newest master key. */
  readonly wrap: (keys: string, account: StreamId) => string | Promise<string>;
  /** Decrypts the keys of an account, under the master key that encrypted them. */
  readonly unwrap: (wrapped: string, account: StreamId) => string | Promise<string>;
};

/** Where the keys of accounts are, and what protects them. */
export type KeyOptions = {
  /** The store of the keys. */
  readonly keys: KeyStore;
  /**
   * The master key that wraps them.
   *
   * @defaultValue the key store has them as they are
   */
  readonly master?: MasterKey;
};
