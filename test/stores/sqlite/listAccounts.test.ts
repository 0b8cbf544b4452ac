import { expect, it } from 'vitest';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { listAccounts, positionOf } from '../../../src/stores/sqlite/listAccounts.js';
import { prepareAll } from '../../../src/stores/sqlite/statements.js';
import { libsql } from '../../support/sqliteDrivers.js';

const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };

it('lists accounts in the order of their first events, then those without one, and marks that in the cursor', async () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const store = sqliteEventStore(database, { now: () => at });
  for (const patronId of ['c', 'a', 'b'])
    for (const expectedVersion of [0, 1])
      await store.append({ institution: 'north', patronId }, [{ type: 'FeeAssessed', data }], {
        expectedVersion,
      });
  database.exec("delete from patron_fees_event where patron_id = 'c' and version = 1");
  const statements = prepareAll(database);
  const first = await listAccounts(statements, { limit: 1 });
  expect([first.accounts.map(({ patronId }) => patronId), first.cursor]).toEqual([['a'], '3']);
  const rest = await listAccounts(statements, { after: first.cursor });
  expect([rest.accounts.map(({ patronId }) => patronId), rest.cursor]).toEqual([['b', 'c'], '5!']);
  await expect(listAccounts(statements, { after: '7!' })).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' });
  database.close();
});

it('reads the position of a cursor', () => {
  expect([positionOf(undefined), positionOf('17')]).toEqual([0, 17]);
  expect(() => positionOf('x')).toThrow(/INVALID_ARGUMENT/);
});
