import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, postgresEventStore, type Queryable } from '../../../src/stores/postgres/index.js';
import {
  beginsTransactions,
  errorCodeOf,
  inOwnTransaction,
  ownSession,
  retryTransient,
} from '../../../src/stores/postgres/session.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

it('finds the code of a server error, even in the cause of an error that wraps it', () => {
  const server = Object.assign(new Error('duplicate key'), { code: '23505' });
  expect(errorCodeOf(server)).toBe('23505');
  expect(errorCodeOf(new Error('Failed query', { cause: server }))).toBe('23505');
  expect([errorCodeOf(new Error('other')), errorCodeOf(undefined), errorCodeOf(null)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('retries what the server rolled back, and reports the first error in an aborted transaction', async () => {
  const failing = (...codes: string[]) => {
    let attempt = 0;
    return async () => {
      const code = codes[attempt++];
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      return attempt;
    };
  };
  const isTransient = (error: unknown) => errorCodeOf(error) === '40001';
  expect(await retryTransient(failing('40001', '40001'), isTransient)).toBe(3);
  await expect(retryTransient(failing('40001', '25P02'), isTransient)).rejects.toThrow('40001');
  await expect(retryTransient(failing('53100'), isTransient)).rejects.toThrow('53100');
});

describe('session', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  const inProcess = new PGlite();

  beforeAll(async () => {
    server = await postgresServer();
    pool = newPool({ ...server.connection, max: 2 });
    await migrate(pool);
    await pool.query('create table kept (id integer primary key)');
  });

  afterAll(async () => {
    await inProcess.close();
    await pool.end();
    await server.remove();
  });

  const kept = async () => (await pool.query('select id from kept')).rows.length;

  describe('a transaction of its own', () => {
    it("begins on a pool or PGlite, not on a client, which may be in somebody else's transaction", async () => {
      const client = new pg.Client(server.connection);
      expect([pool, inProcess, client].map((each) => beginsTransactions(each))).toEqual([true, true, false]);
      await expect(inOwnTransaction(client, async () => 1)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      const inline = [{ apply: () => undefined }];
      expect(() => postgresEventStore(client, { inline })).toThrow(/options\.inline: expected a Pool of pg/);
      expect(() => postgresEventStore(pool, { inline: [{}] as never })).toThrow(/options\.inline/);
      expect(() => postgresEventStore(pool, { notfy: true } as never)).toThrow(/notfy/);
      expect(
        await inOwnTransaction(inProcess, async (inner) => (await inner.query('select 1 as n')).rows),
      ).toEqual([{ n: 1 }]);
    });

    it('is rolled back if the task rejects, and gives its connection back', async () => {
      for (let n = 0; n < 5; n++) {
        const failing = inOwnTransaction(pool, async (connection) => {
          await connection.query('insert into kept values (1)');
          throw new Error('no');
        });
        await expect(failing).rejects.toThrow('no');
      }
      expect(await kept()).toBe(0);
    });

    it.each(['pool', 'PGlite'])(
      "rejects if the task caught a statement's error, since the server then rolls back (%s)",
      async (name) => {
        const database = name === 'pool' ? pool : inProcess;
        const failing = inOwnTransaction(database, async (connection) => {
          await connection.query('select 1 / 0').catch(() => undefined);
        });
        await expect(failing).rejects.toMatchObject({ code: '25P02' });
      },
    );
  });

  describe('named statements', () => {
    it('are prepared once per connection', async () => {
      const one = newPool({ ...server.connection, max: 1 });
      const { rows } = ownSession(one, { namedStatements: true });
      expect(await rows('select $1::integer + 1 as n', [1])).toEqual([{ n: 2 }]);
      expect(await rows('select $1::integer + 1 as n', [2])).toEqual([{ n: 3 }]);
      const prepared = await one.query('select name from pg_prepared_statements');
      expect(prepared.rows.map(({ name }) => name)).toEqual([
        expect.stringMatching(/^patron_fees_[0-9a-f]{16}$/),
      ]);
      await one.end();
    });

    it('are given up behind a pooler that mixes up the connections of its clients', async () => {
      // A pooler in transaction mode: the client believes that it prepared the statement, and this connection does not know it.
      const one = newPool({ ...server.connection, max: 1 });
      const names: (string | undefined)[] = [];
      const pooled: Queryable = {
        query: async (text, values) => {
          const { name } = Object(text) as { readonly name?: string };
          names.push(name);
          await one.query('deallocate all');
          return one.query(text, values);
        },
      };
      const { rows } = ownSession(pooled, { namedStatements: true });
      for (let n = 0; n < 3; n++) expect(await rows('select $1::integer as n', [n])).toEqual([{ n }]);
      expect(names.map((name) => name !== undefined)).toEqual([true, true, false, false]);
      await one.end();
    });

    it('are also given up for a whole transaction, which is then run again', async () => {
      const one = newPool({ ...server.connection, max: 1 });
      const { rows, atomically } = ownSession(one, { namedStatements: true });
      const text = 'insert into kept values ($1) returning id';
      await rows(text, [1]);
      await one.query('deallocate all');
      expect(await atomically((connection) => connection.rows(text, [2]))).toEqual([{ id: 2 }]);
      expect(await kept()).toBe(2);
      await one.end();
    });
  });
});
