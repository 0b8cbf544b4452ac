// Whether the tables of accounts are complete, and how they become it.

import type { StoreRow } from '../../history/codec.js';
import { checkpointMoved } from '../../history/projection.js';
import { LAYOUT } from '../readModels/findAccountsForm.js';
import { onMigrated, type Queryable } from './queryable.js';
import type { Session } from './session.js';

/**
 * Selects the state of the tables: one row. Those of a new database without events are complete.
 */
export const STATE = `
  select coalesce(state.layout, case when is_new then ${LAYOUT} end) as layout,
    coalesce(state.is_complete, case when is_new then 1 end) as is_complete, state.cursor
  from (select not exists (select from patron_fees_event) as is_new) as event
  left join patron_fees_read_model as state on state.name = 'accounts'`;

/** Reads the state of the tables. */
export async function stateOf(database: Queryable): Promise<StoreRow | undefined> {
  return (await onMigrated(() => database.query(STATE))).rows[0] as StoreRow | undefined;
}

/** Says that the tables are kept by following: events may be in another store, so that new tables are not complete. */
export async function markFollowed(rows: Session['rows']): Promise<void> {
  await rows("insert into patron_fees_read_model values ('accounts', $1, 0, null) on conflict do nothing", [
    LAYOUT,
  ]);
}

/** Empties the tables. While they are rebuilt, the cursor is the id of the build: of two builds the later one continues. */
export async function resetTables(
  rows: Session['rows'],
  build: string | null = null,
  mark = 0,
): Promise<void> {
  for (const table of ['accounts', 'owed', 'till']) await rows(`delete from patron_fees_${table}`);
  await rows(
    `insert into patron_fees_read_model values ('accounts', $1, $3, $2)
     on conflict (name) do update set layout = excluded.layout, is_complete = excluded.is_complete, cursor = excluded.cursor`,
    [LAYOUT, build, mark],
  );
}

export async function endBuild(rows: Session['rows'], build: string): Promise<void> {
  const text = `update patron_fees_read_model set is_complete = 1, cursor = null
    where name = 'accounts' and cursor = $1 returning name`;
  if ((await rows(text, [build])).length === 0) throw checkpointMoved(build);
}

/** Allows queries, unless another build has begun: then the cursor, or the mark of a build without events, differs. */
export async function setComplete(
  rows: Session['rows'],
  cursor: string | undefined,
  mark: number,
): Promise<void> {
  const text = `update patron_fees_read_model set is_complete = 1
    where name = 'accounts' and cursor is not distinct from $1 and (cursor is not null or is_complete in (1, $2))
    returning name`;
  if ((await rows(text, [cursor ?? null, mark])).length === 0) throw checkpointMoved(cursor);
}
