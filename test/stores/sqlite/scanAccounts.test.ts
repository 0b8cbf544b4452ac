import { afterAll, expect, it } from 'vitest';
import { SCAN_SIZE } from '../../../src/stores/accountList.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { scanAccounts } from '../../../src/stores/sqlite/scanAccounts.js';
import { prepareAll } from '../../../src/stores/sqlite/statements.js';
import { libsql } from '../../support/sqliteDrivers.js';

const database = libsql.open(':memory:');
afterAll(() => database.close());

it('reads the given number of accounts at a time, one institution after the other', async () => {
  migrate(database);
  database.exec(`
    with recursive number (n) as (select 1 union all select n + 1 from number where n < ${SCAN_SIZE} + 10)
    insert into patron_fees_event (institution, patron_id, version, recorded_at, event)
    select institution, printf('p%05d', n), 2, '', '' from number, (select 'a' as institution union select 'b')
    where n % 1000 = 1
    union all select 'a', printf('p%05d', n), 1, '', '' from number where n % 1000 <> 1
    union all select 'c', 'p1', 1, '', ''`);
  const statements = prepareAll(database);
  const first = scanAccounts(statements, undefined, undefined);
  expect(first.headless.map(({ patronId }) => patronId)).toEqual([
    'p00001',
    'p01001',
    'p02001',
    'p03001',
    'p04001',
  ]);
  expect(first.last).toEqual({ institution: 'a', patronId: `p0${SCAN_SIZE}` });
  const second = scanAccounts(statements, undefined, first.last);
  expect(second).toEqual({
    headless: [{ institution: 'a', patronId: 'p05001' }],
    last: { institution: 'b', patronId: '' },
  });
  const third = scanAccounts(statements, undefined, second.last);
  expect([third.headless.length, third.last]).toEqual([6, { institution: 'c', patronId: '' }]);
  expect(scanAccounts(statements, undefined, third.last)).toEqual({ headless: [], last: undefined });
  expect(scanAccounts(statements, 'a', first.last).last).toBeUndefined();
  expect(scanAccounts(statements, 'd', undefined)).toEqual({ headless: [], last: undefined });

  const { accounts } = await sqliteEventStore(database).accounts();
  expect(accounts).toHaveLength(SCAN_SIZE + 10 + 6 + 1);
  expect(new Set(accounts.map((account) => JSON.stringify(account))).size).toBe(accounts.length);
});
