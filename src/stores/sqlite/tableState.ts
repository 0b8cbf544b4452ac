// Whether the tables of accounts are complete, and how they become it.

import type { StoreRow } from '../../history/codec.js';
import type { StreamId } from '../../history/eventStore.js';
import { checkpointMoved } from '../../history/projection.js';
import { assertComplete, LAYOUT } from '../readModels/findAccountsForm.js';
import type { SqliteDatabase } from './sqliteDatabase.js';

const FIRST_COMPLETE = `
  insert into patron_fees_read_model select 'accounts', ?, 1, null
  where not exists (select 1 from patron_fees_read_model where name = 'accounts')
    and not exists (select 1 from patron_fees_event where institution <> ? or patron_id <> ?)`;

/** Marks the tables as complete if they are new, and the events of one account are the first ones of the database. */
export function completeNew(database: SqliteDatabase, { institution, patronId }: StreamId): void {
  database.prepare(FIRST_COMPLETE).run(LAYOUT, institution, patronId);
}

/** Reads the state of the tables. */
export function stateOf(database: SqliteDatabase): StoreRow | undefined {
  const text = "select layout, is_complete, cursor from patron_fees_read_model where name = 'accounts'";
  return database.prepare(text).get() as StoreRow | undefined;
}

/** Throws unless the tables are complete. Those of a new database without events are. */
export function assertUsable(database: SqliteDatabase): void {
  const state = stateOf(database);
  const isNew =
    state === undefined &&
    database.prepare('select position from patron_fees_event limit 1').get() === undefined;
  if (!isNew) assertComplete(state);
}

/** Says that the tables are kept by following: events may be in another store, so that new tables are not complete. */
export function markFollowed(database: SqliteDatabase): void {
  database
    .prepare("insert or ignore into patron_fees_read_model values ('accounts', ?, 0, null)")
    .run(LAYOUT);
}

/** Empties the tables. While they are rebuilt, the cursor is the id of the build: of two builds the later one continues. */
export function resetTables(database: SqliteDatabase, build: string | null = null, mark = 0): void {
  for (const table of ['accounts', 'owed', 'till']) database.exec(`delete from patron_fees_${table}`);
  database
    .prepare("insert or replace into patron_fees_read_model values ('accounts', ?, ?, ?)")
    .run(...values([LAYOUT, mark, build]));
}

export function endBuild(database: SqliteDatabase, build: string): void {
  const text = `update patron_fees_read_model set is_complete = 1, cursor = null
    where name = 'accounts' and cursor = ? returning name`;
  if (database.prepare(text).all(build).length === 0) throw checkpointMoved(build);
}

/** Allows queries, unless another build has begun: then the cursor, or the mark of a build without events, differs. */
export function setComplete(database: SqliteDatabase, cursor: string | undefined, mark: number): void {
  const text = `update patron_fees_read_model set is_complete = 1
    where name = 'accounts' and cursor is ? and (cursor is not null or is_complete in (1, ?)) returning name`;
  if (database.prepare(text).all(...values([cursor ?? null, mark])).length === 0)
    throw checkpointMoved(cursor);
}

/** Every driver accepts null, although the types of some exclude it under older compilers. */
export function values(given: readonly (string | number | null)[]): (string | number)[] {
  return given as (string | number)[];
}
