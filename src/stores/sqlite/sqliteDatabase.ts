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
  /** Returns the first row; undefined if there is none. */
  get(...values: (string | number)[]): unknown;
  /** Returns all rows. */
  all(...values: (string | number)[]): unknown[];
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
