import { setTimeout as pause } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execute, type ReadAppendStore } from '../../../src/history/index.js';
import { type AccountEvent, definePolicy } from '../../../src/index.js';
import {
  migrate,
  type PostgresEventStore,
  postgresEventStore,
  type Queryable,
} from '../../../src/stores/postgres/index.js';
import { storeConformance } from '../../../src/testing/index.js';
import { inlineLogTable, postgresLog, readPostgresLog } from '../../support/inlineLog.js';
import { newPool, type PostgresServer, postgresServer, untilOneWaits } from '../../support/postgresServer.js';

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await migrate(pool);
  await pool.query(inlineLogTable);
  await pool.query('create table loan (id text primary key)');
});

beforeEach(async () => {
  await pool.query('truncate patron_fees_event, inline_log, loan');
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

/** Runs work in a transaction with each driver. */
type InTransaction = (work: (connection: Queryable) => Promise<void>) => Promise<void>;

const withPg: InTransaction = async (work) => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
};

const withKysely: InTransaction = async (work) => {
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await database.transaction().execute(async (transaction) => {
    const query: Queryable['query'] = (text, values = []) =>
      transaction.executeQuery(CompiledQuery.raw(text, values));
    await work({ query });
  });
};

const withDrizzle: InTransaction = async (work) => {
  await drizzle(pool).transaction(async (transaction) => {
    const query: Queryable['query'] = (text, values = []) =>
      transaction.execute(
        sql.join(
          text
            .split(/\$(\d+)/)
            .map((part, index): SQL => (index % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`)),
        ),
      );
    await work({ query });
  });
};

describe.each<[string, InTransaction]>([
  ['a client of pg', withPg],
  ['Kysely', withKysely],
  ['Drizzle', withDrizzle],
])('a store in PostgreSQL within a transaction of %s', (_, inTransaction) => {
  const cases = storeConformance(
    async () => {
      await pool.query('truncate patron_fees_event, inline_log');
      const store = postgresEventStore(pool, { inline: [postgresLog] });
      return {
        store,
        second: postgresEventStore(pool),
        transaction: (work) => inTransaction((connection) => work(store.within(connection))),
        inline: () => readPostgresLog(pool),
      };
    },
    { transactions: true, modelRuns: 0 },
  ).filter(({ title }) => /caller's transaction|caller rolls back/.test(title));

  it('is tested by the cases of the suite', () => expect(cases).toHaveLength(4));

  for (const { title, run } of cases) it(title, run);

  it('applies inline projections within the transaction too', async () => {
    const store = postgresEventStore(pool, { inline: [postgresLog] });
    await inTransaction(async (connection) => {
      await store.within(connection).append(stream, [assessed('f1')], { expectedVersion: 0 });
      await expect(
        store.within(connection).append(stream, [assessed('refuse this')], { expectedVersion: 1 }),
      ).rejects.toThrow('refused by the projection');
    });
    expect(await readPostgresLog(pool)).toEqual([{ patronId: 'p1', version: 1 }]);
    expect((await store.read(stream)).version).toBe(1);
  });
});

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';

function assessed(feeId: string): AccountEvent {
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
  return { type: 'FeeAssessed', data };
}

/** The clock of the server, which the age of an event is measured by, in milliseconds. */
const serverMs = async () =>
  Number((await pool.query('select extract(epoch from clock_timestamp()) * 1000 as ms')).rows[0].ms);

describe('a store within a transaction', () => {
  it('stores the events and the rows of the caller together, or neither', async () => {
    const store = postgresEventStore(pool);
    const policy = definePolicy({ currency: 'USD' });
    const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
    const loans = async () => (await pool.query('select id from loan')).rows;
    const checkOut = (loan: string) =>
      withPg(async (client) => {
        await execute(store.within(client), policy, stream, { ...fee, id: loan });
        await client.query('insert into loan values ($1)', [loan]);
      });
    await checkOut('l1');
    await expect(checkOut('l1')).rejects.toMatchObject({ code: '23505' });
    expect([await loans(), (await store.read(stream)).version]).toEqual([[{ id: 'l1' }], 1]);
  });

  it('reports a conflict with a writer that committed during the append, and stays usable', async () => {
    const store = postgresEventStore(pool);
    await withPg(async (slow) => {
      // Both transactions append version 1; the second waits for the first.
      const racing = await pool.connect();
      await racing.query('begin');
      await store.within(racing).append(stream, [assessed('f1')], { expectedVersion: 0 });
      const late = store.within(slow).append(stream, [assessed('f2')], { expectedVersion: 0 });
      const conflict = expect(late).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        details: { expected: 0, actual: 1 },
      });
      await untilOneWaits(pool);
      await racing.query('commit');
      racing.release();
      await conflict;
      await store.within(slow).append(stream, [assessed('f2')], { expectedVersion: 1 });
    });
    expect((await store.read(stream)).version).toBe(2);
  });

  it.each(['repeatable read', 'serializable'])(
    "reports a final conflict at once if the transaction is %s and cannot see the other's event",
    async (level) => {
      const store = postgresEventStore(pool);
      await store.append(stream, [assessed('f1')], { expectedVersion: 0 });
      const policy = definePolicy({ currency: 'USD' });
      const fee = {
        type: 'AssessFee',
        id: 'mine',
        feeType: 'OTHER',
        amount: '2.50',
        owner: 'MAIN',
        at,
      } as const;
      await withPg(async (client) => {
        await client.query(`set transaction isolation level ${level}`);
        let appends = 0;
        const inTransaction = store.within(client);
        const within: ReadAppendStore = {
          ...inTransaction,
          append: (...given) => {
            appends += 1;
            return inTransaction.append(...given);
          },
        };
        expect((await within.read(stream)).version).toBe(1);
        await store.append(stream, [assessed('f2')], { expectedVersion: 1 });
        const conflict = { code: 'VERSION_CONFLICT', details: { actual: 1, isFinal: true } };
        await expect(execute(within, policy, stream, fee)).rejects.toMatchObject(conflict);
        expect(appends).toBe(1);
        await expect(
          within.append(stream, [assessed('f3')], { expectedVersion: 'any' }),
        ).rejects.toMatchObject(conflict);
        // Still usable.
        await client.query("insert into loan values ('l1')");
      });
      expect((await pool.query('select id from loan')).rows).toHaveLength(1);
    },
  );

  it('refuses a connection without a transaction, and a closed store', async () => {
    const store = postgresEventStore(pool);
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringMatching(/open transaction/) };
    expect(() => store.within(pool)).toThrow(expect.objectContaining(refused));
    const client = await pool.connect();
    const within = store.within(client);
    await expect(within.append(stream, [assessed('f1')], { expectedVersion: 0 })).rejects.toMatchObject(
      refused,
    );
    expect((await store.read(stream)).version).toBe(0);
    await store.close();
    await expect(within.read(stream)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    client.release();
    await expect(store.lag()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('delays readAll, says by how much, and misses no event', async () => {
    const store: PostgresEventStore = postgresEventStore(pool);
    expect(await store.lag()).toEqual({ events: 0, ageMs: 0 });
    await withPg(async (slow) => {
      await store.within(slow).append(stream, [assessed('slow')], { expectedVersion: 0 });
      await store.append({ ...stream, patronId: 'p2' }, [assessed('f1'), assessed('f2')], {
        expectedVersion: 0,
      });
      const appended = await serverMs();
      await pause(30);
      expect((await store.readAll()).events).toEqual([]);
      const asked = await serverMs();
      const lag = await store.lag();
      expect(lag.events).toBe(2);
      expect(lag.ageMs).toBeGreaterThanOrEqual(Math.floor(asked - appended));
    });
    expect((await store.readAll()).events).toHaveLength(3);
    expect(await store.lag()).toEqual({ events: 0, ageMs: 0 });
  });

  it('misses no event in 200 random interleavings of transactions that begin, append, commit and roll back', async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const store = postgresEventStore(pool);
    const open: pg.PoolClient[] = [];
    const committed = new Set<string>();
    const pending = new Map<pg.PoolClient, string[]>();
    const seen: string[] = [];
    let after: string | undefined;
    const follow = async () => {
      const page = await store.readAll(after === undefined ? {} : { after });
      seen.push(...page.events.map(({ patronId, version }) => `${patronId} ${version}`));
      after = page.cursor;
    };
    const end = async (client: pg.PoolClient, how: 'commit' | 'rollback') => {
      await client.query(how);
      if (how === 'commit') for (const name of pending.get(client) ?? []) committed.add(name);
      open.splice(open.indexOf(client), 1);
      client.release();
    };
    for (let step = 0; step < 200; step++) {
      const client = open[random(Math.max(1, open.length))];
      const choice = random(10);
      if (choice < 3 && open.length < 5) {
        const begun = await pool.connect();
        await begun.query('begin');
        open.push(begun);
        pending.set(begun, []);
      } else if (choice < 7 && client !== undefined) {
        const patronId = `s${step}`;
        await store.within(client).append({ ...stream, patronId }, [assessed('f1')], { expectedVersion: 0 });
        pending.get(client)?.push(`${patronId} 1`);
      } else if (client !== undefined) {
        await end(client, choice === 7 ? 'rollback' : 'commit');
      }
      await follow();
    }
    for (const client of [...open]) await end(client, 'commit');
    await follow();
    expect(committed.size).toBeGreaterThan(20);
    expect(seen.sort()).toEqual([...committed].sort());
  });
});
