import { expect, it } from 'vitest';
import { migrate } from '../../../src/stores/sqlite/index.js';
import { prepareAll } from '../../../src/stores/sqlite/statements.js';
import { libsql } from '../../support/sqliteDrivers.js';

it('uses an index for every page', () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const asked: string[] = [];
  prepareAll({
    ...database,
    prepare: (sql) => {
      asked.push(sql);
      return database.prepare(sql);
    },
  });
  for (const sql of asked.filter((text) => text.startsWith('select'))) {
    const values = Array.from(sql.matchAll(/\?/g), () => 1);
    const plan = database.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[];
    const steps = plan.map(({ detail }) => detail).join('; ');
    expect(steps).toMatch(/SEARCH/);
    expect(steps).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});
