import type { StoreRow } from '../../history/codec.js';
import type { StoredAccountEvent } from '../../history/eventStore.js';
import { accountColumns, type Columns, foundNames, owedColumns } from '../readModels/accountColumns.js';
import {
  type AccountsQuery,
  accountsQuery,
  assertComplete,
  type FindAccountsForm,
  type FoundAccounts,
} from '../readModels/findAccountsForm.js';
import type { PostgresProjection } from './appendTo.js';
import { assertQueryable, onMigrated, type Queryable } from './queryable.js';
import { rowsOfAppends, saveRows } from './savedAccounts.js';
import type { Session } from './session.js';
import { STATE } from './tableState.js';

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
