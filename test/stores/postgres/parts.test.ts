import { afterAll, beforeAll, describe } from 'vitest';
import { postgresOutbox } from '../../../src/stores/feed/index.js';
import * as postgres from '../../../src/stores/postgres/index.js';
import { add, nameless, partsCases, patron } from '../../support/partsCases.js';
import { PGlite } from '../../support/pglite.js';

describe('parts of a database in PostgreSQL', () => {
  const database = new PGlite();
  beforeAll(() => postgres.migrate(database));
  afterAll(() => database.close());
  partsCases(async () => {
    for (const table of ['event', 'accounts_all', 'owed_all', 'till_all', 'read_model'])
      await database.query(`truncate patron_fees_${table}`);
    await database.query("update patron_fees_schema set part_names = ''");
    const outbox = await postgresOutbox(database, { source: '/fees' });
    const projections = { accounts: postgres.inlineAccounts, outbox, nameless };
    return {
      store: (...inline) =>
        postgres.postgresEventStore(database, { inline: inline.map((name) => projections[name]) }),
      rolledBack: async (store) => {
        await database.transaction(async (transaction) => {
          await add((store as postgres.PostgresEventStore).within(transaction), 'p1');
          await transaction.rollback();
        });
      },
      partsOf: () => postgres.partsOf(database),
      forgetPart: (name) => postgres.forgetPart(database, name),
      migrate: () => postgres.migrate(database),
      sql: (text) => database.exec(text),
      versionOf: async (patronId) =>
        (await postgres.postgresEventStore(database).read(patron(patronId))).version,
    };
  });
});
