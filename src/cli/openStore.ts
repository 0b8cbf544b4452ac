import { statSync } from 'node:fs';
import type { EventStore } from 'patron-fees/history';
import type { OfficeStore } from 'patron-fees/office';
import { driver, openPool, openSqlite } from './databases.js';
import { assertKeysGiven, inlineOf, keyedStore } from './storeParts.js';
import { CliError, sentenceOf } from './terminal.js';

/** An open store, and how it is closed. */
export type OpenedStore<Store = EventStore> = {
  readonly store: Store;
  readonly close: () => Promise<void>;
};

/** Returns whether a text is the address of a store: `sqlite:FILE`, `postgres:URL` or `nats:URL`. */
export function isStoreAddress(text: string): boolean {
  return /^(sqlite|postgres|postgresql|nats):./.test(text);
}

/** Removes the password or the token from an address, so that it can be printed. */
export function withoutPassword(address: string): string {
  const shown = address
    .replace(/(:\/\/[^:/?]*):.*@/, '$1:***@')
    .replace(/([?&](?:ssl)?password=)[^&]*/gi, '$1***');
  // NATS takes a user name without a password as a token.
  return shown.replace(/^(nats:(?:nats:)?\/\/)[^:/?@]+@/, '$1***@');
}

/**
 * Opens a store by its address: `sqlite:FILE`, `postgres:URL`, or `nats:URL`, whose path is the name of the stream.
 *
 * @param create - whether what the store needs is created if it is missing: the file, its tables, the stream
 * @param keys - the store of the keys of its texts: `sqlite:FILE` or `postgres:URL`; texts are read as they are stored
 * if it is left out
 * @throws {@link CliError} if there is no such file, or a driver is not installed
 */
export function openStore(address: string, create = false, keys?: string): Promise<OpenedStore> {
  return open(address, { create, keys });
}

/**
 * Opens a store as {@link openStore} does, to append to it: with what belongs to it.
 *
 * @throws {@link CliError} too if it has a part that only the programs of a service have, or keys that are not given
 */
export function openToAppend(address: string, create: boolean, keys?: string): Promise<OpenedStore> {
  return open(address, { create, keys, appends: true });
}

/** How a store is opened. */
type Opening = {
  readonly create: boolean;
  readonly keys?: string | undefined;
  /** Whether events are appended to it. */
  readonly appends?: true;
  /** The codec of events of another kind than those of accounts. */
  readonly codec?: unknown;
};

/** Opens the store of an office, whose events are those of tills, receipts, seals and policies. */
export async function openOffice(address: string): Promise<OpenedStore<OfficeStore>> {
  return openedOffice(address, { create: false });
}

/**
 * Opens the store of an office to append to it; what it needs is created if it is missing.
 *
 * @throws {@link CliError} too if it has events of another kind
 */
export async function openOfficeToAppend(address: string): Promise<OpenedStore<OfficeStore>> {
  const opened = await openedOffice(address, { create: true, appends: true });
  try {
    await opened.store.readAll({ limit: 1 });
    return opened;
  } catch (error) {
    await opened.close();
    throw new CliError(`${withoutPassword(address)}: expected the store of an office: ${sentenceOf(error)}`);
  }
}

async function openedOffice(address: string, how: Opening): Promise<OpenedStore<OfficeStore>> {
  const { officeEvents } = await import('patron-fees/office');
  return (await open(address, { ...how, codec: officeEvents })) as unknown as OpenedStore<OfficeStore>;
}

async function open(address: string, how: Opening): Promise<OpenedStore> {
  let opened: OpenedStore | undefined;
  try {
    opened = await openByScheme(address, how);
    if (how.keys !== undefined) opened = await withKeys(opened, how.keys);
    // What is wrong with it is found now, not in the middle of the work.
    await opened.store.readAll({ limit: 1, onUnreadable: 'list' });
    return opened;
  } catch (error) {
    await opened?.close();
    if (error instanceof CliError) throw error;
    throw new CliError(`${withoutPassword(address)}: ${reasonOf(error)}`);
  }
}

async function withKeys({ store, close }: OpenedStore, keys: string): Promise<OpenedStore> {
  try {
    const keyed = await keyedStore(store, keys, withoutPassword(keys));
    return {
      store: keyed.store,
      close: async () => {
        await keyed.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Messages of clients and servers that do not say what to do, and what does. */
const remedies = [
  [/client password must be a string/, 'the server asks for a password.'],
  [/^stream not found/, 'there is no such stream: run migrate first.'],
  [/^replicas > 1 not supported/, 'a single server needs ?replicas=1 at the end of the address.'],
] as const;

function reasonOf(error: unknown): string {
  const sentence = sentenceOf(error);
  const remedy = remedies.find(([message]) => message.test(sentence));
  if (remedy !== undefined) return remedy[1];
  const isUnreachable = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|^connection refused/;
  return isUnreachable.test(sentence) ? `the server cannot be reached: ${sentence}` : sentence;
}

async function openByScheme(address: string, how: Opening): Promise<OpenedStore> {
  const [, scheme, place = ''] = /^(\w+):(.+)$/.exec(address) ?? [];
  switch (scheme) {
    case 'sqlite':
      return sqlite(place, how);
    case 'postgres':
    case 'postgresql':
      return postgres(place.startsWith('//') ? address : place, how);
    case 'nats':
      return nats(place.startsWith('//') ? address : place, how);
    default:
      throw new CliError(
        `${withoutPassword(address)}: expected a store: sqlite:FILE, postgres:URL or nats:URL.`,
      );
  }
}

async function sqlite(file: string, { create, keys, appends, codec }: Opening): Promise<OpenedStore> {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (!create && size === undefined) throw new CliError(`${file}: there is no such file.`);
  // SQLite takes an empty file for a database, and writes to it.
  if (!create && size === 0) throw new CliError(`${file} is empty, not a database.`);
  const { inlineAccounts, migrate, partsOf, sqliteEventStore } = await import('patron-fees/sqlite');
  const database = await openSqlite(file);
  try {
    if (create) migrate(database);
    const noted = appends ? partsOf(database) : [];
    assertKeysGiven(noted, keys);
    const own = { inline: inlineOf(noted, inlineAccounts), ...(codec !== undefined && { codec }) };
    return { store: sqliteEventStore(database, own), close: async () => void database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function postgres(url: string, { create, keys, appends, codec }: Opening): Promise<OpenedStore> {
  const { inlineAccounts, migrate, partsOf, postgresEventStore } = await import('patron-fees/postgres');
  const pool = await openPool(url);
  try {
    if (create) await migrate(pool);
    const noted = appends ? await partsOf(pool) : [];
    assertKeysGiven(noted, keys);
    const own = { inline: inlineOf(noted, inlineAccounts), ...(codec !== undefined && { codec }) };
    return { store: postgresEventStore(pool, own), close: () => pool.end() };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function nats(url: string, { create, keys, appends, codec }: Opening): Promise<OpenedStore> {
  const packages = '@nats-io/transport-node @nats-io/jetstream';
  type Transport = typeof import('@nats-io/transport-node');
  const { connect } = await driver<Transport>('@nats-io/transport-node', 'NATS', packages);
  type JetStream = typeof import('@nats-io/jetstream');
  const { jetstreamManager } = await driver<JetStream>('@nats-io/jetstream', 'NATS', packages);
  const { createNatsStream, natsEventStore, partsOf } = await import('patron-fees/nats');
  // A cluster has several hosts with ports, and a URL of the standard has one.
  const [, login = '', hosts = '', path = ''] = /^(nats:\/\/(?:.*@)?)([^/?]*)(.*)$/.exec(url) ?? [];
  const { pathname, username, password, searchParams } = new URL(`${login}host${path}`);
  const user = decodeURIComponent(username);
  const connection = await connect({
    servers: hosts.split(','),
    timeout: 10_000,
    ...(user !== '' && (password === '' ? { token: user } : { user, pass: decodeURIComponent(password) })),
  });
  try {
    const manager = await jetstreamManager(connection);
    const own: object = codec === undefined ? {} : { codec };
    const stream = decodeURIComponent(pathname.slice(1)) || 'FEES';
    const replicas = Number(searchParams.get('replicas') ?? 3);
    if (create) await createNatsStream(manager, { stream, replicas });
    assertKeysGiven(appends ? await partsOf(manager, stream) : [], keys);
    return {
      store: natsEventStore({ connection, manager, stream, ...own }),
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
