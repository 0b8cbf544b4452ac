import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, postgresEventStore } from '../../../src/stores/postgres/index.js';
import { assessed } from '../../support/events.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { tried } from '../../support/seeded.js';

let server: PostgresServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await migrate(pool);
});

afterAll(async () => {
  await pool.end();
  await server.remove();
});

describe('reading events', () => {
  it.each([
    ['ISO', 'UTC'],
    ['German', 'Europe/Berlin'],
    ['SQL, DMY', 'America/St_Johns'],
    ['Postgres, MDY', 'Asia/Kathmandu'],
  ])('returns recording times to the microsecond whatever the settings: %s, %s', async (style, zone) => {
    const options = `-c datestyle=${style.replaceAll(' ', '\\ ')} -c timezone=${zone}`;
    const settled = newPool({ ...server.connection, options, max: 2 });
    const store = postgresEventStore(settled);
    const microseconds = fc.integer({ min: 0, max: 999_999 });
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    let patron = 0;
    await fc.assert(
      fc.asyncProperty(seconds, microseconds, async (second, micro) => {
        const stream = { institution: `${style} ${zone}`, patronId: `p${patron++}` };
        const date = new Date(second * 1000).toISOString().slice(0, 19);
        const recordedAt = `${date}.${String(micro).padStart(6, '0')}Z`;
        await store.append(stream, [assessed('f1', '1.00')], { expectedVersion: 0, recordedAt });
        const whole = await store.read(stream);
        const limited = await store.read(stream, { limit: 1 });
        expect(whole.events[0]?.recordedAt).toBe(recordedAt);
        expect(limited).toEqual(whole);
      }),
      {
        ...tried(50),
        examples: [
          [0, 0],
          [1, 100_000],
          [1, 1],
          [2, 999_990],
        ],
      },
    );
    const all = await store.readAll();
    const read = all.events.filter(({ institution }) => institution === `${style} ${zone}`);
    for (const { patronId, institution, ...recorded } of read) {
      expect((await store.read({ institution, patronId })).events).toEqual([recorded]);
    }
    expect(read.length).toBe(patron);
    await settled.end();
  });

  it('reads the version of a stream that is shorter than the position it is read from', async () => {
    const store = postgresEventStore(pool);
    const stream = { institution: 'north', patronId: 'short' };
    await store.append(stream, [assessed('f1', '1.00'), assessed('f2', '1.00')], { expectedVersion: 0 });
    expect(await store.read(stream, { after: 5 })).toEqual({ version: 2, events: [] });
    expect(await store.read(stream, { after: 2 })).toEqual({ version: 2, events: [] });
    expect((await store.read(stream, { after: 1 })).events.map(({ version }) => version)).toEqual([2]);
    expect(await store.read({ ...stream, patronId: 'nobody' })).toEqual({ version: 0, events: [] });
  });
});
