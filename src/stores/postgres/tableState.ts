// Which build of the tables of accounts is in use, and whether it is complete.

import type { StoreRow } from '../../history/codec.js';
import type { BuildName } from '../readModels/buildBeside.js';
import { LAYOUT } from '../readModels/findAccountsForm.js';
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

/** Makes builds begin and end one after the other, and transactions fail that see the database as it was before. */
export const CHANGE_BUILDS = 'update patron_fees_schema set version = version';

/**
 * Makes the switch to another build fail a transaction that appends, but has not seen the switch: one under REPEATABLE
 * READ or SERIALIZABLE. Under READ COMMITTED, the lock of the tables makes appends wait for the switch, and then see
 * it.
 */
export const ASSERT_SEEN = 'select from patron_fees_schema for share';
