import { statSync } from 'node:fs';
import type { EventStore } from 'patron-fees/history';
import type { KeyStore } from 'patron-fees/keys';
import { openPool, openSqlite } from './databases.js';
import { CliError } from './terminal.js';

/**
 * Returns the inline projections that a command must apply when it appends to a store.
 *
 * @param noted - what the database notes of its parts
 * @param accounts - keeps the table of accounts: the only projection that every program has
 * @throws {@link CliError} if the store has another one: only the programs of the service have its source and options
 */
export function inlineOf<Projection>(noted: readonly string[], accounts: Projection): readonly Projection[] {
  const others = noted.filter((name) => name !== 'accounts' && name !== 'keys');
  if (others.length > 0)
    throw new CliError(
      `each append also goes to ${others.join(' and ')}, which only the programs of your service can write: append by one of them.`,
    );
  return noted.includes('accounts') ? [accounts] : [];
}

/** Throws if texts would be stored in clear beside encrypted ones. */
export function assertKeysGiven(noted: readonly string[], keys: string | undefined): void {
  if (noted.includes('keys') && keys === undefined)
    throw new CliError('its texts are encrypted under keys: --keys says where the keys are.');
}

/** A store that encrypts its texts, and how its keys are closed. */
type Keyed = { readonly store: EventStore; readonly close: () => Promise<void> };

/**
 * Returns a store over another one that reads and appends texts under keys.
 *
 * @param address - the store of the keys, `sqlite:FILE` or `postgres:URL`, which must exist
 * @param shown - the address without its password
 * @throws {@link CliError} if it cannot be opened, or if its keys are wrapped by a key service
 */
export async function keyedStore(store: EventStore, address: string, shown: string): Promise<Keyed> {
  const { keyedEventStore } = await import('patron-fees/keys');
  const { keys, close } = await openKeys(address, shown);
  try {
    const [account] = await keys.accounts();
    const [text] = account === undefined ? [] : await keys.read([account]);
    if (typeof text === 'string' && !text.startsWith('['))
      throw new CliError(
        `${shown}: the keys are wrapped by a key service, which this command does not have: use a program of your own.`,
      );
    return { store: keyedEventStore(store, { keys }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openKeys(
  address: string,
  shown: string,
): Promise<{ keys: KeyStore; close: () => Promise<void> }> {
  const { postgresKeys, sqliteKeys } = await import('patron-fees/keys');
  const [, scheme, place = ''] = /^(\w+):(.+)$/.exec(address) ?? [];
  if (scheme === 'sqlite') {
    if (!((statSync(place, { throwIfNoEntry: false })?.size ?? 0) > 0))
      throw new CliError(`${place}: there are no keys in this file.`);
    const database = await openSqlite(place);
    return { keys: sqliteKeys(database), close: async () => void database.close() };
  }
  if (scheme !== 'postgres' && scheme !== 'postgresql')
    throw new CliError(`${shown}: expected a store of keys: sqlite:FILE or postgres:URL.`);
  const pool = await openPool(place.startsWith('//') ? address : place);
  try {
    return { keys: await postgresKeys(pool), close: () => pool.end() };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
