// Which build of the tables of accounts is in use, and whether it is complete.
import type { StoreRow } from '../../history/codec.js';
import type { StreamId } from '../../history/eventStore.js';
import { assertComplete, assertOwnLayout, LAYOUT } from '../readModels/findAccountsForm.js';
import { keptStatement, type SqliteDatabase } from './sqliteDatabase.js';

const FIRST_COMPLETE = `
  insert into patron_fees_read_model (name, layout, is_complete)
  select 'accounts', ?, 1 where not exists (select 1 from patron_fees_read_model where name = 'accounts')
    and not exists (select 1 from patron_fees_event where institution <> ? or patron_id <> ?)`;

/** Marks the tables as complete if they are new, and the events of one account are the first ones of the database. */
export function completeNew(database: SqliteDatabase, { institution, patronId }: StreamId): void {
  keptStatement(database, FIRST_COMPLETE).run(LAYOUT, institution, patronId);
}

/** Reads the state of the build in use. */
function stateOf(database: SqliteDatabase): StoreRow | undefined {
  const text = "select layout, is_complete, generation from patron_fees_read_model where name = 'accounts'";
  // To the end: after its first row, libsql keeps the view of the file that a statement has.
  return keptStatement(database, text).all()[0] as StoreRow | undefined;
}

/** Throws unless the tables are complete. Those of a new database without events are. */
export function assertUsable(database: SqliteDatabase): void {
  const state = stateOf(database);
  const isNew =
    state === undefined &&
    database.prepare('select position from patron_fees_event limit 1').get() === undefined;
  if (!isNew) assertComplete(state);
}

/** Returns the build that appends keep; throws if only a later release can. */
export function generationInUse(database: SqliteDatabase): number {
  const state = stateOf(database);
  assertOwnLayout(state);
  return Number(state?.generation ?? 0);
}

/** Says that the tables are kept by following: events may be in another store, so that new tables are not complete. */
export function markFollowed(database: SqliteDatabase): void {
  const text = 'insert or ignore into patron_fees_read_model (name, layout, is_complete) values (?, ?, 0)';
  database.prepare(text).run('accounts', LAYOUT);
}

/** Every driver accepts null, although the types of some exclude it under older compilers. */
export function values(given: readonly (string | number | null)[]): (string | number)[] {
  return given as (string | number)[];
}
