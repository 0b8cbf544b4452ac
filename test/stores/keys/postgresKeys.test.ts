import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresKeys } from '../../../src/stores/keys/index.js';
import { keyStoreCases } from '../../support/keyStoreCases.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';

let server: PostgresServer;
let pools: [pg.Pool, pg.Pool];

beforeAll(async () => {
  server = await postgresServer();
  pools = [newPool(server.connection), newPool(server.connection)];
});

afterAll(async () => {
  for (const pool of pools) await pool.end();
  await server.remove();
});

const drop = 'drop table if exists patron_fees_key, patron_fees_key_file';

describe('keys in PostgreSQL', () => {
  keyStoreCases(async () => {
    await pools[0].query(drop);
    // Created by many programs at once.
    const [first, second] = await Promise.all([...pools, ...pools, ...pools].map(postgresKeys));
    return [first, second] as [NonNullable<typeof first>, NonNullable<typeof first>];
  });

  it('say that deleted keys remain in the file until it is rewritten', async () => {
    await pools[0].query(drop);
    const keys = await postgresKeys(pools[0]);
    const account = { institution: 'north', patronId: 'p1' };
    await keys.replace(account, null, 'one');
    expect(await keys.sweep?.()).toEqual({});
    await keys.replace(account, 'one', null);
    for (const _ of [1, 2]) expect(await keys.sweep?.()).toEqual({ remaining: 'vacuum' });
    await pools[0].query('vacuum full patron_fees_key');
    expect(await (await postgresKeys(pools[1])).sweep?.()).toEqual({});
  });
});

describe('keys in PGlite', () => {
  const database = new PGlite();

  afterAll(() => database.close());

  keyStoreCases(async () => {
    await database.exec(drop);
    return [await postgresKeys(database), await postgresKeys(database)];
  });
});

it('refuses what is not a database', async () => {
  await expect(postgresKeys({} as never)).rejects.toThrow('INVALID_ARGUMENT');
});
