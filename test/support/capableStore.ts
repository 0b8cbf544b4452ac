import { migrate, type SqliteEventStore, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import type { CapabilityClause, StoreUnderTest } from '../../src/testing/conformance/clause.js';
import { inlineLogTable, readSqliteLog, sqliteLog } from './inlineLog.js';
import { libsql, type OpenDatabase } from './sqliteDrivers.js';

/** A sound store with every capability that the conformance suite knows, and its database. */
export type CapableStore = Required<Pick<StoreUnderTest, 'transaction' | 'inline'>> & {
  readonly store: SqliteEventStore;
  readonly database: OpenDatabase;
};

/** Opens a sound store in memory. */
export function capableStore(): CapableStore {
  const database = libsql.open(':memory:');
  migrate(database);
  database.exec(inlineLogTable);
  const store = sqliteEventStore(database, { inline: [sqliteLog] });
  return {
    database,
    store,
    transaction: async (work) => {
      database.exec('begin immediate');
      try {
        await work(store.within(database));
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    inline: () => readSqliteLog(database),
  };
}

/**
 * Returns the titles of the clauses that a sound store violates once it is broken in one way. They run side by side: a
 * clause waits for what a broken store never gives.
 */
export async function failuresOfCapable(
  clauses: readonly CapabilityClause[],
  defect: (sound: CapableStore) => Partial<StoreUnderTest>,
): Promise<readonly string[]> {
  const held = await Promise.all(
    clauses.map(async ([, check]) => {
      const sound = capableStore();
      try {
        await check({ ...sound, ...defect(sound) });
        return true;
      } catch {
        return false;
      } finally {
        sound.database.close();
      }
    }),
  );
  return clauses.filter((_, index) => !held[index]).map(([title]) => title);
}
