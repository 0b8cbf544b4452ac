// Reads and writes the rows of the table of accounts, of many accounts at once.
import type { StoreRow } from '../../history/codec.js';
import type { StreamId } from '../../history/eventStore.js';
import { type RowsOfAccount, rowsOfStoredAccount } from '../readModels/accountRows.js';
import {
  accountTables,
  columnNames,
  replacedValues,
  type TableName,
  typedColumns,
} from '../readModels/accountTables.js';
import { assertOwnLayout, LAYOUT } from '../readModels/findAccountsForm.js';
import { holdLong, rowsOfLong, takeLong } from '../readModels/longAccount.js';
import type { Session } from './session.js';
import { READ_BATCH, READ_FROM, timeOf } from './statements.js';
import { ASSERT_SEEN, statesOf } from './tableState.js';

/** Computes the rows of accounts from their stored events. */
export async function rowsIn(
  rows: Session['rows'],
  streams: readonly StreamId[],
  onAccount: (stream: StreamId, rows: RowsOfAccount, last: StoreRow | undefined) => void = () => undefined,
): Promise<readonly RowsOfAccount[]> {
  const given = streams.map(({ institution, patronId }, place) => ({
    place,
    institution,
    patron_id: patronId,
    after: 0,
  }));
  const found: StoreRow[][] = streams.map(() => []);
  for (const row of await rows(READ_BATCH, [JSON.stringify(given)])) {
    found[Number(row.place)]?.push({ ...row, recorded_at: timeOf(row) });
  }
  return streams.flatMap((stream, place) => {
    const events = found[place] ?? [];
    if (events.length === 0) return [];
    const account = rowsOfStoredAccount(stream, events);
    onAccount(stream, account, events.at(-1));
    return [account];
  });
}

/** Locks the rows of an account, so that they are not removed before the new ones are saved. */
const READ_SAVED = `
  select version from patron_fees_accounts_all where institution = $1 and patron_id = $2
    and generation = (select generation from patron_fees_read_model where name = 'accounts') for update`;

/**
 * Computes the rows of accounts after appends to them.
 *
 * @param connection - the connection of the transaction; it holds an account with many events
 */
export async function rowsOfAppends(
  rows: Session['rows'],
  streams: readonly StreamId[],
  connection: object,
): Promise<readonly RowsOfAccount[]> {
  const long = takeLong(connection, streams);
  const hold = holdLong.bind(undefined, connection);
  if (long === undefined) return rowsIn(rows, streams, hold);
  const { institution, patronId } = long.stream;
  const [saved] = await rows(READ_SAVED, [institution, patronId]);
  const found = await rows(READ_FROM, [institution, patronId, long.state.eventCount]);
  const stored = found.map((row): StoreRow => ({ ...row, recorded_at: timeOf(row) }));
  const known = rowsOfLong(long, stored, saved?.version);
  if (known === undefined) return rowsIn(rows, streams, hold);
  hold(long.stream, known, stored.at(-1));
  const others = streams.filter((one) => one.institution !== institution || one.patronId !== patronId);
  return [...(await rowsIn(rows, others)), known];
}

/** Returns a parameter, a JSON list of rows of a table, as rows. */
function given(table: TableName, parameter: number): string {
  return `json_to_recordset($${parameter}::json) as given (${typedColumns(table, 'postgres').join(', ')})`;
}

/**
 * Saves accounts ($1, a JSON list), except those with newer rows, in a build ($2; null for the one in use, unless it is
 * of a later layout); returns the saved ones. The lock of the table, which the statement takes before it looks, lasts
 * until the end of the transaction: another build is not taken into use meanwhile.
 */
const SAVE_ACCOUNTS = `
  insert into patron_fees_accounts_all as known (generation, ${columnNames('accounts').join(', ')})
  select build.generation, given.* from ${given('accounts', 1)} join (
    select coalesce($2::integer, (
      select case when layout <= ${LAYOUT} then generation else -1 end from patron_fees_read_model where name = 'accounts'
    ), 0) as generation
  ) as build on build.generation >= 0 order by institution, patron_id
  on conflict (generation, ${accountTables.accounts.key}) do update set ${replacedValues('accounts')}
  where known.version <= excluded.version
  returning generation, '=' || institution as institution, '=' || patron_id as patron_id,
    current_setting('transaction_isolation') as isolation`;

/**
 * Replaces what is owed by saved accounts ($1, a JSON list of their ids, and of their first versions after a purge) by
 * $2, in build $4. New tables are complete if these accounts are the first ones of the database. It runs as a separate
 * statement after the accounts are locked, because a statement that waits for a lock halfway does not see the rows that
 * the other transaction has inserted.
 *
 * Rows to delete are found account by account (the inner order) and deleted by their place: without statistics, the
 * planner would read both tables from beginning to end for every batch.
 */
const SAVE_OWED = `
  with account as materialized (
    select * from json_to_recordset($1::json) as account (
      institution text collate "C", patron_id text collate "C", purged_before integer
    )
  ), given as materialized (
    select * from ${given('owed', 2)}
  ), removed as (
    delete from patron_fees_owed_all where ctid = any (array(
      select known.ctid from account cross join lateral (
        select ctid, fee_type, owner from patron_fees_owed_all
        where generation = $4::integer and institution = account.institution and patron_id = account.patron_id order by fee_type, owner
      ) known
      where not exists (
        select from given
        where given.institution = account.institution and given.patron_id = account.patron_id
          and given.fee_type = known.fee_type and given.owner = known.owner
      )
    ))
  ), purged as (
    delete from patron_fees_till_all where ctid = any (array(
      select known.ctid from account cross join lateral (
        select ctid from patron_fees_till_all
        where generation = $4::integer and institution = account.institution and patron_id = account.patron_id
          and version < account.purged_before order by version
      ) known
      where account.purged_before is not null
    ))
  ), state as (
    insert into patron_fees_read_model (name, layout, is_complete) select 'accounts', ${LAYOUT}, 1
    where $4::integer = 0 and not exists (select from patron_fees_read_model where name = 'accounts') and not exists (
      select from patron_fees_event as event where (event.institution, event.patron_id) not in (
        select account.institution, account.patron_id from account
      )
    )
    on conflict do nothing
  ), till as (
    insert into patron_fees_till_all (generation, ${columnNames('till').join(', ')})
    select $4::integer, given.* from ${given('till', 3)}
    on conflict do nothing
  )
  insert into patron_fees_owed_all as known (generation, ${columnNames('owed').join(', ')})
  select $4::integer, given.* from given
  on conflict (generation, ${accountTables.owed.key}) do update set ${replacedValues('owed')}
  where known is distinct from excluded`;

/**
 * Replaces the rows of accounts, except of those with newer ones.
 *
 * @param generation - the build that gets the rows; the one in use if left out
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if a later release keeps the build in use
 */
export async function saveRows(
  rows: Session['rows'],
  accounts: readonly RowsOfAccount[],
  generation: number | null = null,
): Promise<void> {
  if (accounts.length === 0) return;
  const list = JSON.stringify(accounts.map(({ account }) => account));
  const saved = await rows(SAVE_ACCOUNTS, [list, generation]);
  const [first] = saved;
  if (first === undefined) return assertOwnLayout((await statesOf(rows)).accounts);
  if (generation === null && first.isolation !== 'read committed') await rows(ASSERT_SEEN);
  const keys = new Set(saved.map((row) => `${row.institution}\u0000${row.patron_id}`));
  const current = accounts.filter(({ account }) =>
    keys.has(`=${account.institution}\u0000=${account.patron_id}`),
  );
  await rows(SAVE_OWED, [
    JSON.stringify(
      current.map(({ account: { institution, patron_id }, firstVersion }) => ({
        institution,
        patron_id,
        purged_before: firstVersion > 1 ? firstVersion : undefined,
      })),
    ),
    JSON.stringify(current.flatMap(({ owed }) => owed)),
    JSON.stringify(current.flatMap(({ till }) => till)),
    Number(first.generation),
  ]);
}
