import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamId } from '../../../src/history/index.js';
import { migrate, postgresEventStore, type Queryable } from '../../../src/stores/postgres/index.js';
import { storeConformance } from '../../../src/testing/index.js';
import { inlineLogTable, postgresLog, readPostgresLog } from '../../support/inlineLog.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

let server: PostgresServer;
let pool: pg.Pool;
let second: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  second = newPool(server.connection);
});

afterAll(async () => {
  await Promise.all([pool.end(), second.end()]);
  await server.remove();
});

/** Deletes an event as an administrator can. */
const deleteFrom =
  (database: Queryable) =>
  async ({ institution, patronId }: StreamId, version: number) => {
    const text =
      'delete from patron_fees_event where institution = $1 and patron_id = $2 and version = $3 returning version';
    expect((await database.query(text, [institution, patronId, version])).rows.length).toBe(1);
  };

/** Replaces the text of an event by one that this release cannot read. */
const damageIn =
  (database: Queryable) =>
  async ({ institution, patronId }: StreamId, version: number) => {
    const text = `update patron_fees_event set event = '{"type":"FeeForgotten","data":{}}'
      where institution = $1 and patron_id = $2 and version = $3 returning version`;
    expect((await database.query(text, [institution, patronId, version])).rows.length).toBe(1);
  };

describe('a store in PostgreSQL, with a second pool of connections', () => {
  const cases = storeConformance(
    async () => {
      await migrate(pool);
      await pool.query('truncate patron_fees_event');
      return {
        store: postgresEventStore(pool),
        second: postgresEventStore(second),
        deleteEvent: deleteFrom(pool),
        damageEvent: damageIn(pool),
      };
    },
    { erasing: true, deletions: true, damages: true },
  );
  for (const { title, run } of cases) it(title, run);
});

describe('a store in PostgreSQL with an inline projection, named statements and notifications', () => {
  const cases = storeConformance(
    async () => {
      await migrate(pool);
      await pool.query(inlineLogTable);
      await pool.query('truncate patron_fees_event, inline_log');
      const options = { inline: [postgresLog], namedStatements: true, notify: true };
      const store = postgresEventStore(pool, options);
      return {
        store,
        second: postgresEventStore(second, options),
        inline: () => readPostgresLog(pool),
      };
    },
    { inline: true, erasing: true, modelRuns: 10 },
  );
  for (const { title, run } of cases) it(title, run);
});

describe('a store in PGlite', () => {
  let database: PGlite;

  beforeAll(async () => {
    database = new PGlite();
    await migrate(database);
    await database.query(inlineLogTable);
  });

  afterAll(() => database.close());

  const cases = storeConformance(
    async () => {
      await database.query('truncate patron_fees_event, inline_log');
      const store = postgresEventStore(database, { inline: [postgresLog] });
      return {
        store,
        transaction: (work) => database.transaction((connection) => work(store.within(connection))),
        inline: () => readPostgresLog(database),
        deleteEvent: deleteFrom(database),
        damageEvent: damageIn(database),
      };
    },
    { transactions: true, inline: true, erasing: true, deletions: true, damages: true },
  );
  for (const { title, run } of cases) it(title, run);
});
