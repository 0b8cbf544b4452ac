/**
 * What is needed of an open database: libsql, better-sqlite3 and Node's `DatabaseSync` have it. They are told by their
 * shape, so that nobody needs the types of a driver that they do not use.
 */
export type SqliteDatabase = {
  /** Runs statements without values. */
  readonly exec: (sql: string) => unknown;
  /** Prepares a statement. */
  readonly prepare: (sql: string) => SqliteStatement;
};

/**
 * A prepared statement. Its functions are written as methods, which are compared less strictly: drivers' types narrow the
 * values in ways of their own.
 */
export type SqliteStatement = {
  /** Runs it for what it changes. */
  run(...values: (string | number)[]): unknown;
  /** Gives its first row; undefined where there is none. */
  get(...values: (string | number)[]): unknown;
  /** Gives all of its rows. */
  all(...values: (string | number)[]): unknown[];
};

/**
 * Runs a task in a transaction that holds the write lock from its beginning, so that what it reads is still so when it
 * writes. Nothing of it stays when it throws.
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
 * Overwrites what is deleted with zeros, on this connection. It has to be so from the first write on: a row that moves to
 * another page leaves its text behind otherwise, where no later statement reaches it.
 */
export function overwriteDeleted(database: SqliteDatabase): void {
  database.exec('pragma secure_delete = on');
}

/**
 * Writes the write-ahead log to the file and empties it.
 *
 * @returns false when another connection reads, and so the log stays as it is
 */
export function emptyLog(database: SqliteDatabase): boolean {
  const row = database.prepare('pragma wal_checkpoint(truncate)').get() as { readonly busy: unknown };
  return Number(row.busy) === 0;
}

/** SQLite may have rolled back by itself, on a full disk for one; then there is nothing left to roll back. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('rollback');
  } catch {
    // The error that led here says what happened.
  }
}
