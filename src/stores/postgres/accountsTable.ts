import type { StoreRow } from '../../history/codec.js';
import type { StoredAccountEvent, StreamId } from '../../history/eventStore.js';
import type { TillIndex } from '../../jobs/reports/runPaymentsReport.js';
import {
  accountColumns,
  accountTables,
  type Columns,
  columnNames,
  foundNames,
  owedColumns,
  replacedValues,
  storedInstant,
  type TableName,
  typedColumns,
} from '../readModels/accountColumns.js';
import {
  holdLong,
  type RowsOfAccount,
  rowsOfLong,
  rowsOfStoredAccount,
  takeLong,
} from '../readModels/accountRows.js';
import type { BuildName } from '../readModels/buildBeside.js';
import {
  type AccountsQuery,
  accountsQuery,
  assertComplete,
  assertOwnLayout,
  type FindAccountsForm,
  type FoundAccounts,
  LAYOUT,
} from '../readModels/findAccountsForm.js';
import type { PostgresProjection } from './appendTo.js';
import { assertQueryable, onMigrated, type Queryable, type Session } from './session.js';
import { READ_BATCH, READ_FROM, timeOf } from './statements.js';

// Reads and writes the rows of the table of accounts, of many accounts at once.

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
async function rowsOfAppends(
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

// Which build of the tables of accounts is in use, and whether it is complete.

/**
 * Selects the state of the build in use: one row. The tables of a new database without events are complete.
 */
const STATE = `
  select coalesce(state.layout, case when is_new then ${LAYOUT} end) as layout,
    coalesce(state.is_complete, case when is_new then 1 end) as is_complete, state.cursor, state.generation
  from (select not exists (select from patron_fees_event) as is_new) as event
  left join patron_fees_read_model as state on state.name = 'accounts'`;

/** Reads the state of the build in use. */
async function stateOf(database: Queryable): Promise<StoreRow | undefined> {
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
const ASSERT_SEEN = 'select from patron_fees_schema for share';

/**
 * Keeps the table of accounts, in the transaction of every append. Give it to the option `inline` of
 * {@link postgresEventStore}, in every process that appends; then call {@link rebuildAccounts} once. Every append reads
 * and folds the account again; of the last account with a thousand events on its connection, only its own events.
 */
export const inlineAccounts: PostgresProjection = {
  name: 'accounts',
  apply: (events, transaction) => updateAccounts([events], transaction),
  applyMany: (appends, transaction) => updateAccounts(appends, transaction),
};

async function updateAccounts(
  appends: readonly (readonly StoredAccountEvent[])[],
  transaction: Queryable,
): Promise<void> {
  const rows: Session['rows'] = async (text, values = []) =>
    (await transaction.query(text, values)).rows as readonly StoreRow[];
  const streams = appends.flatMap(([first]) =>
    first === undefined ? [] : [{ institution: first.institution, patronId: first.patronId }],
  );
  await saveRows(rows, await rowsOfAppends(rows, streams, transaction));
}

/**
 * Finds accounts in the table of accounts, by one indexed query.
 *
 * @param database - a connection to the database with the table; in your own transaction, its connection
 * @param form - the conditions, the order and the page
 * @returns the accounts
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form;
 * `READ_MODEL_INCOMPLETE` if the table was not built yet, and with `patronId` if it lacks events of the account; with
 * `patronId`, the code of its fault (`CORRUPT_HISTORY`, `INVALID_EVENT`, or `READ_MODEL_INCOMPLETE` for any other) if the
 * account cannot be read or is parked
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { definePolicy } from 'patron-fees';
 * import { execute } from 'patron-fees/history';
 * import { findAccounts, inlineAccounts, migrate, postgresEventStore, rebuildAccounts } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * await migrate(database);
 * const store = postgresEventStore(database, { inline: [inlineAccounts] });
 * await rebuildAccounts(database);
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '62.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', currency: 'USD', owner: 'MAIN', owedAbove: '50.00' };
 * const { accounts } = await findAccounts(database, form);
 * accounts.map(({ patronId, owed }) => [patronId, owed]); //=> [['dverma', '62.50']]
 * await database.close();
 * ```
 */
export async function findAccounts(database: Queryable, form: FindAccountsForm): Promise<FoundAccounts> {
  assertQueryable(database);
  const { page, ...query } = accountsQuery(form);
  const found = (await onMigrated(() => database.query(findStatement(query), [...query.values])))
    .rows as readonly StoreRow[];
  assertComplete(found[0]);
  // Without the mark before the id, see the statements of the store.
  return page(found.map((row) => ({ ...row, patron_id: row.patron_id && String(row.patron_id).slice(1) })));
}

const UTC_MS = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/**
 * The found columns of both tables, as every driver returns them alike; ids with a mark, see the statements of the
 * store.
 */
const FOUND = Object.entries<Columns>({ page: owedColumns, account: accountColumns }).flatMap(
  ([table, columns]) =>
    foundNames(columns).map((name) => {
      const type = columns[name]?.type;
      if (type === 'id') return `'=' || ${table}.${name} as ${name}`;
      const isTime = type === 'instant' || type === 'since';
      return isTime
        ? `to_char(${table}.${name} at time zone 'UTC', ${UTC_MS}) as ${name}`
        : `${table}.${name}`;
    }),
);

/**
 * Returns the statement that finds a page of accounts, with the table's state; without accounts a row without a patron.
 */
export function findStatement({ where, order, any, faulty, limit }: Omit<AccountsQuery, 'page'>): string {
  const text = `
    select state.layout, state.is_complete, ${faulty} as faulty, found.* from (${STATE}) as state
    left join (
    select ${FOUND.join(', ')},
      row_number() over (order by ${order.replaceAll(/\b(owed|oldest_open_at|patron_id)\b/g, 'page.$1')}) as place
    from (select * from patron_fees_owed where ${where} and ${any} order by ${order} limit ${limit}) as page
    join patron_fees_accounts as account using (institution, patron_id)
    ) as found on true
    order by found.place`;
  let number = 0;
  return text.replaceAll('?', () => {
    number += 1;
    return `$${number}`;
  });
}

const PAGE_SIZE = 1_000;

/** The table does not have all movements of an account that cannot be read, or is parked. */
export const FAULTY = `
  select '=' || patron_id as patron_id from patron_fees_accounts where institution = $1 and fault is not null`;

/**
 * Returns the index of a table of accounts by the time of payments and refunds, for
 * {@link reports.runPaymentsReport | runPaymentsReport}: the till of a day then reads the accounts of that day
 * only.
 *
 * @param database - the database with the table, kept inline or by following
 * @returns the index; it rejects with `READ_MODEL_INCOMPLETE` if the table was not built yet
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { definePolicy } from 'patron-fees';
 * import { runPaymentsReport } from 'patron-fees/reports';
 * import { inlineAccounts, migrate, postgresEventStore, rebuildAccounts, tillIndex } from 'patron-fees/postgres';
 *
 * const database = new PGlite();
 * await migrate(database);
 * const store = postgresEventStore(database, { inline: [inlineAccounts] });
 * await rebuildAccounts(database);
 * const form = { institution: 'north', timeZone: 'America/New_York', from: '2026-03-02', through: '2026-03-02' };
 * const policy = definePolicy({ currency: 'USD' });
 * (await runPaymentsReport(store, policy, form, { till: tillIndex(database) })).total.net; //=> '0.00'
 * ```
 */
export function tillIndex(database: Queryable): TillIndex {
  assertQueryable(database);
  return {
    accounts: async function* (institution, { from, before, by }) {
      assertComplete(await stateOf(database));
      const faulty = (await database.query(FAULTY, [institution])).rows as readonly StoreRow[];
      const seen = new Set(faulty.map(({ patron_id }) => String(patron_id).slice(1)));
      for (const patronId of seen) yield { institution, patronId };
      let last: readonly [time: string, patronId: string] = [storedInstant(from), ''];
      for (;;) {
        const { rows } = await database.query(tillStatement(by), [
          institution,
          storedInstant(before),
          ...last,
        ]);
        for (const { patron_id } of rows as readonly StoreRow[]) {
          const patronId = String(patron_id).slice(1);
          if (seen.has(patronId)) continue;
          seen.add(patronId);
          yield { institution, patronId };
        }
        const end = rows.at(-1) as StoreRow | undefined;
        if (end === undefined) return;
        last = [String(end.time), String(end.patron_id).slice(1)];
      }
    },
  };
}

/** Returns the statement for a page of movements after a time and a patron. */
export function tillStatement(by: 'at' | 'recordedAt'): string {
  const time = by === 'at' ? 'at' : 'recorded_at';
  return `
    select ${time}::text as time, '=' || patron_id as patron_id from patron_fees_till
    where institution = $1 and ${time} < $2 and ${time} >= $3::timestamptz and (${time}, patron_id) > ($3::timestamptz, $4)
    group by patron_fees_till.${time}, patron_fees_till.patron_id
    order by patron_fees_till.${time}, patron_fees_till.patron_id limit ${PAGE_SIZE}`;
}
