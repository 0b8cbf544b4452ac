// The drivers of databases: whichever the user has installed.
import type { SqliteDatabase } from 'patron-fees/sqlite';
import { CliError } from './terminal.js';

/** Opens a file of SQLite by the driver that is there. */
export async function openSqlite(file: string) {
  const Database = await sqliteDriver();
  return new Database(file);
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
  throw new CliError('SQLite needs a driver: npm install libsql, or use Node 22.13 or later.');
}

/** Returns a pool of connections to a server. */
export async function openPool(url: string) {
  const { default: pg } = await driver<typeof import('pg')>('pg', 'PostgreSQL', 'pg');
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000 });
  // Of an idle connection; the next query rejects too.
  pool.on('error', () => {});
  return pool;
}

/** Loads an optional driver. */
export async function driver<Module>(name: string, database: string, packages: string): Promise<Module> {
  try {
    return await import(/* @vite-ignore */ name);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND' && !/Cannot find/.test(String(error)))
      throw error;
    throw new CliError(`${database} needs a driver: npm install ${packages}`);
  }
}
