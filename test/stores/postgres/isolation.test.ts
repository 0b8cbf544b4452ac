import { definePolicy } from 'patron-fees';
import { execute, loadAccount } from 'patron-fees/history';
import { migrate, postgresEventStore } from 'patron-fees/postgres';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
const stream = { institution: 'north', patronId: 'hot' };
const WRITERS = 16;
const COMMANDS = 12;

/** More attempts than others can append: on a slow machine 50 may all conflict. */
const retry = { attempts: WRITERS * COMMANDS };

let server: PostgresServer;

beforeAll(async () => {
  server = await postgresServer();
});

afterAll(() => server.remove());

describe.each(['read committed', 'repeatable read', 'serializable'])(
  'with transactions that are %s',
  (level) => {
    const pools: pg.Pool[] = [];

    /** A pool to a separate schema, with an isolation level that an administrator may set for a role or a database. */
    const poolIn = (schema: string) => {
      const isolation = level.replaceAll(' ', '\\ ');
      const options = `-c search_path=${schema} -c default_transaction_isolation=${isolation}`;
      const pool = newPool({ ...server.connection, max: WRITERS, options });
      pools.push(pool);
      return pool;
    };

    const newSchema = async (name: string) => {
      const schema = `${name}_${level.replaceAll(' ', '_')}`;
      const pool = poolIn(schema);
      await pool.query(`create schema ${schema}`);
      expect((await pool.query('show transaction_isolation')).rows[0].transaction_isolation).toBe(level);
      return schema;
    };

    afterAll(() => Promise.all(pools.map((pool) => pool.end())));

    it('16 writers on one account all succeed', async () => {
      const pool = poolIn(await newSchema('hot'));
      await migrate(pool);
      const store = postgresEventStore(pool);
      const write = async (writer: number) => {
        for (let count = 0; count < COMMANDS; count++) {
          const id = `${writer}-${count}`;
          const fee = { type: 'AssessFee', id, feeType: 'OTHER', amount: '1.00', owner: 'MAIN', at } as const;
          const { decision } = await execute(store, policy, stream, fee, { retry });
          expect(decision.accepted).toBe(true);
        }
      };
      const outcomes = await Promise.allSettled(
        Array.from({ length: WRITERS }, (_, writer) => write(writer)),
      );
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      expect(reasons).toEqual([]);
      expect((await loadAccount(store, stream)).version).toBe(WRITERS * COMMANDS);
    });

    it('concurrent appends to different accounts do not conflict', async () => {
      const pool = poolIn(await newSchema('many'));
      await migrate(pool);
      const store = postgresEventStore(pool);
      const write = async (patronId: string) => {
        for (let count = 0; count < COMMANDS; count++) {
          const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '1.00', owner: 'MAIN', at } as const;
          await execute(store, policy, { institution: 'north', patronId }, { ...fee, id: `${count}` });
        }
      };
      await Promise.all(Array.from({ length: WRITERS }, (_, index) => write(`p${index}`)));
      expect((await store.accounts()).accounts).toHaveLength(WRITERS);
    });

    it('8 programs that start at once can all migrate', async () => {
      for (let round = 0; round < 5; round++) {
        const schema = await newSchema(`start_${round}`);
        const starting = Array.from({ length: 8 }, () => poolIn(schema));
        await Promise.all(starting.map((pool) => pool.query('select 1')));
        await Promise.all(starting.map((pool) => migrate(pool)));
        const { rows } = await poolIn(schema).query('select version from patron_fees_schema');
        expect(rows).toEqual([{ version: 8 }]);
        await Promise.all(starting.map((pool) => pool.end()));
        pools.splice(0, pools.length, ...pools.filter((pool) => !starting.includes(pool)));
      }
    });
  },
);
