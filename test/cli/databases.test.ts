import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { driver, openSqlite } from '../../src/cli/databases.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

it('opens a file of SQLite with the installed driver', async () => {
  const file = join(temporaryFolder(), 'fees.db');
  const database = await openSqlite(file);
  database.exec('create table a (b integer)');
  database.close();
  expect(existsSync(file)).toBe(true);
});

it('says how to install a driver that is missing', async () => {
  await expect(driver('patron-fees-no-driver', 'Nobody', 'nothing')).rejects.toThrow(
    'Nobody needs a driver: npm install nothing',
  );
});
