import type { RunnerLock } from '../../history/runnerLock.js';
import { assertDatabase, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import { isLocked } from './sweep.js';

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
