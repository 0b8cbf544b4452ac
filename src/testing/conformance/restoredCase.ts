import assert from 'node:assert/strict';
import { type Clause, everyAccount, everything, fees, refused } from './clause.js';

/**
 * Returns the case of a store that was restored from an older backup: cursors of its readers are beyond its end. A new
 * store with fewer events simulates it.
 */
export function restoredCase(onNewStore: (check: Clause[1]) => Promise<void>): {
  readonly title: string;
  readonly run: () => Promise<void>;
} {
  const patron = (index: number) => ({ institution: 'north', patronId: `p${index}` });
  return {
    title: 'refuses a cursor beyond its end, such as one from before an older backup was restored',
    run: async () => {
      const cursors: string[] = [];
      await onNewStore(async (store) => {
        for (let index = 0; index < 4; index++)
          await store.append(patron(index), fees(2), { expectedVersion: 0 });
        cursors.push((await everything(store, 8)).cursor, (await everyAccount(store, 4)).cursor);
      });
      const [ofEvents = '', ofAccounts = ''] = cursors;
      await onNewStore(async (store, second) => {
        await store.append(patron(0), fees(2), { expectedVersion: 0 });
        const { cursor } = await everything(store, 2);
        for (const reader of [store, second]) {
          const details = await refused(
            'CURSOR_UNKNOWN',
            () => reader.readAll({ after: ofEvents }),
            'readAll',
          );
          assert.equal(details.cursor, ofEvents);
          await refused('CURSOR_UNKNOWN', () => reader.accounts({ after: ofAccounts }), 'accounts');
          await refused(
            'CURSOR_UNKNOWN',
            () => reader.accounts({ after: ofAccounts, institution: 'north', limit: 1 }),
            'accounts of an institution',
          );
          assert.deepEqual((await reader.readAll({ after: cursor })).events, [], 'at its end');
        }
      });
    },
  };
}
