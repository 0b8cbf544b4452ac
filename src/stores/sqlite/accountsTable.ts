import type { StoreRow } from '../../history/codec.js';
import type { StreamId } from '../../history/eventStore.js';
import { accountColumns, foundNames } from '../readModels/accountColumns.js';
import { type RowsOfAccount, rowsOfStoredAccount } from '../readModels/accountRows.js';
import { columnNames, type TableName } from '../readModels/accountTables.js';
import {
  type AccountsQuery,
  accountsQuery,
  type FindAccountsForm,
  type FoundAccounts,
} from '../readModels/findAccountsForm.js';
import { holdLong, rowsOfLong, takeLong } from '../readModels/longAccount.js';
import { assertDatabase, keptStatement, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import type { SqliteProjection } from './sqliteProjection.js';
import { assertUsable, completeNew, generationInUse, values } from './tableState.js';

const READ_EVENTS = `
  select version, recorded_at, event from patron_fees_event
  where institution = ? and patron_id = ? and version >= ? order by version`;

/**
 * Keeps the table of accounts, in the transaction of every append. Give it to the option `inline` of
 * {@link sqliteEventStore}, in every process that appends; then call {@link rebuildAccounts} once. Every append reads
 * and folds the account again; of the last account with a thousand events, only its own events.
 */
export const inlineAccounts: SqliteProjection = {
  name: 'accounts',
  apply: (events, database) => {
    const [first] = events;
    if (first === undefined) return;
    const { institution, patronId } = first;
    const generation = generationInUse(database);
    saveRows(database, rowsOfAppend(database, { institution, patronId }), generation);
    completeNew(database, { institution, patronId });
  },
};

function rowsOfAppend(database: SqliteDatabase, stream: StreamId): RowsOfAccount {
  const long = takeLong(database, [stream]);
  let stored = eventsFrom(database, stream, long?.state.eventCount);
  let rows = long && rowsOfLong(long, stored, savedVersion(database, stream));
  if (long !== undefined && rows === undefined) stored = eventsFrom(database, stream);
  rows ??= rowsOfStoredAccount(stream, stored);
  holdLong(database, stream, rows, stored.at(-1));
  return rows;
}

/** Reads the events of an account, as stored. */
export function eventsFrom(
  database: SqliteDatabase,
  { institution, patronId }: StreamId,
  version = 0,
): StoreRow[] {
  return keptStatement(database, READ_EVENTS).all(institution, patronId, version) as StoreRow[];
}

function savedVersion(database: SqliteDatabase, { institution, patronId }: StreamId): unknown {
  const text = 'select version from patron_fees_accounts where institution = ? and patron_id = ?';
  return (keptStatement(database, text).all(institution, patronId)[0] as StoreRow | undefined)?.version;
}

function inserter(database: SqliteDatabase, table: TableName, how: string, generation: number) {
  const names = columnNames(table);
  const places = names.map(() => ', ?').join('');
  const text = `${how} into patron_fees_${table}_all (generation, ${names.join(', ')}) values (?${places})`;
  const statement = keptStatement(database, text);
  return (row: Readonly<Record<string, string | number | null>>) =>
    statement.run(...values([generation, ...names.map((name) => row[name] ?? null)]));
}

const OF_ACCOUNT = 'generation = ? and institution = ? and patron_id = ?';

/** Replaces the rows of an account in a build, unless there are newer ones. */
export function saveRows(
  database: SqliteDatabase,
  { account, owed, till, firstVersion }: RowsOfAccount,
  generation: number,
): void {
  const { institution, patron_id, version } = account;
  const key = [generation, institution, patron_id];
  const newer = `select 1 from patron_fees_accounts_all where ${OF_ACCOUNT} and version > ?`;
  if (keptStatement(database, newer).all(...key, version).length > 0) return;
  inserter(database, 'accounts', 'insert or replace', generation)(account);
  keptStatement(database, `delete from patron_fees_owed_all where ${OF_ACCOUNT}`).run(...key);
  owed.forEach(inserter(database, 'owed', 'insert', generation));
  // A purge has removed the events before the first one.
  const earlier = `delete from patron_fees_till_all where ${OF_ACCOUNT} and version < ?`;
  keptStatement(database, earlier).run(...key, firstVersion);
  till.forEach(inserter(database, 'till', 'insert or ignore', generation));
}

/**
 * Finds accounts in the table of accounts, by one indexed query.
 *
 * @param database - the database with the table
 * @param form - the conditions, the order and the page
 * @returns the accounts
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form;
 * `READ_MODEL_INCOMPLETE` if the table was not built yet, and with `patronId` if it lacks events of the account; with
 * `patronId`, the code of its fault (`CORRUPT_HISTORY`, `INVALID_EVENT`, or `READ_MODEL_INCOMPLETE` for any other) if the
 * account cannot be read or is parked
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { definePolicy } from 'patron-fees';
 * import { execute } from 'patron-fees/history';
 * import { findAccounts, inlineAccounts, migrate, rebuildAccounts, sqliteEventStore } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = sqliteEventStore(database, { inline: [inlineAccounts] });
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
 * ```
 */
export async function findAccounts(database: SqliteDatabase, form: FindAccountsForm): Promise<FoundAccounts> {
  assertDatabase(database);
  const { page, ...query } = accountsQuery(form);
  return withNamedErrors(() => {
    assertUsable(database);
    const rows = keptStatement(database, findStatement(query)).all(...query.values);
    return page(rows as StoreRow[]);
  });
}

/**
 * Returns the statement that finds accounts: selects a page first, and then the balances of its accounts; without
 * accounts a row without a patron.
 */
export function findStatement({ where, order, any, faulty, limit }: Omit<AccountsQuery, 'page'>): string {
  return `
    select state.faulty, page.*, ${foundNames(accountColumns).join(', ')}
    from (select ${faulty} as faulty) state
    left join (
      select * from patron_fees_owed where ${where} order by ${order} limit case when ${any} then ${limit} else 0 end
    ) page on true
    left join patron_fees_accounts using (institution, patron_id)
    order by ${order}`;
}
