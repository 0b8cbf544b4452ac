import type { PostgresProjection } from '../postgres/appendTo.js';
import { advisoryLock } from '../postgres/dedicatedConnection.js';
import {
  assertQueryable,
  errorCodeOf,
  ownSession,
  type Queryable,
  retryTransient,
} from '../postgres/session.js';
import { messagesFor, type Outbox, type OutboxOptions } from './outbox.js';

const TABLE = `
  create table if not exists patron_fees_outbox (
    position bigint generated always as identity primary key, message text not null
  )`;

/** Two programs created the table at once: `duplicate_table`, `duplicate_object`, `unique_violation`. */
const RACES: ReadonlySet<unknown> = new Set(['42P07', '42710', '23505']);

const INSERT = `
  insert into patron_fees_outbox (message)
  select message from json_array_elements_text($1::json) with ordinality as given (message, place) order by place`;

const OLDEST = 'select position::text as place, message from patron_fees_outbox order by position limit $1';

const REMOVE = `
  delete from patron_fees_outbox
  where position in (select position::bigint from json_array_elements_text($1::json) as sent (position))`;

/**
 * Returns an outbox in PostgreSQL, and creates its table. As an inline projection of
 * {@link postgres.postgresEventStore | postgresEventStore} it writes the events of each append in the append's
 * transaction. An advisory lock lets one relay at a time work, in all processes; it keeps one connection of the pool,
 * so `max` must be at least 2 where a relay runs, and 3 if the relay has the `watch` of a store on this pool.
 *
 * @param database - a `Pool` of pg, or PGlite
 * @param options - the source; the types of events; whether they have their texts
 * @returns the outbox, an inline projection
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid; errors of the
 * driver
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { postgresOutbox } from 'patron-fees/feed';
 * import { migrate, postgresEventStore } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * await migrate(database);
 * const outbox = await postgresOutbox(database, { source: '/fees', types: ['FeeDisputed'] });
 * const store = postgresEventStore(database, { inline: [outbox] });
 * const event = { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' } } as const;
 * await store.append({ institution: 'north', patronId: 'p1' }, [event], { expectedVersion: 0 });
 * (await outbox.waiting(100)).map(({ event: { id } }) => id); //=> ['north/p1/1']
 * await database.close();
 * ```
 */
export async function postgresOutbox(
  database: Queryable,
  options: OutboxOptions,
): Promise<Outbox & PostgresProjection> {
  assertQueryable(database);
  const messagesOf = messagesFor(options);
  const { rows } = ownSession(database, { namedStatements: false });
  await retryTransient(
    () => rows(TABLE),
    (error) => RACES.has(errorCodeOf(error)),
  );
  const insert = async (messages: readonly string[], transaction: Queryable) => {
    if (messages.length > 0) await transaction.query(INSERT, [JSON.stringify(messages)]);
  };
  return {
    name: 'outbox',
    apply: (events, transaction) => insert(messagesOf(events), transaction),
    applyMany: (appends, transaction) => insert(appends.flatMap(messagesOf), transaction),
    waiting: async (limit) =>
      (await rows(OLDEST, [limit])).map(({ place, message }) => ({
        position: String(place),
        event: JSON.parse(String(message)),
      })),
    remove: async (sent) => {
      await rows(REMOVE, [JSON.stringify(sent.map(({ position }) => position))]);
    },
    lock: advisoryLock(database, 'patron_fees_outbox'),
  };
}
