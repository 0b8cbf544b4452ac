import { PatronFeesError } from '../../errors.js';

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
  run(...values: (string | number | null)[]): unknown;
  /** Returns the first row; undefined if there is none. */
  get(...values: (string | number | null)[]): unknown;
  /** Returns all rows. */
  all(...values: (string | number | null)[]): unknown[];
};

/**
 * Runs a task in a transaction that has the write lock from its start, so that nothing changes between its reads and
 * writes. Rolls back if the task throws.
 */
export function inTransaction<Result>(database: SqliteDatabase, task: () => Result): Result {
  database.exec('begin immediate');
  try {
    const result = task();
    database.exec('commit');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
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

/** The drivers name this property differently, so it is asked by beginning a transaction, which fails within one. */
function assertInTransaction(database: SqliteDatabase): void {
  try {
    database.exec('begin');
  } catch (error) {
    if (/within a transaction/.test(String(error))) return;
    throw error;
  }
  database.exec('rollback');
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    'within: expected a connection in an open transaction, found one without; begin the transaction first',
  );
}

/**
 * Makes this connection overwrite deleted data with zeros. It must be set before the first write: otherwise a row that
 * moves to another page leaves its text behind, where no later statement reaches it.
 */
export function overwriteDeleted(database: SqliteDatabase): void {
  database.exec('pragma secure_delete = on');
}

/**
 * Writes the write-ahead log to the file and empties it.
 *
 * @returns false if another connection is reading, so that the log was not emptied
 */
export function emptyLog(database: SqliteDatabase): boolean {
  const row = database.prepare('pragma wal_checkpoint(truncate)').get() as { readonly busy: unknown };
  return Number(row.busy) === 0;
}

/** Rolls back, unless SQLite has already done so, for example on a full disk. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('rollback');
  } catch {
    // The caller throws the original error.
  }
}
