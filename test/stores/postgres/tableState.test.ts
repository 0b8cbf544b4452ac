import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll } from 'vitest';
import {
  accountsProjection,
  findAccounts,
  inlineAccounts,
  migrate,
  postgresEventStore,
} from '../../../src/stores/postgres/index.js';
import { tableStateCases } from '../../support/tableStateCases.js';

const database = new PGlite();
beforeAll(() => migrate(database));
afterAll(() => database.close());

tableStateCases(async () => {
  for (const table of ['event', 'accounts_all', 'owed_all', 'till_all', 'read_model'])
    await database.query(`truncate patron_fees_${table}`);
  return {
    store: (how) => postgresEventStore(database, how === 'inline' ? { inline: [inlineAccounts] } : {}),
    projection: (store) => accountsProjection(database, store),
    find: (form) => findAccounts(database, form),
  };
});
