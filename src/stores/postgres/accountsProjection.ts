import { assertStore, type ReadAppendStore } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import {
  type AccountsProjectionOptions,
  checkedProjectionOptions,
  rowsOfStreams,
} from '../readModels/accountRows.js';
import { assertOwnLayout, LAYOUT } from '../readModels/findAccountsForm.js';
import { advisoryLock } from './dedicatedConnection.js';
import type { Queryable } from './queryable.js';
import { saveRows } from './savedAccounts.js';
import { ownSession } from './session.js';
import {
  type Build,
  beginBuild,
  markFollowed,
  moveBuild,
  removeEarlier,
  statesOf,
  takeIntoUse,
} from './tableState.js';

/**
 * Returns a projection that keeps the table of accounts after the fact: for {@link history.follow | follow} and
 * {@link history.catchUp | catchUp}. The events may be in another store, for example NATS. Its checkpoint is in the
 * same database, and moves in the transaction of the rows. Without one, or after an upgrade that changes the table, it
 * builds the table anew; one in use answers until the new one has all events, and takes its place in one transaction.
 * {@link findAccounts} is refused until all events were applied once; start following before the first query, since a
 * new database without events counts as complete. An advisory lock lets one runner of `follow` at a time work.
 *
 * @param database - a `Pool` of pg or PGlite, with the table
 * @param store - the store with the events
 * @param options - whether to rebuild the table
 * @returns the projection, with its checkpoint and lock
 */
export function accountsProjection(
  database: Queryable,
  store: ReadAppendStore,
  options: AccountsProjectionOptions = {},
): FollowedProjection {
  assertStore(store, 'read');
  let { rebuild } = checkedProjectionOptions(options);
  const session = ownSession(database, { namedStatements: false });
  let build: Build = { name: 'accounts', generation: 0, cursor: null };
  let mayRemove = true;
  return {
    reset: async () => {
      const name = 'accounts followed';
      const generation = await session.atomically(async ({ rows }) => {
        await markFollowed(rows);
        return beginBuild(rows, name, null);
      });
      build = { name, generation, cursor: null };
    },
    apply: async (events, cursor, previous, parked) => {
      const accounts = await rowsOfStreams(store, events, parked);
      await session.atomically(async ({ rows }) => {
        await moveBuild(rows, { ...build, cursor: previous ?? null }, cursor);
        await saveRows(rows, accounts, build.generation);
      });
    },
    caughtUp: async (cursor) => {
      await session.atomically(({ rows }) => takeIntoUse(rows, { ...build, cursor: cursor ?? null }));
      build = { ...build, name: 'accounts' };
      rebuild = false;
      if (mayRemove) mayRemove = await removeEarlier(session.rows);
    },
    checkpoint: {
      load: async () => {
        await markFollowed(session.rows);
        const states = await statesOf(session.rows);
        assertOwnLayout(states.accounts);
        for (const name of ['accounts', 'accounts followed'] as const) {
          const state = states[name];
          if (Number(state?.layout) !== LAYOUT || typeof state?.cursor !== 'string') continue;
          if (name === 'accounts' && rebuild) continue;
          build = { name, generation: Number(state.generation), cursor: state.cursor };
          return build.cursor;
        }
        return null;
      },
      save: async () => undefined,
    },
    lock: advisoryLock(database, 'patron_fees accounts'),
  };
}
