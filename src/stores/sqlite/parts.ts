// What a database notes of its parts, in SQLite.
import type { StoreRow } from '../../history/codec.js';
import { namesIn, partsToNote, withoutPart } from '../parts.js';
import {
  assertDatabase,
  inTransaction,
  keptStatement,
  type SqliteDatabase,
  withNamedErrors,
} from './sqliteDatabase.js';

const READ = 'select part_names from patron_fees_schema';

function notedIn(database: SqliteDatabase): unknown {
  return (keptStatement(database, READ).get() as StoreRow | undefined)?.part_names;
}

function note(database: SqliteDatabase, names: string): void {
  database.prepare('update patron_fees_schema set part_names = ?').run(names);
}

/**
 * Notes the parts of a store, within the transaction of its append.
 *
 * @param noted - what the database notes
 * @throws {@link index.PatronFeesError | PatronFeesError} `STORE_INCOMPLETE` if the store lacks one
 */
export function assertParts(database: SqliteDatabase, own: string, noted: unknown): void {
  const added = partsToNote(noted, own);
  if (added !== undefined) note(database, added);
}

/**
 * Returns what a database notes as its own: the names of the inline projections of its stores, such as `accounts` and
 * `outbox`, and `keys` if its texts are under keys. A store without one of them cannot append.
 *
 * @param database - an open database, after {@link migrate}
 * @returns the names, in order
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { inlineAccounts, migrate, partsOf, sqliteEventStore } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = sqliteEventStore(database, { inline: [inlineAccounts] });
 * const data = { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' };
 * const event = { type: 'FeeDisputed', data } as const;
 * const stream = { institution: 'north', patronId: 'p1' };
 * await store.append(stream, [event], { expectedVersion: 0 });
 * partsOf(database); //=> ['accounts']
 *
 * await sqliteEventStore(database).append(stream, [event], { expectedVersion: 1 }); //=> throws STORE_INCOMPLETE
 * ```
 */
export function partsOf(database: SqliteDatabase): readonly string[] {
  assertDatabase(database);
  return withNamedErrors(() => namesIn(notedIn(database)));
}

/**
 * Makes a database forget a part, so that stores without it can append. Call this once no program has the projection
 * in `inline` any more, or a {@link keys.keyedEventStore | keyedEventStore} over this database. A program that still
 * has it notes it again.
 *
 * @param database - an open database, after {@link migrate}
 * @param name - the name, as {@link partsOf} returns it
 * @returns whether the database had noted it
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { forgetPart, migrate } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * forgetPart(database, 'outbox'); //=> false
 * ```
 */
export function forgetPart(database: SqliteDatabase, name: string): boolean {
  assertDatabase(database);
  return withNamedErrors(() =>
    inTransaction(database, () => {
      const left = withoutPart(notedIn(database), name);
      if (left !== undefined) note(database, left);
      return left !== undefined;
    }),
  );
}
