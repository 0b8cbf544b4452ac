import { afterAll } from 'vitest';
import {
  accountsProjection,
  findAccounts,
  inlineAccounts,
  migrate,
  sqliteEventStore,
} from '../../../src/stores/sqlite/index.js';
import { libsql, type OpenDatabase } from '../../support/sqliteDrivers.js';
import { tableStateCases } from '../../support/tableStateCases.js';

const databases: OpenDatabase[] = [];
afterAll(() => {
  for (const database of databases) database.close();
});

tableStateCases(async () => {
  const database = libsql.open(':memory:');
  databases.push(database);
  migrate(database);
  return {
    store: (how) => sqliteEventStore(database, how === 'inline' ? { inline: [inlineAccounts] } : {}),
    projection: (store) => accountsProjection(database, store),
    find: (form) => findAccounts(database, form),
  };
});
