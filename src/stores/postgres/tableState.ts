// Which build of the tables of accounts is in use, whether it is complete, and how the next one takes its place.

import type { StoreRow } from '../../history/codec.js';
import { checkpointMoved } from '../../history/projection.js';
import { type BuildName, LAYOUT } from '../readModels/findAccountsForm.js';
import { onMigrated, type Queryable } from './queryable.js';
import type { Session } from './session.js';

/**
 * Selects the state of the build in use: one row. The tables of a new database without events are complete.
 */
export const STATE = `
  select coalesce(state.layout, case when is_new then ${LAYOUT} end) as layout,
    coalesce(state.is_complete, case when is_new then 1 end) as is_complete, state.cursor, state.generation
  from (select not exists (select from patron_fees_event) as is_new) as event
  left join patron_fees_read_model as state on state.name = 'accounts'`;

/** Reads the state of the build in use. */
export async function stateOf(database: Queryable): Promise<StoreRow | undefined> {
  return (await onMigrated(() => database.query(STATE))).rows[0] as StoreRow | undefined;
}

/** Reads the states of all builds, by name. */
export async function statesOf(rows: Session['rows']): Promise<{ readonly [Name in BuildName]?: StoreRow }> {
  const text = 'select name, layout, is_complete, cursor, generation from patron_fees_read_model';
  return Object.fromEntries((await rows(text)).map((row) => [String(row.name), row]));
}

/** Says that the tables are kept by following: events may be in another store, so that new tables are not complete. */
export async function markFollowed(rows: Session['rows']): Promise<void> {
  const text = `insert into patron_fees_read_model (name, layout, is_complete) values ('accounts', $1, 0)
    on conflict do nothing`;
  await rows(text, [LAYOUT]);
}

/** Makes builds begin and end one after the other, and transactions fail that see the database as it was before. */
const CHANGE_BUILDS = 'update patron_fees_schema set version = version';

/**
 * Makes the switch to another build fail a transaction that appends, but has not seen the switch: one under REPEATABLE
 * READ or SERIALIZABLE. Under READ COMMITTED, the lock of the tables makes appends wait for the switch, and then see it.
 */
export const ASSERT_SEEN = 'select from patron_fees_schema for share';

/** Begins a build beside the one in use, in place of an unfinished one of this name; returns its number. */
export async function beginBuild(
  rows: Session['rows'],
  name: BuildName,
  cursor: string | null,
): Promise<number> {
  await rows(CHANGE_BUILDS);
  const [row] = await rows(
    `insert into patron_fees_read_model as known (name, layout, is_complete, cursor, generation)
     select $1, ${LAYOUT}, 0, $2, 1 + greatest(
       (select max(generation) from patron_fees_read_model), (select max(generation) from patron_fees_accounts_all), 0)
     on conflict (name) do update
     set layout = excluded.layout, cursor = excluded.cursor, generation = excluded.generation
     returning generation`,
    [name, cursor],
  );
  return Number(row?.generation);
}

/** A build, and how far it is. */
export type Build = { readonly name: BuildName; readonly generation: number; readonly cursor: string | null };

/**
 * Records how far a build is.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CHECKPOINT_MOVED` if another program continues or replaces it
 */
export async function moveBuild(
  rows: Session['rows'],
  { name, generation, cursor }: Build,
  to: string | null,
): Promise<void> {
  const text = `update patron_fees_read_model set cursor = $1
    where name = $2 and generation = $3 and cursor is not distinct from $4 returning name`;
  if ((await rows(text, [to, name, generation, cursor])).length === 0)
    throw checkpointMoved(cursor ?? undefined);
}

/** Takes a build into use, in place of the one that was. */
export async function takeIntoUse(rows: Session['rows'], build: Build): Promise<void> {
  const isNext = build.name !== 'accounts';
  if (isNext) await rows(CHANGE_BUILDS);
  await moveBuild(rows, build, build.name === 'accounts rebuilt' ? null : build.cursor);
  if (isNext) await rows("delete from patron_fees_read_model where name = 'accounts'");
  const text = "update patron_fees_read_model set name = 'accounts', is_complete = 1 where name = $1";
  await rows(text, [build.name]);
}

const PAGE_SIZE = 1_000;

/** The rows of some accounts ($1) in earlier builds, account by account, as for rows that an append replaces. */
const earlier = (table: 'owed' | 'till') => `
  delete from patron_fees_${table}_all where ctid = any (array(
    select known.ctid from account cross join lateral (
      select ctid from patron_fees_${table}_all
      where generation = account.generation and institution = account.institution and patron_id = account.patron_id
      order by ${table === 'owed' ? 'fee_type, owner' : 'version'}
    ) known
  ))`;

const REMOVE_EARLIER = `
  with account as materialized (
    select ctid, generation, institution, patron_id from patron_fees_accounts_all
    where generation < (select generation from patron_fees_read_model where name = 'accounts')
      and generation not in (select generation from patron_fees_read_model) limit ${PAGE_SIZE}
  ), owed as (${earlier('owed')}), till as (${earlier('till')})
  delete from patron_fees_accounts_all where ctid = any (array(select ctid from account)) returning generation`;

/** Removes the rows of some accounts from earlier builds; returns whether there may be more. */
export async function removeEarlier(rows: Session['rows']): Promise<boolean> {
  return (await rows(REMOVE_EARLIER)).length === PAGE_SIZE;
}
