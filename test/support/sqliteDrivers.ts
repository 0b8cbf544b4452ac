import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqliteDatabase } from '../../src/stores/sqlite/index.js';
import { installCommand, type Program, programPath } from './programs.js';

/** An open database that can be closed. */
export type OpenDatabase = SqliteDatabase & { readonly close: () => unknown };

/** A driver: opens a file. */
export type SqliteDriver = {
  readonly name: string;
  readonly open: (file: string) => OpenDatabase;
  /** The programs that its tests need and that may be missing in npm. */
  readonly programs: readonly Program[];
};

type Opens = new (file: string) => OpenDatabase;

const load = createRequire(import.meta.url);

/** libsql, which runs on every Node. */
export const libsql: SqliteDriver = driver('libsql', load('libsql'));

/** The drivers that this Node can load: the binary of better-sqlite3 is for the Node that it was installed with. */
export const sqliteDrivers: readonly SqliteDriver[] = [libsql, ...betterSqlite3(), ...nodeSqlite()];

function driver(name: string, Database: Opens, programs: readonly Program[] = []): SqliteDriver {
  return { name, open: (file) => new Database(file), programs };
}

function betterSqlite3(): readonly SqliteDriver[] {
  const name = 'better-sqlite3';
  const needed = [name] as const;
  if (programPath(name) === undefined) {
    const open = () => {
      throw new Error(`${name} is missing: ${installCommand(needed)}`);
    };
    return [{ name, open, programs: needed }];
  }
  const better = driver(name, load(name), needed);
  try {
    better.open(':memory:').close();
  } catch (error) {
    if (/NODE_MODULE_VERSION/.test(String(error))) return [];
    throw error;
  }
  return [better];
}

function nodeSqlite(): readonly SqliteDriver[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const there = major > 22 || (major === 22 && minor >= 13);
  return there ? [driver('node:sqlite', load('node:sqlite').DatabaseSync)] : [];
}

/** Returns a file in a temporary folder, and a function that removes both. */
export function temporaryFile(): { readonly file: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-sqlite-'));
  return {
    file: join(folder, 'fees.db'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
