// What a database notes of its parts, in PostgreSQL.
import { namesIn, partsToNote, withoutPart } from '../parts.js';
import { assertQueryable, ownSession, type Queryable, type Session } from './session.js';

/** Another program may note a part at the same time: then it changes nothing. */
const NOTE = 'update patron_fees_schema set part_names = $2 where part_names = $1 returning 1';

/**
 * Notes the parts of a store after an append that stored nothing. Returns whether it is to be tried again, because they
 * were not noted before.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `STORE_INCOMPLETE` if the store lacks one
 */
export async function noteParts({ rows }: Session, noted: string, own: string): Promise<boolean> {
  const added = partsToNote(noted, own);
  if (added === undefined) return false;
  await rows(NOTE, [noted, added]);
  return true;
}

async function notedBy({ rows }: Session): Promise<string> {
  return String((await rows('select part_names from patron_fees_schema'))[0]?.part_names);
}

/**
 * Returns what a database notes as its own: the names of the inline projections of its stores, such as `accounts` and
 * `outbox`, and `keys` if its texts are under keys. A store without one of them cannot append.
 *
 * @param database - a connection to the database, after {@link migrate}
 * @returns the names, in order
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { inlineAccounts, migrate, partsOf, postgresEventStore } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * await migrate(database);
 * const store = postgresEventStore(database, { inline: [inlineAccounts] });
 * const data = { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' };
 * const event = { type: 'FeeDisputed', data } as const;
 * const stream = { institution: 'north', patronId: 'p1' };
 * await store.append(stream, [event], { expectedVersion: 0 });
 * await partsOf(database); //=> ['accounts']
 *
 * await postgresEventStore(database).append(stream, [event], { expectedVersion: 1 }); //=> throws STORE_INCOMPLETE
 * await database.close();
 * ```
 */
export async function partsOf(database: Queryable): Promise<readonly string[]> {
  assertQueryable(database);
  return namesIn(await notedBy(ownSession(database, { namedStatements: false })));
}

/**
 * Makes a database forget a part, so that stores without it can append. Call this once no program has the projection
 * in `inline` any more, or a {@link keys.keyedEventStore | keyedEventStore} over this database. A program that still
 * has it notes it again.
 *
 * @param database - a connection to the database, after {@link migrate}
 * @param name - the name, as {@link partsOf} returns it
 * @returns whether the database had noted it
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { forgetPart, migrate } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * await migrate(database);
 * await forgetPart(database, 'outbox'); //=> false
 * await database.close();
 * ```
 */
export async function forgetPart(database: Queryable, name: string): Promise<boolean> {
  assertQueryable(database);
  const session = ownSession(database, { namedStatements: false });
  for (;;) {
    const noted = await notedBy(session);
    const left = withoutPart(noted, name);
    if (left === undefined) return false;
    if ((await session.rows(NOTE, [noted, left])).length > 0) return true;
  }
}
