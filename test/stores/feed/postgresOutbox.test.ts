import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresOutbox } from '../../../src/stores/feed/index.js';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { outboxCases } from '../../support/outboxCases.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

describe('an outbox in PostgreSQL', () => {
  const open = async (options: Parameters<typeof postgresOutbox>[1]) => {
    await migrate(pool);
    // Created by many programs at once.
    const [outbox] = await Promise.all([1, 2, 3].map(() => postgresOutbox(pool, options)));
    await pool.query('truncate patron_fees_event, patron_fees_outbox');
    const made = outbox as NonNullable<typeof outbox>;
    return { outbox: made, store: postgresEventStore(pool, { inline: [made] }) };
  };

  outboxCases(open);

  it('has the events of many accounts that share commits, those of each account in their order', async () => {
    const { outbox, store } = await open({ source: '/fees' });
    await Promise.all(
      Array.from({ length: 40 }, async (_, patron) => {
        for (let version = 0; version < 5; version++)
          await store.append({ institution: 'north', patronId: `p${patron}` }, [assessedFee(`f${version}`)], {
            expectedVersion: version,
          });
      }),
    );
    const ids = (await outbox.waiting(1_000)).map(({ event }) => event);
    expect(ids).toHaveLength(200);
    const next = new Map<string, number>();
    for (const { subject, sequence } of ids) {
      expect(Number(sequence)).toBe((next.get(subject) ?? 0) + 1);
      next.set(subject, Number(sequence));
    }
  });

  it('lets one relay work at a time', async () => {
    const { outbox } = await open({ source: '/fees' });
    const { outbox: other } = await open({ source: '/fees' });
    const held = await outbox.lock?.tryAcquire();
    expect(held?.isHeld()).toBe(true);
    expect(await other.lock?.tryAcquire()).toBeUndefined();
    await held?.release();
    const next = await other.lock?.tryAcquire();
    expect(next?.isHeld()).toBe(true);
    await next?.release();
  });
});

describe('an outbox in PGlite', () => {
  const database = new PGlite();

  afterAll(() => database.close());

  outboxCases(async (options) => {
    await migrate(database);
    const outbox = await postgresOutbox(database, options);
    await database.exec('truncate patron_fees_event; truncate patron_fees_outbox');
    return { outbox, store: postgresEventStore(database, { inline: [outbox] }) };
  });
});

it('refuses what is not a database, and invalid options', async () => {
  await expect(postgresOutbox({} as never, { source: '/fees' })).rejects.toThrow('INVALID_ARGUMENT');
  await expect(postgresOutbox(pool, {} as never)).rejects.toThrow('INVALID_ARGUMENT');
});
