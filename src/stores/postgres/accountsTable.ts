import type { StoreRow } from '../../history/codec.js';
import { assertStore, type ReadAppendStore, type StoredAccountEvent } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import { checkpointMoved } from '../../history/projection.js';
import { accountColumns, type Columns, foundNames, owedColumns } from '../readModels/accountColumns.js';
import {
  checkedRebuildOptions,
  type RebuildAccountsOptions,
  type RebuiltAccounts,
  rowsOfStreams,
} from '../readModels/accountRows.js';
import {
  type AccountsQuery,
  accountsQuery,
  assertComplete,
  type FindAccountsForm,
  type FoundAccounts,
  LAYOUT,
  newMark,
} from '../readModels/findAccountsForm.js';
import type { PostgresProjection } from './appendTo.js';
import { advisoryLock } from './dedicatedConnection.js';
import { assertQueryable, onMigrated, type Queryable } from './queryable.js';
import { rowsIn, rowsOfAppends, saveRows } from './savedAccounts.js';
import { ownSession, type Session } from './session.js';
import { endBuild, markFollowed, resetTables, STATE, setComplete, stateOf } from './tableState.js';

/**
 * Keeps the table of accounts, in the transaction of every append. Give it to the option `inline` of
 * {@link postgresEventStore}, in every process that appends; then call {@link rebuildAccounts} once. Every append reads
 * and folds the account again; of the last account with a thousand events on its connection, only its own events.
 */
export const inlineAccounts: PostgresProjection = {
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
 * `READ_MODEL_INCOMPLETE` if the table was not built yet
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
  const accounts = found.filter(({ patron_id }) => patron_id !== null);
  // Without the mark before the id, see the statements of the store.
  return page(accounts.map((row) => ({ ...row, patron_id: String(row.patron_id).slice(1) })));
}

const UTC_MS = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/** The found columns of both tables, as every driver returns them alike; ids with a mark, see the statements of the store. */
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

/** Returns the statement that finds a page of accounts, with the table's state; without accounts a row without a patron. */
export function findStatement({ where, order, any, limit }: Omit<AccountsQuery, 'page'>): string {
  const text = `
    select state.layout, state.is_complete, found.* from (${STATE}) as state
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

/** Lists accounts by their ids, not in the order of `readAll`, which lags behind. */
const NEXT_ACCOUNTS = `
  select '=' || institution as institution, '=' || patron_id as patron_id from (
    select distinct institution, patron_id from patron_fees_event
    where (institution, patron_id) > ($1, $2) order by institution, patron_id limit 500
  ) as account order by account.institution, account.patron_id`;

/**
 * Rebuilds the table of accounts from the events in the same database. Needed once before the first
 * {@link findAccounts}, after a backup was restored, and after an upgrade that changes the table. Appends with
 * {@link inlineAccounts} may continue meanwhile. If it ends early, run it again.
 *
 * @param database - a `Pool` of pg or PGlite
 * @param options - signal, progress
 * @returns the number of accounts, and of those that cannot be read (their `fault` is in the table)
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options or a single client;
 * `CHECKPOINT_MOVED` if another program began to build it too, and continues; the signal's reason
 */
export async function rebuildAccounts(
  database: Queryable,
  options: RebuildAccountsOptions = {},
): Promise<RebuiltAccounts> {
  const { signal } = checkedRebuildOptions(options);
  const session = ownSession(database, { namedStatements: false });
  const build = crypto.randomUUID();
  await session.atomically(({ rows }) => resetTables(rows, build));
  let accounts = 0;
  for (let last = ['', '']; ; ) {
    signal?.throwIfAborted();
    const page = (await session.rows(NEXT_ACCOUNTS, last)).map(({ institution, patron_id }) => ({
      institution: String(institution).slice(1),
      patronId: String(patron_id).slice(1),
    }));
    const end = page.at(-1);
    if (end === undefined) break;
    // Before the transaction: a pool may have only one connection.
    const found = await rowsIn(session.rows, page);
    await session.atomically(({ rows }) => saveRows(rows, found));
    accounts += page.length;
    last = [end.institution, end.patronId];
    options.onProgress?.({ accounts });
  }
  await endBuild(session.rows, build);
  const [row] = await session.rows(
    'select count(*)::integer as unreadable from patron_fees_accounts where fault is not null',
  );
  return { accounts, unreadable: Number(row?.unreadable) };
}

/**
 * Returns a projection that keeps the table of accounts after the fact: for {@link history.follow | follow} and
 * {@link history.catchUp | catchUp}. The events may be in another store, for example NATS. Its checkpoint is in the
 * same database, and moves in the transaction of the rows; without one it rebuilds the table. {@link findAccounts} is
 * refused until all events were applied once; start following before the first query, since a new database without
 * events counts as complete. An advisory lock lets one runner at a time work.
 *
 * @param database - a `Pool` of pg or PGlite, with the table
 * @param store - the store with the events
 * @returns the projection, with its checkpoint and lock
 */
export function accountsProjection(database: Queryable, store: ReadAppendStore): FollowedProjection {
  assertStore(store, 'read');
  const session = ownSession(database, { namedStatements: false });
  let mark = 0;
  return {
    reset: () => {
      mark = newMark();
      return session.atomically(({ rows }) => resetTables(rows, null, mark));
    },
    apply: async (events, cursor, previous, parked) => {
      const accounts = await rowsOfStreams(store, events, parked);
      await session.atomically(async ({ rows }) => {
        const moved = await rows(
          `update patron_fees_read_model set cursor = $1
           where name = 'accounts' and layout = ${LAYOUT} and cursor is not distinct from $2 returning cursor`,
          [cursor, previous ?? null],
        );
        if (moved.length === 0) throw checkpointMoved(previous);
        await saveRows(rows, accounts);
      });
    },
    caughtUp: (cursor) => setComplete(session.rows, cursor, mark),
    checkpoint: {
      load: async () => {
        await markFollowed(session.rows);
        const state = await stateOf(database);
        return Number(state?.layout) === LAYOUT ? (state?.cursor as string | null) : null;
      },
      save: async () => undefined,
    },
    lock: advisoryLock(database, 'patron_fees accounts'),
  };
}
