import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
  const binary = programPath(name);
  if (binary === undefined) {
    const open = () => {
      throw new Error(`${name} is missing: ${installCommand(needed)}`);
    };
    return [{ name, open, programs: needed }];
  }
  return isForAnotherNode(binary) ? [] : [driver(name, load(name), needed)];
}

/**
 * Read from the binary and not from the error of loading it: only the first load in a process says that the version is
 * another one, and the command line may have tried it before.
 */
function isForAnotherNode(binary: string): boolean {
  const [, modules = process.versions.modules] =
    /node_register_module_v(\d+)/.exec(readFileSync(binary, 'latin1')) ?? [];
  return modules !== process.versions.modules;
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
