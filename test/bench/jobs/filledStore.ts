import { generatedPatrons, institution, policy } from '../../../examples/support/generatedPatrons.js';
import { type EventStore, encodeEvent, memoryEventStore } from '../../../src/history/index.js';
import { type AccountEvent, decide, emptyAccount } from '../../../src/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';

/** The stores that jobs are measured on. `sqlite` forces every append to the disk, `sqliteNormal` does not. */
export const storeNames = ['memory', 'sqliteNormal', 'sqlite'] as const;

export type StoreName = (typeof storeNames)[number];

/** A store with accounts, and a function that closes it. */
export type FilledStore = {
  readonly store: EventStore;
  readonly remove: () => void;
};

/** The number of different histories, which the accounts share in turn. Ids are per account, so sharing is harmless. */
const HISTORIES = 1_000;

const at = '2026-11-01T09:00:00.000Z';

/** Returns a store with a number of accounts. */
export async function filledStore(name: StoreName, accounts: number): Promise<FilledStore> {
  return name === 'memory'
    ? filledMemory(accounts)
    : filledSqlite(accounts, name === 'sqlite' ? 'full' : 'normal');
}

/** Returns the patron of an account. */
export function patronIdOf(account: number): string {
  return `u${String(account + 1).padStart(7, '0')}`;
}

/** Returns the histories that the accounts have in turn. */
export function histories(): readonly (readonly AccountEvent[])[] {
  return [...generatedPatrons(HISTORIES)].map(
    ({ commands }) => decide(commands, emptyAccount(), policy).events,
  );
}

async function filledMemory(accounts: number): Promise<FilledStore> {
  const store = memoryEventStore({ now: () => at });
  const all = histories();
  for (let n = 0; n < accounts; n++) {
    const stream = { institution, patronId: patronIdOf(n) };
    await store.append(stream, all[n % HISTORIES] as readonly AccountEvent[], { expectedVersion: 0 });
  }
  return { store, remove: () => undefined };
}

async function filledSqlite(accounts: number, synchronous: 'full' | 'normal'): Promise<FilledStore> {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const store = sqliteEventStore(database, { synchronous });
  const insert = database.prepare(
    `insert into patron_fees_event (institution, patron_id, version, recorded_at, event) values (?, ?, ?, ?, ?)`,
  );
  const all = histories().map((events) => events.map(encodeEvent));
  database.exec('begin');
  for (let n = 0; n < accounts; n++) {
    for (const [index, text] of (all[n % HISTORIES] as readonly string[]).entries()) {
      insert.run(institution, patronIdOf(n), index + 1, at, text);
    }
  }
  database.exec('commit');
  database.exec('pragma wal_checkpoint(truncate)');
  return {
    store,
    remove: () => {
      database.close();
      remove();
    },
  };
}
