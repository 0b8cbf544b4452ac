import { afterAll, expect, it } from 'vitest';
import { sqliteOutbox } from '../../../src/stores/feed/index.js';
import * as sqlite from '../../../src/stores/sqlite/index.js';
import { add, nameless, partsCases, patron } from '../../support/partsCases.js';
import { describeWith } from '../../support/programs.js';
import { type OpenDatabase, sqliteDrivers } from '../../support/sqliteDrivers.js';

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `parts of a database in SQLite, ${name}`, () => {
    const databases: OpenDatabase[] = [];
    afterAll(() => {
      for (const database of databases) database.close();
    });
    partsCases(async () => {
      const database = open(':memory:');
      databases.push(database);
      sqlite.migrate(database);
      const outbox = sqliteOutbox(database, { source: '/fees' });
      const projections = { accounts: sqlite.inlineAccounts, outbox, nameless };
      return {
        store: (...inline) =>
          sqlite.sqliteEventStore(database, { inline: inline.map((name) => projections[name]) }),
        rolledBack: async (store) => {
          database.exec('begin immediate');
          await add((store as sqlite.SqliteEventStore).within(database), 'p1');
          database.exec('rollback');
        },
        partsOf: async () => sqlite.partsOf(database),
        forgetPart: async (name) => sqlite.forgetPart(database, name),
        migrate: async () => sqlite.migrate(database),
        sql: async (text) => database.exec(text),
        versionOf: async (patronId) =>
          (await sqlite.sqliteEventStore(database).read(patron(patronId))).version,
      };
    });
  });
}

it('refuses a projection whose name cannot be noted', () => {
  const database = sqliteDrivers[0]?.open(':memory:') as OpenDatabase;
  sqlite.migrate(database);
  for (const name of ['', 'a,b', 'keys', 'x'.repeat(61)])
    expect(() => sqlite.sqliteEventStore(database, { inline: [{ ...nameless, name }] })).toThrow(
      /options\.inline\[0\]/,
    );
  database.close();
});
