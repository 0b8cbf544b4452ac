import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as release from '../../../src/stores/postgres/index.js';
import { faultsOfTables, postgresTables } from '../../support/accountTables.js';
import { assessedFee } from '../../support/assessedFee.js';
import { laterRelease } from '../../support/laterRelease.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { followedRebuildCases, rebuildCases } from '../../support/rebuildCases.js';
import { postgresTablesUnderTest } from '../../support/tablesUnderTest.js';

const { findAccounts, inlineAccounts, migrate, postgresEventStore, rebuildAccounts } = release;

const open = postgresTablesUnderTest();
const later = () => laterRelease<typeof release>('postgres');

describe('rebuildAccounts', () => rebuildCases(open, later));
describe('accountsProjection', () => followedRebuildCases(open, later));

describe.each(['repeatable read', 'serializable'])(
  'rebuildAccounts, with transactions that are %s',
  (level) => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await postgresServer();
    });
    afterAll(() => server.remove());

    const patron = (patronId: string) => ({ institution: 'north', patronId });
    const form = { institution: 'north', currency: 'USD' };

    it('sees the table as it was when the transaction began, and refuses an append that would miss the new one', async () => {
      const pool = newPool(server.connection);
      await migrate(pool);
      const store = postgresEventStore(pool, { inline: [inlineAccounts] });
      await store.append(patron('p1'), [assessedFee('f1')], { expectedVersion: 0 });
      await pool.query('update patron_fees_owed_all set owed = 9900');
      const client = await pool.connect();
      await client.query(`begin isolation level ${level}`);
      await client.query('select from patron_fees_read_model');
      await rebuildAccounts(pool);
      const owed = async (connection: release.Queryable) =>
        (await findAccounts(connection, form)).accounts.map((account) => account.owed);
      const found = [await owed(client), await owed(pool)];
      const appending = store
        .within(client)
        .append(patron('p2'), [assessedFee('f1')], { expectedVersion: 0 });
      const outcome = await appending.catch((error) => error.code);
      await client.query('rollback');
      client.release();
      expect(found).toEqual([['99.00'], ['2.50']]);
      expect(outcome).toBe('40001');
      await store.append(patron('p2'), [assessedFee('f1')], { expectedVersion: 0 });
      expect(await faultsOfTables(await postgresTables(pool), store)).toEqual([]);
      await pool.end();
    });

    it('equals the fold while 8 writers append and the table is rebuilt again and again', async () => {
      const options = `-c default_transaction_isolation=${level.replaceAll(' ', '\\ ')}`;
      const pool = newPool({ ...server.connection, options });
      await migrate(pool);
      const store = postgresEventStore(pool, { inline: [inlineAccounts] });
      const write = async (writer: number) => {
        for (let n = 0; n < 10; n++) {
          await store.append(patron(`w${(writer + n) % 9}`), [assessedFee(`w${writer}-${n}`)], {
            expectedVersion: 'any',
          });
        }
      };
      let isWriting = true;
      const rebuilding = (async () => {
        for (let rebuilds = 0; isWriting || rebuilds < 2; rebuilds++) await rebuildAccounts(pool);
      })();
      await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(write));
      isWriting = false;
      await rebuilding;
      expect(await faultsOfTables(await postgresTables(pool), store)).toEqual([]);
      await pool.end();
    });
  },
);
