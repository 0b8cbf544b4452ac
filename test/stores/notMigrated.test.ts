import { PGlite } from '@electric-sql/pglite';
import { expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import * as postgres from '../../src/stores/postgres/index.js';
import * as sqlite from '../../src/stores/sqlite/index.js';
import { describeWith } from '../support/programs.js';
import { sqliteDrivers } from '../support/sqliteDrivers.js';

const stream = { institution: 'north', patronId: 'p1' };
const form = { institution: 'north', currency: 'USD' };
const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
const till = { from: at, before: '2026-03-03T00:00:00Z', by: 'at' } as const;

async function firstOf(list: AsyncIterable<unknown>) {
  for await (const entry of list) return entry;
  return undefined;
}

const refusal = { code: 'INVALID_ARGUMENT', message: expect.stringMatching(/run migrate first/) };

for (const { name, open, programs } of sqliteDrivers) {
  describeWith(programs, `an SQLite database without tables, by ${name}`, () => {
    it('says that migrate must be run', async () => {
      const database = open(':memory:');
      expect(() => sqlite.sqliteEventStore(database)).toThrow(expect.objectContaining(refusal));
      await expect(sqlite.findAccounts(database, form)).rejects.toMatchObject(refusal);
      await expect(sqlite.rebuildAccounts(database)).rejects.toMatchObject(refusal);
      await expect(firstOf(sqlite.tillIndex(database).accounts('north', till))).rejects.toMatchObject(
        refusal,
      );
      const project = () => sqlite.accountsProjection(database, memoryEventStore({ now: () => at }));
      expect(project).toThrow(expect.objectContaining(refusal));
      // A table of an earlier release, without a column of this one.
      database.exec(
        'create table patron_fees_event (position integer primary key, institution, patron_id, version, recorded_at, event)',
      );
      expect(() => sqlite.sqliteEventStore(database)).toThrow(expect.objectContaining(refusal));
      database.close();
    });
  });
}

it('a PostgreSQL database without tables says that migrate must be run', async () => {
  const database = new PGlite();
  const store = postgres.postgresEventStore(database);
  const append = () => store.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
  for (const call of [
    () => store.read(stream),
    append,
    () => store.readAll(),
    () => store.accounts(),
    () => store.redact(stream),
    () => store.lag(),
    () => database.transaction((transaction) => store.within(transaction).read(stream)),
    () => postgres.findAccounts(database, form),
    () => postgres.rebuildAccounts(database),
    async () => postgres.accountsProjection(database, store).reset(),
    () => postgres.accountsProjection(database, store).checkpoint.load(),
    () => firstOf(postgres.tillIndex(database).accounts('north', till)),
  ])
    await expect(call()).rejects.toMatchObject(refusal);
  await expect(database.query('select * from other_table')).rejects.toMatchObject({ code: '42P01' });
  const own = [
    {
      apply: async (_: unknown, inner: postgres.Queryable) => void (await inner.query('select * from mine')),
    },
  ];
  await postgres.migrate(database);
  const failing = postgres.postgresEventStore(database, { inline: own });
  await expect(
    failing.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 }),
  ).rejects.toMatchObject({ code: '42P01' });
  await append();
  await database.close();
});
