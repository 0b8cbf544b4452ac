import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { officeEvents } from '../../src/office/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { type Books, record, sealed } from './sealedBooks.js';

/** Returns the files of accounts and of their office, sealed three times, and the folder of the seals. */
export async function sealedFiles() {
  const folder = temporaryFolder();
  const files = { accounts: join(folder, 'fees.db'), office: join(folder, 'office.db') };
  const [fees, office] = [libsql.open(files.accounts), libsql.open(files.office)];
  const clock = { now: '2026-01-02T15:00:00Z' };
  const now = () => clock.now;
  for (const database of [fees, office]) migrate(database);
  const books: Books = {
    stores: {
      accounts: sqliteEventStore(fees, { now }),
      office: sqliteEventStore(office, { now, codec: officeEvents }),
    },
    clock,
    folder: join(folder, 'seals'),
  };
  mkdirSync(books.folder);
  await record(books, { seed: 4, count: 6 }, (month) => sealed(books, month));
  for (const database of [fees, office]) database.close();
  return { ...files, seals: books.folder };
}
