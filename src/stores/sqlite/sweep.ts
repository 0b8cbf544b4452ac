import type { Swept } from '../../history/redaction.js';
import { type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';

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
export function isLocked(error: unknown): boolean {
  const { code, errcode } = Object(error) as Readonly<Record<string, unknown>>;
  return code === 'SQLITE_LOCKED' || code === 'SQLITE_BUSY' || errcode === 5 || errcode === 6;
}
