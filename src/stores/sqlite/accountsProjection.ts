import { assertStore, type ReadAppendStore } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import {
  type AccountsProjectionOptions,
  checkedProjectionOptions,
  rowsOfStreams,
} from '../readModels/accountRows.js';
import { assertOwnLayout, LAYOUT } from '../readModels/findAccountsForm.js';
import { saveRows } from './accountsTable.js';
import { assertDatabase, inTransaction, type SqliteDatabase, withNamedErrors } from './sqliteDatabase.js';
import {
  type Build,
  beginBuild,
  markFollowed,
  moveBuild,
  removeEarlier,
  stateOf,
  takeIntoUse,
} from './tableState.js';

/**
 * Returns a projection that keeps the table of accounts after the fact: for {@link history.follow | follow} and
 * {@link history.catchUp | catchUp}. The events may be in another store, for example NATS. Its checkpoint is in the
 * same database, and moves in the transaction of the rows. Without one, or after an upgrade that changes the table, it
 * builds the table anew; one in use answers until the new one has all events, and takes its place in one transaction.
 * {@link findAccounts} is refused until all events were applied once; create the projection before the first query,
 * since a new database without events counts as complete.
 *
 * @param database - the database with the table
 * @param store - the store with the events
 * @param options - whether to rebuild the table
 * @returns the projection, with its checkpoint
 *
 * @example
 * ```ts
 * import Database from 'libsql';
 * import { catchUp, memoryEventStore } from 'patron-fees/history';
 * import { accountsProjection, findAccounts, migrate } from 'patron-fees/sqlite';
 *
 * const database = new Database(':memory:');
 * migrate(database);
 * const store = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
 * const projection = accountsProjection(database, store);
 * await catchUp(store, projection, projection.checkpoint);
 * (await findAccounts(database, { institution: 'north', currency: 'USD' })).accounts; //=> []
 * ```
 */
export function accountsProjection(
  database: SqliteDatabase,
  store: ReadAppendStore,
  options: AccountsProjectionOptions = {},
): FollowedProjection {
  assertDatabase(database);
  assertStore(store, 'read');
  let { rebuild } = checkedProjectionOptions(options);
  const run = <Result>(task: () => Result) => withNamedErrors(() => inTransaction(database, task));
  let build: Build = { name: 'accounts', generation: 0, cursor: null };
  let mayRemove = true;
  const begin = () => {
    const name = 'accounts followed';
    build = { name, generation: beginBuild(database, name, null), cursor: null };
  };
  run(() => markFollowed(database));
  return {
    reset: () => run(begin),
    apply: async (events, cursor, previous, parked) => {
      const accounts = await rowsOfStreams(store, events, parked);
      run(() => {
        moveBuild(database, { ...build, cursor: previous ?? null }, cursor);
        for (const rows of accounts) saveRows(database, rows, build.generation);
      });
    },
    caughtUp: (cursor) => {
      run(() => takeIntoUse(database, { ...build, cursor: cursor ?? null }));
      build = { ...build, name: 'accounts' };
      rebuild = false;
      if (mayRemove) mayRemove = run(() => removeEarlier(database));
    },
    checkpoint: {
      load: async () =>
        run(() => {
          const inUse = stateOf(database);
          assertOwnLayout(inUse);
          for (const name of ['accounts', 'accounts followed'] as const) {
            const state = stateOf(database, name);
            if (Number(state?.layout) !== LAYOUT || typeof state?.cursor !== 'string') continue;
            if (name === 'accounts' && rebuild) continue;
            build = { name, generation: Number(state.generation), cursor: state.cursor };
            return build.cursor;
          }
          return null;
        }),
      save: async () => undefined,
    },
  };
}
