import type { StoreRow } from '../../history/codec.js';
import type { RunnerLock } from '../../history/follow.js';
import {
  assertDatabase,
  inTransaction,
  overwriteDeleted,
  type SqliteDatabase,
  withNamedErrors,
} from '../sqlite/sqliteDatabase.js';
import type { SqliteProjection } from '../sqlite/sqliteTransaction.js';
import { messagesFor, type Outbox, type OutboxOptions } from './outbox.js';

/** What an outbox in SQLite contains, and its lock. */
export type SqliteOutboxOptions = OutboxOptions & {
  /**
   * The lock that lets one relay at a time work, e.g. {@link sqlite.sqliteLock | sqliteLock}.
   *
   * @defaultValue several relays send the same events, each in the order of its account
   */
  readonly lock?: RunnerLock;
};

/**
 * Returns an outbox in an SQLite database, and creates its table. As an inline projection of
 * {@link sqlite.sqliteEventStore | sqliteEventStore} it writes the events of each append in the append's transaction.
 *
 * @param database - a connection to the database of the events, for the relay
 * @param options - the source; the types of events; whether they have their texts; a lock
 * @returns the outbox, an inline projection
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { sqliteOutbox } from 'patron-fees/feed';
 * import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const outbox = sqliteOutbox(database, { source: '/fees', types: ['FeeDisputed'] });
 * const store = sqliteEventStore(database, { inline: [outbox] });
 * const event = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' } } as const;
 * await store.append({ institution: 'north', patronId: 'p1' }, [event], { expectedVersion: 0 });
 * (await outbox.waiting(100)).map(({ event: { id } }) => id); //=> ['north/p1/1']
 * ```
 */
export function sqliteOutbox(
  database: SqliteDatabase,
  { lock, ...options }: SqliteOutboxOptions,
): Outbox & SqliteProjection {
  assertDatabase(database);
  const messagesOf = messagesFor(options);
  const { oldest, remove } = withNamedErrors(() => {
    database.exec('pragma busy_timeout = 5000');
    // The relay may have a connection of its own, which removes messages with texts.
    overwriteDeleted(database);
    database.exec(
      'create table if not exists patron_fees_outbox (position integer primary key autoincrement, message text not null)',
    );
    return {
      oldest: database.prepare('select position, message from patron_fees_outbox order by position limit ?'),
      remove: database.prepare('delete from patron_fees_outbox where position = ?'),
    };
  });
  return {
    name: 'outbox',
    apply: (events, connection) => {
      const messages = messagesOf(events);
      if (messages.length === 0) return;
      const insert = connection.prepare('insert into patron_fees_outbox (message) values (?)');
      for (const message of messages) insert.run(message);
    },
    waiting: async (limit) =>
      withNamedErrors(() =>
        (oldest.all(limit) as StoreRow[]).map(({ position, message }) => ({
          position: String(position),
          event: JSON.parse(String(message)),
        })),
      ),
    remove: async (sent) =>
      withNamedErrors(() =>
        inTransaction(database, () => {
          for (const { position } of sent) remove.run(Number(position));
        }),
      ),
    ...(lock && { lock }),
  };
}
