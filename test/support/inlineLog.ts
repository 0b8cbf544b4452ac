import type { PostgresProjection, Queryable } from '../../src/stores/postgres/index.js';
import type { SqliteDatabase, SqliteProjection } from '../../src/stores/sqlite/index.js';
import type { ProjectedEvent } from '../../src/testing/index.js';

/** The table of the inline projections below: what each was given. */
export const inlineLogTable = `create table if not exists inline_log (
  institution text not null, patron_id text not null, version integer not null,
  primary key (institution, patron_id, version)
)`;

const REFUSED = 'refuse this';

function assertNotRefused(data: object): void {
  if ('feeId' in data && data.feeId === REFUSED) throw new Error('refused by the projection');
}

/** Logs events in PostgreSQL, as the conformance suite demands of an inline projection. */
export const postgresLog: PostgresProjection = {
  apply: async (events, transaction) => {
    for (const { institution, patronId, version, event } of events) {
      await transaction.query('insert into inline_log values ($1, $2, $3)', [institution, patronId, version]);
      assertNotRefused(event.data);
    }
  },
};

/** Logs events in SQLite. */
export const sqliteLog: SqliteProjection = {
  apply: (events, database) => {
    for (const { institution, patronId, version, event } of events) {
      database.prepare('insert into inline_log values (?, ?, ?)').run(institution, patronId, version);
      assertNotRefused(event.data);
    }
  },
};

/** Reads the log from PostgreSQL. */
export async function readPostgresLog(database: Queryable): Promise<readonly ProjectedEvent[]> {
  const { rows } = await database.query('select patron_id, version from inline_log');
  return rows.map(logged);
}

/** Reads the log from SQLite. */
export async function readSqliteLog(database: SqliteDatabase): Promise<readonly ProjectedEvent[]> {
  return database.prepare('select patron_id, version from inline_log').all().map(logged);
}

function logged(row: unknown): ProjectedEvent {
  const { patron_id, version } = row as { readonly patron_id: string; readonly version: number };
  return { patronId: patron_id, version };
}
