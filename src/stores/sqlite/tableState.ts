// Which build of the tables of accounts is in use, whether it is complete, and how the next one takes its place.

import type { StoreRow } from '../../history/codec.js';
import type { StreamId } from '../../history/eventStore.js';
import { checkpointMoved } from '../../history/projection.js';
import { assertComplete, assertOwnLayout, type BuildName, LAYOUT } from '../readModels/findAccountsForm.js';
import type { SqliteDatabase } from './sqliteDatabase.js';

const FIRST_COMPLETE = `
  insert into patron_fees_read_model (name, layout, is_complete)
  select 'accounts', ?, 1 where not exists (select 1 from patron_fees_read_model where name = 'accounts')
    and not exists (select 1 from patron_fees_event where institution <> ? or patron_id <> ?)`;

/** Marks the tables as complete if they are new, and the events of one account are the first ones of the database. */
export function completeNew(database: SqliteDatabase, { institution, patronId }: StreamId): void {
  database.prepare(FIRST_COMPLETE).run(LAYOUT, institution, patronId);
}

/** Reads the state of the build in use, or of another one. */
export function stateOf(database: SqliteDatabase, name: BuildName = 'accounts'): StoreRow | undefined {
  const text = 'select layout, is_complete, cursor, generation from patron_fees_read_model where name = ?';
  return database.prepare(text).get(name) as StoreRow | undefined;
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

/** Begins a build beside the one in use, in place of an unfinished one of this name; returns its number. */
export function beginBuild(database: SqliteDatabase, name: BuildName, cursor: string | null): number {
  const text = `
    insert or replace into patron_fees_read_model (name, layout, is_complete, cursor, generation)
    values (?, ?, 0, ?, 1 + max(
      (select coalesce(max(generation), 0) from patron_fees_read_model),
      (select coalesce(max(generation), 0) from patron_fees_accounts_all)
    )) returning generation`;
  const [row] = database.prepare(text).all(...values([name, LAYOUT, cursor])) as StoreRow[];
  return Number(row?.generation);
}

/** A build, and how far it is. */
export type Build = { readonly name: BuildName; readonly generation: number; readonly cursor: string | null };

/**
 * Records how far a build is.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CHECKPOINT_MOVED` if another program continues or replaces it
 */
export function moveBuild(database: SqliteDatabase, { name, generation, cursor }: Build, to: string | null) {
  const text = `update patron_fees_read_model set cursor = ?
    where name = ? and generation = ? and cursor is ? returning name`;
  const moved = database.prepare(text).all(...values([to, name, generation, cursor]));
  if (moved.length === 0) throw checkpointMoved(cursor ?? undefined);
}

/** Takes a build into use, in place of the one that was. */
export function takeIntoUse(database: SqliteDatabase, build: Build): void {
  moveBuild(database, build, build.name === 'accounts rebuilt' ? null : build.cursor);
  if (build.name !== 'accounts') database.exec("delete from patron_fees_read_model where name = 'accounts'");
  const text = "update patron_fees_read_model set name = 'accounts', is_complete = 1 where name = ?";
  database.prepare(text).run(build.name);
}

const PAGE_SIZE = 100;

/** Removes the rows of some accounts from earlier builds; returns whether there may be more. */
export function removeEarlier(database: SqliteDatabase): boolean {
  const text = `
    select generation, institution, patron_id from patron_fees_accounts_all
    where generation < (select generation from patron_fees_read_model where name = 'accounts')
      and generation not in (select generation from patron_fees_read_model) limit ${PAGE_SIZE}`;
  const found = database.prepare(text).all() as StoreRow[];
  for (const { generation, institution, patron_id } of found) {
    for (const table of ['accounts', 'owed', 'till']) {
      const where = 'generation = ? and institution = ? and patron_id = ?';
      database
        .prepare(`delete from patron_fees_${table}_all where ${where}`)
        .run(Number(generation), String(institution), String(patron_id));
    }
  }
  return found.length === PAGE_SIZE;
}

/** Every driver accepts null, although the types of some exclude it under older compilers. */
export function values(given: readonly (string | number | null)[]): (string | number)[] {
  return given as (string | number)[];
}
