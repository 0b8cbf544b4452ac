import { statSync } from 'node:fs';
import type { EventStore } from 'patron-fees/history';
import type { OfficeStore } from 'patron-fees/institution';
import type { SqliteDatabase } from 'patron-fees/sqlite';
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
 * @throws {@link CliError} if there is no such file, or a driver is not installed
 */
export function openStore(address: string, create = false): Promise<OpenedStore> {
  return open(address, create, {});
}

/** Opens the store of an office, whose events are those of tills, receipts, seals and policies. */
export async function openOffice(address: string): Promise<OpenedStore<OfficeStore>> {
  const { officeEvents } = await import('patron-fees/institution');
  return (await open(address, false, { codec: officeEvents })) as unknown as OpenedStore<OfficeStore>;
}

async function open(address: string, create: boolean, own: object): Promise<OpenedStore> {
  let opened: OpenedStore | undefined;
  try {
    opened = await openByScheme(address, create, own);
    // What is wrong with it is found now, not in the middle of the work.
    await opened.store.readAll({ limit: 1, onUnreadable: 'list' });
    return opened;
  } catch (error) {
    await opened?.close();
    if (error instanceof CliError) throw error;
    throw new CliError(`${withoutPassword(address)}: ${reasonOf(error)}`);
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

async function openByScheme(address: string, create: boolean, own: object): Promise<OpenedStore> {
  const [, scheme, place = ''] = /^(\w+):(.+)$/.exec(address) ?? [];
  switch (scheme) {
    case 'sqlite':
      return sqlite(place, create, own);
    case 'postgres':
    case 'postgresql':
      return postgres(place.startsWith('//') ? address : place, create, own);
    case 'nats':
      return nats(place.startsWith('//') ? address : place, create, own);
    default:
      throw new CliError(
        `${withoutPassword(address)}: expected a store: sqlite:FILE, postgres:URL or nats:URL.`,
      );
  }
}

async function sqlite(file: string, create: boolean, own: object): Promise<OpenedStore> {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (!create && size === undefined) throw new CliError(`${file}: there is no such file.`);
  // SQLite takes an empty file for a database, and writes to it.
  if (!create && size === 0) throw new CliError(`${file} is empty, not a database.`);
  const { migrate, sqliteEventStore } = await import('patron-fees/sqlite');
  const Database = await sqliteDriver();
  const database = new Database(file);
  if (create) migrate(database);
  return {
    store: sqliteEventStore(database, own),
    close: async () => void database.close(),
  };
}

type OpensFile = new (file: string) => SqliteDatabase & { readonly close: () => unknown };

/** The drivers in the order in which they are tried: the one that the user installed, then Node's own. */
async function sqliteDriver(): Promise<OpensFile> {
  for (const name of ['better-sqlite3', 'libsql', 'node:sqlite']) {
    try {
      const driver = await import(/* @vite-ignore */ name);
      const Database: OpensFile = driver.DatabaseSync ?? driver.default;
      // A binary for another version of Node fails only now.
      new Database(':memory:').close();
      return Database;
    } catch {
      // The next one.
    }
  }
  throw new CliError('SQLite needs a driver: npm install better-sqlite3, or use Node 22.13 or later.');
}

async function postgres(url: string, create: boolean, own: object): Promise<OpenedStore> {
  const { default: pg } = await driver<typeof import('pg')>('pg', 'PostgreSQL', 'pg');
  const { migrate, postgresEventStore } = await import('patron-fees/postgres');
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000 });
  // Of an idle connection; the next query rejects too.
  pool.on('error', () => {});
  try {
    if (create) await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { store: postgresEventStore(pool, own), close: () => pool.end() };
}

async function nats(url: string, create: boolean, own: object): Promise<OpenedStore> {
  const packages = '@nats-io/transport-node @nats-io/jetstream';
  type Transport = typeof import('@nats-io/transport-node');
  const { connect } = await driver<Transport>('@nats-io/transport-node', 'NATS', packages);
  type JetStream = typeof import('@nats-io/jetstream');
  const { jetstreamManager } = await driver<JetStream>('@nats-io/jetstream', 'NATS', packages);
  const { createNatsStream, natsEventStore } = await import('patron-fees/nats');
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
    const stream = decodeURIComponent(pathname.slice(1)) || 'FEES';
    const replicas = Number(searchParams.get('replicas') ?? 3);
    if (create) await createNatsStream(manager, { stream, replicas });
    return {
      store: natsEventStore({ connection, manager, stream, ...own }),
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Loads an optional driver. */
async function driver<Module>(name: string, database: string, packages: string): Promise<Module> {
  try {
    return await import(/* @vite-ignore */ name);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND' && !/Cannot find/.test(String(error)))
      throw error;
    throw new CliError(`${database} needs a driver: npm install ${packages}`);
  }
}
