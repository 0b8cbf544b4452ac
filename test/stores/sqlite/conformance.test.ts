import { describe, it } from 'vitest';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { storeConformance } from '../../../src/testing/index.js';
import { sqliteDrivers, temporaryFile } from '../../support/sqliteDrivers.js';

for (const { name, open } of sqliteDrivers) {
  describe(`a store in SQLite by ${name}, with a second connection to the file`, () => {
    const cases = storeConformance(() => {
      const { file, remove } = temporaryFile();
      const databases = [open(file), open(file)] as const;
      for (const database of databases) migrate(database);
      const [store, second] = databases;
      return {
        // Without the disk's answer the suite takes a fifth of the time; what it tests is the same.
        store: sqliteEventStore(store, { synchronous: 'normal' }),
        second: sqliteEventStore(second, { synchronous: 'normal' }),
        release: async () => {
          for (const database of databases) database.close();
          remove();
        },
      };
    });
    for (const { title, run } of cases) it(title, run, 30_000);
  });
}
