import { PatronFeesError } from '../../errors.js';
import type { RunnerLock } from '../../history/follow.js';
import type { Swept } from '../../history/redaction.js';
import { assertMethods } from '../../input/methods.js';
import { notMigrated } from '../notMigrated.js';

/**
 * The part of an open database that the store uses: libsql, better-sqlite3, or Node's `DatabaseSync`. It is a
 * structural type, so that no driver's types are needed.
 */
export type SqliteDatabase = {
  /** Runs statements without values. */
  readonly exec: (sql: string) => unknown;
  /** Prepares a statement. */
  readonly prepare: (sql: string) => SqliteStatement;
};

/**
 * A prepared statement. Its functions are methods, which TypeScript compares less strictly, because drivers narrow the
 * types of values differently.
 */
export type SqliteStatement = {
  /** Runs the statement. */
  run(...values: (string | number)[]): unknown;
  /** Returns the first row; undefined without rows. */
  get(...values: (string | number)[]): unknown;
  /** Returns all rows. */
  all(...values: (string | number)[]): unknown[];
};

/**
 * Throws unless an argument is an open database.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function assertDatabase(database: SqliteDatabase, name = 'database'): void {
  assertMethods(
    database,
    ['exec', 'prepare'],
    name,
    'an open database of libsql, better-sqlite3 or node:sqlite',
  );
}

/**
 * Runs a task in a transaction that has the write lock from its start, so that nothing changes between its reads and
 * writes. Rolls back if the task throws.
 */
export function inTransaction<Result>(database: SqliteDatabase, task: () => Result): Result {
  const { begin, commit } = statementsOf(database);
  begin.run();
  try {
    const result = task();
    commit.run();
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** The statements that a connection keeps prepared, by their text. */
const kept = /* @__PURE__ */ new WeakMap<SqliteDatabase, Map<string, SqliteStatement>>();

/** The texts of a query for accounts depend on its conditions and on its limit. */
const KEPT_MAX = 100;

/** Returns a statement, prepared once for its connection: preparing a query takes longer than running it. */
export function keptStatement(database: SqliteDatabase, text: string): SqliteStatement {
  const statements = kept.get(database) ?? new Map<string, SqliteStatement>();
  kept.set(database, statements);
  const known = statements.get(text);
  if (known !== undefined) return known;
  const statement = database.prepare(text);
  if (statements.size >= KEPT_MAX) statements.clear();
  statements.set(text, statement);
  return statement;
}

/** The statements around the tasks of a connection. */
const statements = /* @__PURE__ */ new WeakMap<
  SqliteDatabase,
  Readonly<Record<'begin' | 'commit', SqliteStatement>>
>();

/** Returns the prepared statements of a connection: every append runs them, and preparing takes longer than running. */
function statementsOf(database: SqliteDatabase) {
  const known = statements.get(database);
  if (known !== undefined) return known;
  const prepared = { begin: database.prepare('begin immediate'), commit: database.prepare('commit') };
  statements.set(database, prepared);
  return prepared;
}

/**
 * Runs a task within a transaction that the caller has begun. If the task throws, the transaction is as it was before.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if there is no open transaction
 */
export function inSavepoint<Result>(database: SqliteDatabase, task: () => Result): Result {
  assertInTransaction(database);
  database.exec('savepoint patron_fees');
  try {
    const result = task();
    database.exec('release patron_fees');
    return result;
  } catch (error) {
    try {
      database.exec('rollback to patron_fees');
      database.exec('release patron_fees');
    } catch {
      // SQLite has rolled back the whole transaction, for example on a full disk.
    }
    throw error;
  }
}

function assertInTransaction(database: SqliteDatabase): void {
  if (isInTransaction(database)) return;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    'within: expected a connection in an open transaction, found one without; begin the transaction first',
  );
}

/**
 * Throws if a transaction is no longer open. SQLite rolls it back by itself on a full disk, for example; after code that
 * caught this error, every statement would be a transaction of its own.
 */
export function assertStillOpen(database: SqliteDatabase): void {
  if (isInTransaction(database)) return;
  throw Object.assign(
    new Error('SQLite has rolled the transaction back, and its error was caught: nothing of it is stored'),
    { code: ROLLED_BACK },
  );
}

/** Returns whether an error is that of {@link assertStillOpen}. */
export function isRolledBack(error: unknown): boolean {
  return Object(error).code === ROLLED_BACK;
}

const ROLLED_BACK = 'SQLITE_ABORT_ROLLBACK';

function isInTransaction(database: SqliteDatabase): boolean {
  // libsql and better-sqlite3 name the property so, node:sqlite otherwise.
  const { inTransaction: first, isTransaction: second } = database as {
    readonly inTransaction?: unknown;
    readonly isTransaction?: unknown;
  };
  if (typeof first === 'boolean') return first;
  if (typeof second === 'boolean') return second;
  // Older drivers have none: to begin a transaction fails within one.
  try {
    database.exec('begin');
  } catch (error) {
    if (/within a transaction/.test(String(error))) return true;
    throw error;
  }
  database.exec('rollback');
  return false;
}

/**
 * Makes this connection overwrite deleted data with zeros. It must be set before the first write: otherwise a row that
 * moves to another page leaves its text behind, where no later statement reaches it.
 */
export function overwriteDeleted(database: SqliteDatabase): void {
  database.exec('pragma secure_delete = on');
}

/** Rolls back, unless SQLite has already done so, for example on a full disk. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('rollback');
  } catch {
    // The caller throws the original error.
  }
}

/** The names of SQLite's result codes. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  2: 'SQLITE_INTERNAL',
  3: 'SQLITE_PERM',
  4: 'SQLITE_ABORT',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  9: 'SQLITE_INTERRUPT',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  12: 'SQLITE_NOTFOUND',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  17: 'SQLITE_SCHEMA',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  21: 'SQLITE_MISUSE',
  22: 'SQLITE_NOLFS',
  23: 'SQLITE_AUTH',
  25: 'SQLITE_RANGE',
  26: 'SQLITE_NOTADB',
};

/**
 * Runs a task, and gives errors of `node:sqlite` the same `code` as errors of libsql and better-sqlite3, such as
 * `SQLITE_BUSY`: Node's own code is the same for all errors. The driver's error is the `cause`.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the tables are missing
 */
export function withNamedErrors<Result>(task: () => Result): Result {
  try {
    return task();
  } catch (error) {
    throw named(error);
  }
}

const NOT_MIGRATED =
  /no such table: (\w+\.)?patron_fees_|no such column: (is_left_by_purge|part_names)|patron_fees_\w+ has no column/;

function named(error: unknown): unknown {
  const { code, errcode, message } = Object(error) as Readonly<Record<string, unknown>>;
  if (NOT_MIGRATED.test(String(message))) return notMigrated(message);
  // The lowest byte of an extended code is the primary code.
  const name = typeof errcode === 'number' ? NAMES[errcode & 0xff] : undefined;
  if (code !== 'ERR_SQLITE_ERROR' || name === undefined) return error;
  return Object.assign(new Error(String(message), { cause: error }), { code: name, errcode });
}

/** The pauses between the attempts to empty the log: others hold their locks briefly, except during a long read. */
const PAUSES_MS = [5, 10, 20, 40, 80, 160];

/** Empties the write-ahead log, with a few attempts. */
export async function sweep(database: SqliteDatabase): Promise<Swept> {
  for (const pauseMs of PAUSES_MS) {
    if (emptyLog(database)) return {};
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return emptyLog(database) ? {} : { remaining: 'reader' };
}

/**
 * Writes the write-ahead log to the file and empties it, if it can be done at once: while SQLite waits for readers, it
 * blocks this process and the writers of all others.
 *
 * @returns false if another connection is reading or writing, or this one has an open transaction: the log is not empty
 */
function emptyLog(database: SqliteDatabase): boolean {
  return withNamedErrors(() => {
    const { timeout } = database.prepare('pragma busy_timeout').get() as { readonly timeout: unknown };
    database.exec('pragma busy_timeout = 0');
    try {
      const row = database.prepare('pragma wal_checkpoint(truncate)').get() as { readonly busy: unknown };
      return Number(row.busy) === 0;
    } catch (error) {
      if (isLocked(error)) return false;
      throw error;
    } finally {
      database.exec(`pragma busy_timeout = ${Number(timeout)}`);
    }
  });
}

/** Returns whether SQLite refused a statement because of another connection's lock, or of its own transaction. */
function isLocked(error: unknown): boolean {
  const { code, errcode } = Object(error) as Readonly<Record<string, unknown>>;
  return code === 'SQLITE_LOCKED' || code === 'SQLITE_BUSY' || errcode === 5 || errcode === 6;
}

/**
 * Returns a lock that one runner at a time holds, in all processes of a machine: an open transaction on a database file
 * that is used for nothing else. It ends with the process.
 *
 * @param database - a connection of its own, to a file of its own
 * @returns the lock, for {@link history.FollowedProjection} and the outbox of {@link feed.relay | relay}
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { sqliteLock } from 'patron-fees/sqlite';
 *
 * const lock = sqliteLock(new Database(':memory:')); // a file, such as relay.lock
 * const held = await lock.tryAcquire();
 * held?.isHeld(); //=> true
 * await held?.release();
 * ```
 */
export function sqliteLock(database: SqliteDatabase): RunnerLock {
  assertDatabase(database);
  let isHeld = false;
  return {
    tryAcquire: async () =>
      withNamedErrors(() => {
        if (isHeld) return undefined;
        try {
          database.exec('pragma busy_timeout = 0');
          database.exec('begin exclusive');
        } catch (error) {
          if (isLocked(error)) return undefined;
          throw error;
        }
        isHeld = true;
        return {
          isHeld: () => isHeld,
          release: async () => {
            if (isHeld) database.exec('rollback');
            isHeld = false;
          },
        };
      }),
  };
}
