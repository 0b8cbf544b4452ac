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
 */
export function withNamedErrors<Result>(task: () => Result): Result {
  try {
    return task();
  } catch (error) {
    throw named(error);
  }
}

function named(error: unknown): unknown {
  const { code, errcode, message } = Object(error) as Readonly<Record<string, unknown>>;
  // The lowest byte of an extended code is the primary code.
  const name = typeof errcode === 'number' ? NAMES[errcode & 0xff] : undefined;
  if (code !== 'ERR_SQLITE_ERROR' || name === undefined) return error;
  return Object.assign(new Error(String(message), { cause: error }), { code: name, errcode });
}
